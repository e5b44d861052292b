import './opening.css';
import { lazy, Suspense, useState } from 'react';
import { type Act, actsOf } from '../../experiment/acts.ts';
import { presets } from '../../experiment/presets.ts';
import type { PageEvent } from '../../state/events.ts';
import { Claim } from '../claim.tsx';
import { useWidth } from '../media.tsx';
import { useDispatch, useShown } from '../page.tsx';

/** Most visits are not the first. */
const ShowOfFirstVisit = lazy(() => import('./show.tsx'));

/** What stands above the matrices: what LoRA is, then what this experiment shows. */
export function Intro() {
  const view = useShown((s) => s.view.view);
  const phone = useWidth() === 'phone' && view !== 'present';
  const shows = useShown((s) => s.show !== null);
  if (view === 'embed') return null;
  return (
    <div className="intro">
      {view === 'lab' && <Head />}
      {shows ? (
        <Suspense fallback={<div className="caption" />}>
          <ShowOfFirstVisit />
        </Suspense>
      ) : (
        <>
          <Claim short={phone || view === 'present'} />
          {view === 'lab' && <Watch />}
        </>
      )}
    </div>
  );
}

/** One line that says what LoRA is, and the way to more of it. */
function Head() {
  const open = useShown((s) => s.view.lesson === WHAT_IS_LORA);
  const dispatch = useDispatch();
  return (
    <div className="head-line">
      <h2>LoRA fine-tunes a large matrix by training two thin ones.</h2>
      {!open && (
        <button
          type="button"
          className="link"
          onClick={() => dispatch({ type: 'viewed', changes: { lesson: WHAT_IS_LORA } })}
        >
          What is LoRA?<span className="wide"> A lesson of 4 minutes</span>
        </button>
      )}
    </div>
  );
}

const WHAT_IS_LORA = 'what-is-lora';

/** What a press on the button of an experiment does on the page. */
function eventOfAct({ does }: Act): PageEvent {
  if (does === 'train') return { type: does };
  if (does === 'step') return { type: 'train', steps: 1 };
  if (does === 'merge') return { type: 'panel', panel: { name: 'merge' } };
  return { type: 'retry', changes: does };
}

/** What to watch in the experiment on screen, with its act as a button, and its limits; until it is dismissed. */
function Watch() {
  const name = useShown((s) => s.preset);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const [limits, setLimits] = useState<string | null>(null);
  const dispatch = useDispatch();
  const hidden = useShown((s) => s.view.lesson !== '');
  const trains = useShown((s) => ['idle', 'paused', 'stopped'].includes(s.run.status));
  if (name === null || name === dismissed || hidden) return null;
  const preset = presets.byName(name);
  const open = limits === name;
  return (
    <div className="watch" role="note" aria-label="About this experiment">
      <p>
        <b>Watch:</b> {preset.watch}
      </p>
      <span className="acts">
        {actsOf(name).map((act) => (
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
          <b>Limits:</b> {preset.limits}
        </p>
      )}
    </div>
  );
}
