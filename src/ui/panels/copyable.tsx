import { useId, useRef, useState } from 'react';

interface CopyableProps {
  readonly label: string;
  readonly text: string;
  readonly rows?: number;
}

/** A text to take away: read-only, selected by a click, copied by a button. */
export function Copyable({ label, text, rows = 2 }: CopyableProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [said, setSaid] = useState('');
  const copy = async () => {
    field.current?.select();
    const copied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(copied ? 'Copied.' : 'The browser does not let this page copy: the text is selected, press Ctrl C.');
  };
  return (
    <div className="copyable">
      <label htmlFor={id}>{label}</label>
      <textarea
        ref={field}
        id={id}
        readOnly
        rows={rows}
        spellCheck={false}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className="row">
        <button type="button" className="btn" onClick={() => void copy()}>
          Copy
        </button>
        <span role="status">{said}</span>
      </div>
    </div>
  );
}
