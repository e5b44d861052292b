import type { Warning } from '../../../adapter/model.ts';
import type { OpenedFile } from '../../../state/adapters/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';

/** What stands out in a file, why, and what can be done about it. */
export function WhatToKnow({ file: { warnings, reading, asksAlpha } }: { readonly file: OpenedFile }) {
  if (warnings.length === 0 || asksAlpha || (reading && !reading.stopped)) return null;
  return (
    <section>
      <h3>What to know</h3>
      <ul className="know">
        {warnings.map((one) => (
          <Known key={one.about} warning={one} />
        ))}
      </ul>
    </section>
  );
}

const SIGNS: Readonly<Record<Warning['tone'], string>> = { bad: 'bad', look: '', fine: 'fine' };

function Known({ warning: { about, tone, title, details, acts } }: { readonly warning: Warning }) {
  const dispatch = useAdaptersDispatch();
  const pointed = useAdapters((s) => s.pointed === about);
  const show = () => {
    dispatch({ type: 'tab', tab: 'overview' });
    dispatch({ type: 'point', about: pointed ? null : about });
  };
  return (
    <li className={SIGNS[tone]}>
      {tone === 'fine' ? title : <b>{title}</b>}
      <span>{details}</span>
      {acts.includes('show') && (
        <button type="button" className="link" aria-pressed={pointed} aria-label={`Show: ${title}`} onClick={show}>
          Show
        </button>
      )}
      {acts.includes('resize') && (
        <button
          type="button"
          className="link"
          aria-label={`Resize: ${title}`}
          onClick={() => dispatch({ type: 'tab', tab: 'resize' })}
        >
          Resize
        </button>
      )}
      {acts.includes('alpha') && (
        <button
          type="button"
          className="link"
          aria-label={`Change: ${title}`}
          onClick={() => dispatch({ type: 'alpha', answer: 'ask' })}
        >
          Change
        </button>
      )}
    </li>
  );
}
