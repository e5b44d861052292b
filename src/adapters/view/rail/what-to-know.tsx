import { count } from '../../../experiment/numbers.ts';
import type { Adapter, Warning } from '../../file/model.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import { useAdapters, useAdaptersDispatch } from '../context.tsx';
import { Names } from '../names.tsx';

/** What stands out in a file, why, and what can be done about it. */
export function WhatToKnow({ file: { adapter, warnings, reading, asksAlpha } }: { readonly file: OpenedFile }) {
  if (warnings.length === 0 || asksAlpha || (reading && !reading.stopped)) return null;
  return (
    <section>
      <h2>What to know</h2>
      <ul className="know">
        {warnings.map((one) => (
          <Known key={one.about} warning={one} names={one.acts.includes('names') ? namesOf(adapter, one.about) : []} />
        ))}
      </ul>
    </section>
  );
}

const SIGNS: Readonly<Record<Warning['tone'], string>> = { bad: 'bad', look: '', fine: 'fine' };

/** Tensors beside the modules, by name. */
function namesOf({ others, unpaired }: Adapter, about: string): readonly string[] {
  return about === 'unpaired' ? unpaired.map(([{ name }, why]) => `${name}: ${why}`) : others.map(({ name }) => name);
}

interface KnownProps {
  readonly warning: Warning;
  readonly names: readonly string[];
}

function Known({ warning: { about, tone, title, details, acts }, names }: KnownProps) {
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
      {names.length > 0 && (
        <details>
          <summary>{names.length === 1 ? 'Show the name' : `Show all ${count(names.length)} names`}</summary>
          <Names of={names} />
        </details>
      )}
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
