import { memo } from 'react';
import { count } from '../../experiment/numbers.ts';
import { readGoal } from '../../experiment/plan/goal.ts';
import { isAutomatic } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { View } from '../../experiment/settings/view.ts';
import { Button } from '../../kit/button.tsx';
import { Press } from '../../ui/page.tsx';
import { Copyable } from '../../ui/panels/copyable.tsx';
import { embedCode, embedHeight } from '../../ui/panels/embed-code.ts';
import { CodeToScan } from './code-to-scan.tsx';
import { goalText } from './goal-words.ts';
import { bytesOf, MAX_BYTES, MAX_PLAIN_BYTES, QrCode } from './qr-code.tsx';
import { PREVIEW } from './student-page.tsx';

interface HandOutProps {
  readonly link: string;
  readonly view: View;
  readonly e: Experiment;
}

export const HandOut = memo(function HandOut({ link, embed, view, e }: HandOutProps & { readonly embed: string }) {
  const bytes = bytesOf(link);
  return (
    <>
      <div className="hand-out">
        <div>
          <Copyable label="Link" text={link} rows={7} name="Copy link">
            <a className="btn" href={link} target="_blank" rel="noopener">
              Open as a student
            </a>
            <Button onClick={() => window.print()}>Print a sheet</Button>
            <a
              className="btn"
              href={`${link.replace(/&(view|lesson)=[\w-]+/g, '')}&view=wall`}
              target="_blank"
              rel="noopener"
            >
              Open the wall
            </a>
          </Copyable>
          <p className="note space-above">
            {count(link.length)} characters.{' '}
            {isAutomatic(e)
              ? 'The learning rate is left out, so it stays automatic until a student sets it.'
              : 'The learning rate was set in the lab, so the link holds it.'}
          </p>
          {/* Hard to scan, or too long. */}
          {bytes > MAX_PLAIN_BYTES && (
            <p className="note" role="status">
              {bytes <= MAX_BYTES
                ? `The link is long (${count(bytes)} bytes), so its code is fine-grained: from the last row a phone may not read it. A shorter task helps.`
                : `The link is too long for a QR code (${count(bytes)} bytes; the most is ${count(MAX_BYTES)}). Hand it out as a file instead.`}
            </p>
          )}
          <details>
            <summary>Embed in another page</summary>
            <Copyable label="HTML for your page" text={embedCode(embed, embedHeight(e, view))} rows={4} />
          </details>
        </div>
        <div className="code">
          {bytes <= MAX_BYTES ? (
            <CodeToScan text={link} title={view.title || 'LoRA Explorer'} file="lora-explorer-class-link" />
          ) : (
            <Press event={{ type: 'command', session: PREVIEW, command: 'save-run' }}>Save as a run file</Press>
          )}
        </div>
      </div>
      <Sheet link={link} view={view} />
    </>
  );
});

function Sheet({ link, view: { title, task, goal: text } }: Omit<HandOutProps, 'e'>) {
  const { goal } = readGoal(text);
  return (
    <section className="sheet" aria-label="Sheet to print">
      <h2>{title || 'LoRA Explorer'}</h2>
      {task !== '' && <p className="task">{task}</p>}
      {goal && <p>Goal: {goalText(goal)}</p>}
      <QrCode text={link} />
      <p className="address">{link}</p>
    </section>
  );
}
