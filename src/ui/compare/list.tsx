import { goTo } from '../../state/places.ts';
import './list.css';
import { count, number } from '../../experiment/numbers.ts';
import type { ListedRun } from '../../state/compare/compare.ts';
import { listedPin } from '../../state/compare/pins.ts';
import { lastStep } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { Press, useLab, useLabObject } from '../page.tsx';
import { changedWords } from '../words/run-names.ts';
import { useRunPointer } from './use-run-pointer.ts';

/** Runs of this session in place of the rail, newest first; a press restores one. */
export default function RunList() {
  const listed = useLab((s) => s.compare.listed);
  const pointing = useRunPointer();
  return (
    <aside className="rail list" aria-label="Runs of this session">
      <div className="head">
        <h2>Runs of this session</h2>
        <Press className="link" event={goTo('lab')}>
          Settings
        </Press>
      </div>
      {listed.length === 0 && (
        <p className="none muted">Every run you train is listed here until you close the page.</p>
      )}
      <ol reversed {...pointing}>
        {listed.toReversed().map((run) => (
          <Entry key={run.place} run={run} />
        ))}
      </ol>
      <div className="ends wrap muted foot">
        <span>Kept until this page is closed.</span>
        {listed.length > 0 && (
          <Press className="link" event={{ type: 'command', command: 'save-runs' }}>
            Save as CSV
          </Press>
        )}
      </div>
    </aside>
  );
}

function Entry({ run }: { readonly run: ListedRun }) {
  const { here, id } = useLabObject((s) => standingOf(s, run));
  const { place, steps, status, before, experiment } = run;
  const changed = before === null ? 'first settings' : (changedWords(before, experiment) ?? 'the same settings');
  const diverged = status === 'diverged';
  return (
    <li aria-current={here || undefined} data-run={here ? 'live' : (id ?? undefined)}>
      <Press
        className="cut again"
        title={`Run ${place}: ${changed}. Puts its settings and its result back on screen`}
        event={{ type: 'compare', does: 'restore', place }}
      >
        <span className="muted nth">{place}</span> {changed}
      </Press>
      <span className="value at-right whole">
        {diverged ? <span className="bad-word">▲ diverged</span> : <Result {...run} />}
      </span>
      <span className="row muted whole below">
        <Curve run={run} />
        {diverged ? `step ${count(steps)}` : `${count(steps)} ${steps === 1 ? 'step' : 'steps'}`}
      </span>
      <span className="row pins">
        {here && <span className="note">on screen</span>}
        <Press
          className={id === null ? 'link' : 'link on'}
          aria-label={id === null ? `Pin run ${place}` : `Unpin run ${place}`}
          event={{ type: 'compare', does: 'pin-listed', place }}
        >
          {id !== null && (
            <svg className="ring" viewBox="0 0 10 10" aria-hidden="true">
              <circle cx="5" cy="5" r="3.8" />
            </svg>
          )}
          {id === null ? 'pin' : 'unpin'}
        </Press>
      </span>
    </li>
  );
}

/** The relative error, or of a network the share of held-out examples of the new task that it answers right. */
function Result({ error, accuracy }: Pick<ListedRun, 'error' | 'accuracy'>) {
  if (error !== null) return <b>{number(error)}</b>;
  if (accuracy === null || accuracy === undefined) return <b>–</b>;
  return (
    <>
      <b>{accuracy.toFixed(3)}</b> right
    </>
  );
}

function standingOf(state: State, run: ListedRun) {
  const shown = state.next?.run ?? state.run;
  return {
    here: shown.origin === run.origin && (lastStep(shown) === run.steps || state.next === null),
    id: listedPin(state, run)?.id ?? null,
  };
}

const [WIDE, HIGH] = [88, 14];

function Curve({ run: { curve, status } }: { readonly run: ListedRun }) {
  const x = (i: number) => 1 + (i * (WIDE - 5)) / Math.max(1, curve.length - 1);
  const y = (v: number) => HIGH - 1 - Math.max(0, Math.min(1, Number.isFinite(v) ? v : 1)) * (HIGH - 3);
  const points = curve.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`);
  const last = points.at(-1)?.split(',') ?? ['0', '0'];
  return (
    <svg className={status === 'diverged' ? 'curve bad' : 'curve'} viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden="true">
      <path className="ground" d={`M0 ${HIGH - 0.5}H${WIDE - 3}`} />
      <path d={`M${points.join('L')}`} />
      <circle cx={last[0]} cy={last[1]} r="2" />
    </svg>
  );
}
