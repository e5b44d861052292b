import { useRef, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Press } from '../../ui/page.tsx';
import { QrCode } from './qr-code.tsx';

interface CodeProps {
  readonly text: string;
  readonly of?: string;
  /** Above the large code. */
  readonly title: string;
  /** Name of the picture, without its ending. */
  readonly file: string;
}

/** The QR code of a link, to scan, enlarge or save. */
export function CodeToScan({ file, ...code }: CodeProps) {
  const [large, setLarge] = useState(false);
  return (
    <>
      <QrCode text={code.text} of={code.of} />
      <div className="row">
        <Button onClick={() => setLarge(true)}>Show large</Button>
        <Press event={{ type: 'command', command: { qr: code.text, name: file } }}>Save PNG</Press>
      </div>
      {large && <LargeCode {...code} onClose={() => setLarge(false)} />}
    </>
  );
}

function LargeCode({ text, of, title, onClose }: Omit<CodeProps, 'file'> & { readonly onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  const open = (dialog: HTMLDialogElement | null) => {
    if (dialog && !dialog.open) dialog.showModal();
    close.current?.focus();
  };
  return (
    <dialog ref={open} className="large-code" aria-label="QR code, large" onClose={onClose}>
      <h2>{title}</h2>
      <QrCode text={text} of={of} />
      <Button ref={close} onClick={onClose}>
        Close <kbd>Esc</kbd>
      </Button>
    </dialog>
  );
}
