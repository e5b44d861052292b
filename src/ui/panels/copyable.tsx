import { Button } from '../../kit/button.tsx';
import './copyable.css';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface CopyableProps {
  readonly label: string;
  readonly text: string;
  readonly rows?: number;
  /** Copied as soon as it is shown, since a click asked for it. */
  readonly atOnce?: boolean;
  readonly name?: string;
  readonly children?: ReactNode;
}

export function Copyable({ label, text, rows = 2, atOnce = false, name = 'Copy', children }: CopyableProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (atOnce) void copyText(text).then((copied) => copied && setSaid('Copied.'));
  }, [atOnce, text]);
  const copy = async () => {
    field.current?.select();
    const copied = await copyText(text);
    setSaid(copied ? 'Copied.' : 'The browser does not let this page copy. The text is selected: press Ctrl+C.');
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
        <Button className={children ? 'btn main' : 'btn'} onClick={() => void copy()}>
          {name}
        </Button>
        {children}
        <span role="status">{said}</span>
      </div>
    </div>
  );
}

/** Resolves to whether the browser allowed it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
