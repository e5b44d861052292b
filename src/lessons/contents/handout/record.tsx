import { useCallback, useEffect, useRef, useState } from 'react';
import { isComplete, lastStep } from '../../../state/run/run.ts';
import type { State } from '../../../state/state.ts';
import { SessionProvider, useDispatch, useGetLab, useLab } from '../../../ui/page.tsx';
import { begin } from '../../pane/lesson-parts.ts';
import type { Step } from '../../step.tsx';

/** The lab as a step sets it up, and once its act is done; null if no button does that. */
export interface StepRecord {
  readonly begun: State;
  readonly done: State | null;
}

/** A separate, hidden lab. */
const SESSION = 900;

/** Whether the text or the figure of a step needs the lab. */
export const needsLab = ({ link, figure }: Step) =>
  link !== undefined && (figure?.place !== 'lab' || figure.live === true);

interface RecorderProps {
  readonly steps: readonly Step[];
  readonly keep: (step: Step, recorded: StepRecord) => void;
}

/** Sets the lab up for one step after another, does the step's act, and records the state. */
export function Recorder({ steps, keep }: RecorderProps) {
  const dispatch = useDispatch();
  const [joined, setJoined] = useState(false);
  useEffect(() => {
    // A page of text alone has no engine yet.
    dispatch({ type: 'needed' });
    dispatch({ type: 'joined', session: SESSION });
    setJoined(true);
    return () => dispatch({ type: 'left', session: SESSION });
  }, [dispatch]);
  const [step] = steps;
  return (
    joined &&
    step && (
      <SessionProvider session={SESSION}>
        <One step={step} keep={keep} />
      </SessionProvider>
    )
  );
}

const rests = ({ next, run }: State) =>
  next === null && (run.refused || (run.ready !== null && !['preparing', 'training'].includes(run.status)));

function One({ step, keep }: { readonly step: Step; readonly keep: RecorderProps['keep'] }) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const begun = useRef<{ readonly step: Step; readonly at: State | null } | null>(null);
  const [opened, setOpened] = useState<Step | null>(null);
  const stood = useLab((s) => (rests(s) ? `${s.run.number} ${s.run.status} ${lastStep(s.run)}` : ''));
  const checkState = useCallback(() => {
    const known = begun.current;
    const state = now();
    if (known?.step !== step) {
      begun.current = { step, at: null };
      return begin(
        step,
        { now, dispatch },
        () => begun.current?.step === step,
        () => setOpened(step),
      );
    }
    if (opened !== step || !rests(state)) return;
    const { act } = step;
    if (known.at === null) {
      if (step.begins === 'trained' && !isComplete(state.run) && state.run.status !== 'diverged') return;
      begun.current = { step, at: state };
      const events = act?.does?.(state) ?? [];
      if (events.length === 0) return keep(step, { begun: state, done: null });
      for (const event of events) dispatch(event);
      return checkState();
    }
    keep(step, { begun: known.at, done: act?.done(state, {}) ? state : null });
  }, [step, opened, keep, now, dispatch]);
  // Checked whenever the lab has come to rest.
  useEffect(checkState, [checkState, stood]);
  return null;
}
