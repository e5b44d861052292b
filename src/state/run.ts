import type { Experiment } from '../experiment/params.ts';
import type { DoneMessage, FailedMessage, FrameMessage, ReadyMessage, Up } from '../protocol/messages.ts';
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
import { cutAfter, extend } from './trace.ts';

/** Asks for new matrices. The run on screen stays until they exist. */
export function restart(
  state: State,
  experiment: Experiment,
  start: Next['start'],
  fallback = state.experiment,
): State {
  const number = (state.next?.run.number ?? state.run.number) + 1;
  const before = state.next?.before ?? state.run.status;
  const cleared = withoutNotices(state, ['run']);
  return {
    ...cleared,
    experiment,
    next: { run: newRun(number, experiment), before, fallback, start, steps: null },
    run: { ...state.run, status: 'preparing', scripted: false },
  };
}

/** Asks for the matrices of the run on screen again and for its steps to be repeated, so that it can go on. */
export function resume(state: State, start: Next['start']): State {
  const { run } = state;
  const number = (state.next?.run.number ?? run.number) + 1;
  const again: Run = {
    ...run,
    number,
    status: 'preparing',
    replay: { to: lastStep(run), changes: run.changes },
    workerStep: 0,
  };
  const before = run.status === 'training' ? 'paused' : run.status;
  return {
    ...withoutNotices(state, ['run']),
    next: { run: again, before, fallback: state.experiment, start, steps: null },
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
    status: known ? next.before : 'idle',
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
  return goes ? train(after, next.steps, next.run.scripted) : after;
}

function cellInside(state: State, ready: ReadyMessage): State['cell'] {
  const { cell } = state;
  return cell && cell.row < ready.d && cell.column < ready.k ? cell : null;
}

function onFrame(state: State, frame: FrameMessage): State {
  const { run } = state;
  const step = frame.from + frame.loss.length - 1;
  // Repeated steps of a run that is known are not shown again: what was recorded stays as it was.
  const repeats = (run.replay && step <= run.replay.to) || (run.recorded && step <= lastStep(run));
  if (repeats) return { ...state, run: { ...run, workerStep: step } };
  const { spectrum, alignment, A, B } = frame;
  const changes = frame.changes.filter((c) => c.step > 0 && !(run.replay && c.step <= run.replay.to && step < c.step));
  const atStart = step === 0 && frame.changes.length > 0;
  return {
    ...state,
    ghost: step > 0 ? null : state.ghost,
    run: {
      ...run,
      trace: extend(run.trace, frame),
      frames: keep(run.frames, { step, A, B, spectrum, alignment }),
      changes: changes.length > 0 ? [...run.changes, ...changes] : run.changes,
      workerStep: step,
      secondsPerStep: frame.secondsPerStep || run.secondsPerStep,
      // A change before the first step belongs to the start of the run.
      ...(atStart && { experiment: state.experiment, rate: rateIn(frame, run) }),
    },
  };
}

function rateIn(frame: FrameMessage, run: Run): number | null {
  const change = frame.changes.filter((c) => c.key === 'lr').at(-1);
  return typeof change?.value === 'number' ? change.value : run.rate;
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
  return { ...state, next: null, experiment: next.fallback, run: { ...run, status, progress: null, workerStep: -1 } };
}

/** Trains up to the budget, or `steps` more. A run of which the worker does not hold the end is repeated first. */
export function train(state: State, steps: number | null, scripted: boolean): State {
  const { run, next, experiment } = state;
  if (next) return { ...state, next: { ...next, start: 'yes', steps, run: { ...next.run, scripted } } };
  if (!run.ready || run.status === 'training' || run.status === 'converged' || run.status === 'diverged') return state;
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
