import type { Experiment } from '../experiment/params.ts';
import type { Change, DoneMessage, FailedMessage, FrameMessage, ReadyMessage, Up } from '../protocol/messages.ts';
import { keep } from './frames.ts';
import {
  brokenNotice,
  deviceLostNotice,
  divergedNotice,
  engineNotice,
  longRunNotice,
  refusedNotice,
  withNotice,
  withoutNotices,
} from './notices.ts';
import { lastStep, type Next, newRun, type Run, type State } from './state.ts';
import { cutAfter, extend, TRACE_KEYS, type TraceKey } from './trace.ts';

/** Settings with the drawing that belongs to them. */
export function withExperiment(state: State, experiment: Experiment): State {
  return { ...state, experiment, drawing: state.drawings.get(experiment.data) ?? null };
}

/** Asks for new matrices. The run on screen stays until they exist. */
export function restart(
  state: State,
  experiment: Experiment,
  start: Next['start'],
  fallback = state.experiment,
): State {
  const number = state.lastNumber + 1;
  const before = state.next?.before ?? state.run.status;
  return {
    ...withExperiment(withoutNotices(state, ['run']), experiment),
    lastNumber: number,
    next: { run: newRun(number, experiment), before, fallback, start, steps: null, after: null },
    run: { ...state.run, status: 'preparing', scripted: false },
  };
}

/** Asks for the matrices of the run on screen again and for its steps to be repeated, so that it can go on. */
export function resume(state: State, start: Next['start']): State {
  const { run } = state;
  const number = state.lastNumber + 1;
  const replay = { to: lastStep(run), changes: run.changes };
  const again: Run = { ...run, number, status: 'preparing', replay, workerStep: 0, progress: null };
  const stopped = run.status === 'training' || run.status === 'device-lost' || run.status === 'stopped';
  return {
    ...withoutNotices(state, ['run']),
    lastNumber: number,
    next: {
      run: again,
      before: run.status === 'training' ? 'paused' : run.status,
      fallback: state.experiment,
      start,
      steps: null,
      after: stopped ? 'paused' : run.status,
    },
    run: { ...run, status: 'preparing' },
  };
}

/** What the worker had to say. Messages of an old run are dropped. */
export function onEngine(state: State, message: Up): State {
  if (message.type === 'beat') return state;
  const { next } = state;
  if (next && message.run === next.run.number) {
    if (message.type === 'progress') {
      const progress = { stage: message.stage, fraction: message.fraction };
      return { ...state, next: { ...next, run: { ...next.run, progress } } };
    }
    if (message.type === 'ready') return onReady(state, next, message);
    if (message.type === 'failed') return onFailed(state, message);
    return state;
  }
  if (next || message.run !== state.run.number) return state;
  switch (message.type) {
    case 'frame':
      return onFrame(state, message);
    case 'done':
      return onDone(state, message);
    case 'failed':
      return onFailed(state, message);
    default:
      return state;
  }
}

function onReady(state: State, next: Next, ready: ReadyMessage): State {
  const known = next.run.replay !== null || next.run.recorded;
  const old = state.run;
  const run: Run = {
    ...next.run,
    ready,
    rate: next.run.rate ?? ready.rate,
    engine: ready.engine,
    secondsPerStep: ready.secondsPerStep,
    progress: null,
    // The worker repeats the known steps before it takes any further wish.
    workerStep: next.run.replay?.to ?? 0,
    status: next.after ?? 'idle',
  };
  const sameSize = old.ready !== null && old.ready.d === ready.d && old.ready.k === ready.k;
  const ghost =
    !known && sameSize && lastStep(old) > 0
      ? { trace: old.trace, frames: old.frames, rank: old.ready?.rank ?? 1 }
      : null;
  let after: State = {
    ...state,
    run,
    next: null,
    ghost,
    look: known ? state.look : null,
    cell: cellInside(state, ready),
  };
  const news = engineNotice(after);
  if (news && old.engine?.why !== ready.engine.why) after = withNotice(after, news);
  if (!news && old.engine?.why) after = withoutNotices(after, ['engine']);
  const long = next.start === 'yes' ? null : longRunNotice(after);
  if (long && next.start === 'link') after = withNotice(after, long);
  const goes = next.start === 'yes' || (next.start === 'link' && after.experiment.run && !long);
  if (next.start === 'link' && after.hidden) return after;
  return goes ? train(after, next.steps, next.run.scripted) : after;
}

function cellInside(state: State, ready: ReadyMessage): State['cell'] {
  const { cell } = state;
  return cell && cell.row < ready.d && cell.column < ready.k ? cell : null;
}

