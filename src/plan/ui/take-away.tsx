import { useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Choice } from '../../kit/choice.tsx';
import { sharedLinkOf } from '../../state/select.ts';
import { useLab } from '../../ui/page.tsx';
import { copyText } from '../../ui/panels/copyable.tsx';
import { configText, notebookFile, type TakeAway, type Trainer, takeAway } from '../model/trainers.ts';
import { useCost } from './use-cost.ts';

const KINDS: readonly (readonly [Trainer | 'link', string])[] = [
  ['peft', 'LoraConfig'],
  ['kohya', 'kohya'],
  ['notebook', 'notebook'],
  ['link', 'link'],
];

/** The plan as a trainer reads it, to copy or to save. */
export function TakeAwayPanel({ main }: { readonly main: boolean }) {
  const [cost] = useCost();
  const [kind, setKind] = useState<Trainer | 'link'>('peft');
  const link = useLab(sharedLinkOf);
  const found: TakeAway =
    kind === 'link'
      ? {
          text: new URL(link, location.href).href,
          file: null,
          remark: 'It opens this plan, here or on another device.',
        }
      : takeAway(cost, kind);
  return (
    <section aria-labelledby="take-away">
      <h3 id="take-away">Take it with you</h3>
      <Choice options={KINDS} value={kind} onChange={setKind} aria-label="As" />
      {'reason' in found ? (
        <p className="reason">{found.reason}</p>
      ) : (
        <>
          <pre>{found.text}</pre>
          {found.remark && <p className="note">{found.remark}</p>}
          <div className="row">
            <CopyButton key={found.text} text={found.text} className={main ? 'btn main' : 'btn'}>
              Copy
            </CopyButton>
            {found.file !== null && (
              <SaveButton name={found.file} text={kind === 'notebook' ? notebookFile(cost) : found.text} />
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** Copies the LoraConfig. */
export function CopyConfig() {
  const [cost] = useCost();
  const text = configText(cost);
  return text === null ? null : (
    <CopyButton key={text} text={text} className="btn main">
      Copy LoraConfig
    </CopyButton>
  );
}

interface CopyButtonProps {
  readonly text: string;
  readonly className: string;
  readonly children: string;
}

function CopyButton({ text, className, children }: CopyButtonProps) {
  const [said, setSaid] = useState('');
  const copy = async () =>
    setSaid((await copyText(text)) ? 'Copied' : 'The browser does not allow it: select the text.');
  return (
    <>
      <Button className={className} onClick={() => void copy()}>
        {children}
      </Button>
      <span role="status">{said}</span>
    </>
  );
}

function SaveButton({ name, text }: { readonly name: string; readonly text: string }) {
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return <Button onClick={save}>Save file</Button>;
}
