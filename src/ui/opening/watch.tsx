import { useState } from 'react';
import { type Act, wordsOf } from '../../experiment/preset-words.ts';
import type { PageEvent } from '../../state/events.ts';
import { useDispatch, useShown } from '../page.tsx';

/** What a press on the button of an experiment does on the page. */
function eventOfAct({ does }: Act): PageEvent {
  if (does === 'train') return { type: does };
  if (does === 'step') return { type: 'train', steps: 1 };
  if (does === 'merge') return { type: 'panel', panel: { name: 'merge' } };
  return { type: 'retry', changes: does };
}

/**
 * What to watch in the experiment on screen, with its acts as buttons, and its limits; until it is dismissed. Beside a sweep
 * or pins there is no act: they show the other settings already.
 */
export default function Watch({ bare = false }: { readonly bare?: boolean }) {
  const name = useShown((s) => s.preset);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [limits, setLimits] = useState<string | null>(null);
  const dispatch = useDispatch();
  const trains = useShown((s) => ['idle', 'paused', 'stopped'].includes(s.run.status));
  if (name === null || name === dismissed) return null;
  const { watch, limits: where, source, acts } = wordsOf(name);
  const open = limits === name;
  return (
    <div className="watch" role="note" aria-label="About this experiment">
      <p>
        <b>Watch:</b> {watch}
      </p>
      <span className="acts">
        {(bare ? [] : acts).map((act) => (
          <button
            key={act.label}
            type="button"
            className="btn"
            disabled={act.does === 'train' && !trains}
            onClick={() => dispatch(eventOfAct(act))}
          >
            {act.label}
          </button>
        ))}
        <button type="button" className="link" aria-expanded={open} onClick={() => setLimits(open ? null : name)}>
          Limits
        </button>
        <button type="button" className="link" aria-label="Hide this note" onClick={() => setDismissed(name)}>
          Hide
        </button>
      </span>
      {open && (
        <p className="limits">
          <b>Limits:</b> {where}
          {source && ` Source: ${source}.`}
        </p>
      )}
    </div>
  );
}