function onFrame(state: State, frame: FrameMessage): State {
  const { run } = state;
  const step = frame.from + frame.loss.length - 1;
  const fresh = frame.changes.filter(
    (c) => c.step > 0 && !run.changes.some((k) => k.step === c.step && k.key === c.key && k.value === c.value),
  );
  const atStart = frame.changes.filter((c) => c.step === 0);
  // Repeated steps of a run that is known are not shown again: what was recorded stays as it was.
  const known = run.replay?.to ?? (run.recorded ? lastStep(run) : -1);
  if (step <= known && fresh.length === 0) return { ...state, run: { ...run, workerStep: step } };
  const first = known < 0 ? frame.from : Math.max(frame.from, Math.min(known + 1, ...fresh.map((c) => c.step)));
  const { spectrum, alignment, A, B } = frame;
  return {
    ...state,
    ghost: step > 0 ? null : state.ghost,
    run: {
      ...run,
      trace: extend(run.trace, startingAt(frame, first)),
      frames: keep(run.frames, { step, A, B, spectrum, alignment }),
      changes: fresh.length > 0 ? [...run.changes, ...fresh] : run.changes,
      workerStep: step,
      replay: null,
      secondsPerStep: frame.secondsPerStep || run.secondsPerStep,
      // A change before the first step belongs to the start of the run.
      ...(atStart.length > 0 && known < 0 && started(run, atStart)),
    },
  };
}

/** The entries of a frame from a step on. */
function startingAt(frame: FrameMessage, first: number): Pick<FrameMessage, 'from' | TraceKey> {
  const skipped = first - frame.from;
  const lists = TRACE_KEYS.map((key) => [key, frame[key].subarray(skipped)]);
  return { from: first, ...(Object.fromEntries(lists) as Record<TraceKey, Float64Array>) };
}

/** The start of a run after changes that were made before its first step. */
function started(run: Run, changes: readonly Change[]): Pick<Run, 'experiment' | 'rate'> {
  const settings = Object.fromEntries(changes.filter((c) => c.key !== 'lr').map((c) => [c.key, c.value]));
  const rate = changes.findLast((c) => c.key === 'lr')?.value;
  return { experiment: { ...run.experiment, ...settings }, rate: typeof rate === 'number' ? rate : run.rate };
}

function onDone(state: State, done: DoneMessage): State {
  const { run } = state;
  if (done.order !== run.wanted.order) return state;
  const trace = done.ending === 'diverged' ? cutAfter(run.trace, done.step) : run.trace;
  const frames = done.ending === 'diverged' ? run.frames.filter((f) => f.step <= done.step) : run.frames;
  const after: State = {
    ...state,
    run: { ...run, trace, frames, status: done.ending, scripted: false, workerStep: done.step },
  };
  return done.ending === 'diverged' ? withNotice(after, divergedNotice(after, done.step)) : after;
}

function onFailed(state: State, failed: FailedMessage): State {
  if (failed.kind === 'refused') return withNotice(giveUp(state), refusedNotice(failed.why));
  const { next } = state;
  const base: State = next ? giveUp(state) : state;
  const lost = failed.kind === 'device-lost';
  const run: Run = {
    ...base.run,
    status: lost ? 'device-lost' : 'stopped',
    scripted: false,
    workerStep: -1,
    pausedByHiding: false,
  };
  const notice = lost ? deviceLostNotice(Math.max(0, lastStep(run))) : brokenNotice(failed.why);
  return withNotice({ ...base, run }, notice);
}

/** Goes back to how things stood before the run in preparation was asked for. */
export function giveUp(state: State): State {
  const { next, run } = state;
  if (!next) return state;
  const status =
    next.before === 'training' || next.before === 'preparing' ? (run.ready ? 'paused' : 'stopped') : next.before;
  const back = withExperiment(state, next.fallback);
  return { ...back, next: null, run: { ...run, status, progress: null, workerStep: -1 } };
}

/** Trains up to the budget, or `steps` more. A run of which the worker does not hold the end is repeated first. */
export function train(state: State, steps: number | null, scripted: boolean): State {
  const { run, next, experiment } = state;
  if (next) return { ...state, next: { ...next, start: 'yes', steps, run: { ...next.run, scripted } } };
  if (!run.ready) {
    const asked = restart(state, experiment, 'yes');
    return train(asked, steps, scripted);
  }
  if (run.status === 'training' || run.status === 'converged' || run.status === 'diverged') return state;
  const at = Math.max(0, lastStep(run));
  const spent = at >= experiment.steps && steps === null;
  if (spent && scripted) return state;
  if (run.workerStep < at) {
    // Repeated first; then this wish comes again.
    return train(resume(state, 'yes'), steps, scripted);
  }
  let after = withoutNotices(state, ['run']);
  if (spent) {
    // "Train on": as many steps again as the run started with.
    const budget = Math.min(100_000, experiment.steps + run.experiment.steps);
    if (budget === experiment.steps) return state;
    after = { ...after, experiment: { ...experiment, steps: budget } };
  }
  const until = steps === null ? after.experiment.steps : at + steps;
  const pace = scripted ? Number.POSITIVE_INFINITY : after.experiment.pace;
  return {
    ...after,
    look: null,
    run: { ...run, status: 'training', scripted, pausedByHiding: false, wanted: wish(run, pace, until) },
  };
}

export function pause(state: State, byHiding = false): State {
  const { run } = state;
  if (run.status !== 'training') return state;
  return { ...state, run: { ...run, pausedByHiding: byHiding, wanted: wish(run, 0, run.wanted.until) } };
}

export function wish(run: Run, pace: number, until: number): Run['wanted'] {
  return { pace, until, order: run.wanted.order + 1 };
}
