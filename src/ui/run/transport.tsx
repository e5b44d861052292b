import { useRef } from 'react';
import { count, number, trimmed } from '../../experiment/numbers.ts';
import { Select } from '../../kit/choice.tsx';
import { useWidth } from '../../kit/media.tsx';
import { type Actions, actionsOf } from '../../state/actions.ts';
import { canPin, pinOfLive } from '../../state/compare/pins.ts';
import { isComplete, lastStep } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import { RankSlider } from '../controls/numeric.tsx';
import { useVisible } from '../controls/visible.ts';
import { useBuilt, useDispatch, useShown } from '../page.tsx';
import { LockedPart } from '../rail/locked-part.tsx';
import { isThere } from '../words/status.ts';
import { StatusLine } from './status.tsx';
import { steady, useLongPreparation } from './steady.ts';
import { Timeline } from './timeline-row.tsx';

/** The run's buttons, how it stands, and its timeline above the step charts. On a phone the dock holds those that are pressed most. */
export function Transport({ docked }: { readonly docked: boolean }) {
  // Then the dock has it.
  const compares = useShown((s) => s.screen === 'compare');
  return (
    <section className="transport" aria-label="Run">
      <div className="tp">
        {!docked && <MainButton />}
        <StepButton />
        {!docked && <RewindButton />}
        {!(docked && compares) && <PinButton />}
        <PinSaid />
        <Pace />
        <StatusLine />
      </div>
      <Timeline />
    </section>
  );
}

function useActions() {
  const long = useLongPreparation();
  return useBuilt((state) => {
    const { main, step, rewind } = actionsOf(steady(state, long));
    return { label: main.label, does: main.does, step, rewind };
  });
}

/** Train, Pause, Rewind or Cancel: whatever comes next. */
export function MainButton() {
  const { label, does } = useActions();
  const dispatch = useDispatch();
  // More steps change nothing there: another button is more worth a press.
  const spent = useShown((s) => isComplete(s.run) && isThere(s.run));
  return (
    <button
      type="button"
      className={spent ? 'btn main spent' : 'btn main'}
      onClick={() => dispatch({ type: does satisfies Actions['main']['does'] })}
    >
      {label}
    </button>
  );
}

function StepButton() {
  const { step } = useActions();
  const dispatch = useDispatch();
  return (
    <button type="button" className="btn" disabled={!step} onClick={() => dispatch({ type: 'train', steps: 1 })}>
      Step
    </button>
  );
}

/** Left out where the main button already rewinds. */
export function RewindButton() {
  const { rewind, does } = useActions();
  const dispatch = useDispatch();
  if (does === 'rewind') return null;
  return (
    <button type="button" className="btn" disabled={!rewind} onClick={() => dispatch({ type: 'rewind' })}>
      Rewind
    </button>
  );
}

/** Keeps the run on screen beside those to come; takes its pin away where it has one. */
function PinButton() {
  const pinned = useShown((s) => pinOfLive(s) !== null);
  const can = useShown(canPin);
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="btn"
      disabled={!can}
      title={pinned ? 'Take its pin away (p)' : 'Keep this run in the charts, to compare others with it (p)'}
      aria-keyshortcuts="p"
      onClick={() => dispatch({ type: 'compare', does: 'pin' })}
    >
      {pinned ? 'Unpin run' : 'Pin run'}
    </button>
  );
}

/** Said to a screen reader when a run is pinned or unpinned. */
function PinSaid() {
  const pins = useShown((s) => s.compare.pins.length);
  const error = useShown((s) => s.run.trace.series.relativeError?.[lastStep(s.run)]);
  const said = useRef({ pins, text: '' });
  if (said.current.pins !== pins) {
    const added = pins > said.current.pins;
    const value = added && error !== undefined ? `, error ${number(error)}` : '';
    said.current = { pins, text: `${added ? `Run pinned${value}` : 'Run unpinned'}, ${pins} of 4` };
  }
  return (
    <span className="unseen" aria-live="polite">
      {said.current.text}
    </span>
  );
}

const PACES = [1, 10, 50, Number.POSITIVE_INFINITY];

/** How fast a person watches: a quiet native choice beside the buttons. */
export function Pace() {
  const pace = useShown((s) => s.view.pace);
  const dispatch = useDispatch();
  // A link may ask for any pace between.
  const paces = PACES.includes(pace) ? PACES : [...PACES, pace].sort((a, b) => a - b);
  return (
    <Select
      className="pick quiet pace"
      aria-label="Pace in steps per second"
      title="Pace"
      options={paces.map((value) => [value, Number.isFinite(value) ? `${trimmed(value)}/s` : 'max'])}
      value={pace}
      onChange={(to) => dispatch({ type: 'viewed', changes: { pace: to } })}
    />
  );
}

/** At the foot of a phone, or at its side: train, rewind, the sheet with the other settings, rank, and how far the run is. */
export function Dock() {
  const phone = useWidth() === 'phone';
  const rank = useVisible('rank');
  // Runs side by side have no room for a slider beside the buttons: it is in the sheet.
  const compares = useShown((s) => s.screen === 'compare') && phone;
  const dispatch = useDispatch();
  return (
    <section className={compares ? 'dock compares' : 'dock'} aria-label="Controls">
      <div className="acts">
        <MainButton />
        {!compares && <RewindButton />}
        <button type="button" className="btn" onClick={() => dispatch({ type: 'panel', panel: { name: 'rail' } })}>
          Set up
        </button>
        {compares && <PinButton />}
        {compares && (
          <button type="button" className="btn" onClick={() => dispatch({ type: 'screen', screen: 'lab' })}>
            Back
          </button>
        )}
      </div>
      {compares ? null : rank ? (
        <RankSlider beside={<Step />} />
      ) : (
        <div>
          <LockedPart only="rank" />
          <p className="dock-step">
            <Step />
          </p>
        </div>
      )}
    </section>
  );
}

function Step() {
  const step = useShown(shownStep);
  return <> · step {count(step)}</>;
}
