import type { EngineInfo } from '../../engine/protocol/engine-info.ts';
import type { FrameMessage } from '../../engine/protocol/frame.ts';
import type {
  DoneMessage,
  EngineMessage,
  FailedMessage,
  ReadyMessage,
  ReadyModule,
  WorkerMessage,
} from '../../engine/protocol/worker-messages.ts';
import { ROUNDING } from '../../experiment/layer/floor.ts';
import { type Contradiction, type HistoryModule, scalingAt } from '../../experiment/run-file/run-record.ts';
import { diffKeys } from '../../experiment/settings/experiment.ts';
import type { Change } from '../../experiment/settings/params.ts';
import {
  bugNotice,
  deadNotice,
  deviceLostNotice,
  divergedNotice,
  engineNotice,
  longRunNotice,
  refusalNotice,
  withNotice,
  withoutNotices,
} from '../notices.ts';
import { reachOf, zeroFactorAtStart } from '../select.ts';
import type { PendingRun, State } from '../state.ts';
import {
  abandonRun,
  isAgain,
  isInstantRun,
  isShortRun,
  restart,
  stoppedRun,
  stopRefusedRun,
  train,
  trainTarget,
} from './begin.ts';
import { compactRun } from './compact-run.ts';
import { frameContradictions, startContradictions, withContradictions } from './contradictions.ts';
import {
  addExtremes,
  addFrame,
  addLosses,
  addSamples,
  lossesUntil,
  withDeferredSamples,
  withoutFactors,
} from './history.ts';
import { listed, stands } from './listed-runs.ts';
import {
  entriesFrom,
  extend,
  lastStep,
  type Run,
  shownModule,
  targetNorm,
  traceUpTo,
  withBackendSpan,
  withFound,
} from './run.ts';

/** Of an error or a loss, and of ‖ΔW*‖: float32 and other back ends differ by less for the same A and B. */
const SHARE = 5e-3;
const SHARE_OF_NORM = 2e-4;

/**
 * Where the last error or loss of a file is not that of its last A and B, ‖s·B·A − ΔW*‖_F/‖ΔW*‖_F and ½‖s·B·A −
 * ΔW*‖²_F; or, if ΔW* is not available, an error below the floor. Empty before the matrices of its link exist.
 */
export function endContradictions(run: Run): readonly Contradiction[] {
  const { ready, recorded, trace, frames } = run;
  const step = lastStep(run);
  if (!recorded || !ready || step < 0) return [];
  const end = frames.find((frame) => frame.step === step);
  const error = trace.series.relativeError?.[step] ?? Number.NaN;
  const own = end ? missing(ready.modules, end.modules, scalingAt(run)) : null;
  if (own === null) return Number.isFinite(error) ? belowFloor(run, step, error) : [];
  const norm = targetNorm(ready);
  const found: Contradiction[] = [];
  if (Number.isFinite(error) && norm > 0 && apart(error, own / norm, SHARE_OF_NORM))
    found.push({ of: 'last error', step, recorded: error, own: own / norm });
  // With samples the loss is that of a batch.
  const loss = trace.series.loss[step];
  if (!ready.samples && apart(Math.sqrt(2 * loss), own, SHARE_OF_NORM * norm))
    found.push({ of: 'own loss', step, recorded: loss, own: own ** 2 / 2 });
  return found;
}

function belowFloor(run: Run, step: number, error: number): readonly Contradiction[] {
  const reach = reachOf(run);
  if (!reach || reach.floor === null) return [];
  const min = reach.floor - reach.open;
  return error < min - Math.max(ROUNDING, SHARE * min) ? [{ of: 'floor', step, recorded: error, own: min }] : [];
}

const apart = (a: number, b: number, rounding: number) => !(Math.abs(a - b) <= SHARE * Math.max(a, b) + rounding);

/** ‖ΔW − ΔW*‖_F of these factors over all modules; null if a ΔW* is not listed, or factors have another size. */
function missing(modules: readonly ReadyModule[], ends: readonly HistoryModule[], scaling: number): number | null {
  const squares = modules.map((module, i) => squareMissing(module, ends[i], scaling));
  return squares.includes(null) ? null : Math.sqrt(squares.reduce<number>((sum, square) => sum + (square ?? 0), 0));
}

function squareMissing(module: ReadyModule, { A, B }: HistoryModule, scaling: number): number | null {
  const { d, k, rank, moved } = module;
  const wanted = module.wanted?.matrix;
  if (!wanted || A.length !== rank * k || B.length !== d * rank) return null;
  const row = new Float64Array(k);
  let square = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) row[j] = -wanted[i * k + j];
    addRow(row, B, A, i, rank, scaling);
    // The part moved out of W₀ does not belong to the update.
    if (moved) addRow(row, module.B, module.A, i, rank, -moved.scaling);
    for (const value of row) square += value * value;
  }
  return square;
}

/** Adds row i of scaling·B·A. */
function addRow(row: Float64Array, B: Float32Array, A: Float32Array, i: number, rank: number, scaling: number): void {
  const k = row.length;
  for (let r = 0; r < rank; r++) {
    const b = scaling * B[i * rank + r];
    if (b !== 0) for (let j = 0; j < k; j++) row[j] += b * A[r * k + j];
  }
}

/** Applies a message of the worker. Messages of an old run are dropped. */
export function updateFromWorker(state: State, message: WorkerMessage): State {
  if (message.type === 'beat') return state;
  const { next } = state;
  if (next && message.run === next.run.number) {
    if (message.type === 'progress') {
      const progress = { stage: message.stage, fraction: message.fraction };
      return { ...state, next: { ...next, run: { ...next.run, progress } } };
    }
    if (message.type === 'ready') return onReady(state, next, message);
    if (message.type === 'failed') return onFailed(state, message);
    return next.behind ? onBehind(state, next, message) : state;
  }
  if (next || message.run !== state.run.number) return state;
  switch (message.type) {
    case 'frame':
      return onFrame(state, message);
    case 'engine':
      return onEngineNews(state, message);
    case 'extremes':
      return { ...state, run: { ...state.run, extremes: addExtremes(state.run.extremes, message) } };
    case 'spectra':
      return { ...state, run: { ...state.run, samples: withDeferredSamples(state.run, message.samples) } };
    case 'found':
      return { ...state, run: withFound(state.run, message.floor) };
    case 'done':
      return onDone(state, message);
    case 'failed':
      return onFailed(state, message);
    default:
      return state;
  }
}

function onEngineNews(state: State, { engine, from, secondsPerStep }: EngineMessage): State {
  const { run } = state;
  const { backend, device } = engine;
  // Repeated steps count for the back end that computed them first.
  const first = Math.max(from, run.replay?.to ?? 0);
  const moved =
    run.recorded && run.workerStep < lastStep(run)
      ? run.computed
      : withBackendSpan(run.computed, { from: first, backend, device });
  return {
    ...state,
    run: { ...run, engine, computed: moved, secondsPerStep: secondsPerStep || run.secondsPerStep },
  };
}

/** The next run trains in the background until it has ended or turns out to be slow. */
function onBehind(state: State, next: PendingRun, message: WorkerMessage): State {
  const { run, notices } = updateFromWorker({ ...state, run: next.run, next: null }, message);
  if (run.status === 'training' && isShortRun(run)) return { ...state, next: { ...next, run } };
  return stands(onScreen({ ...state, notices }, next, run));
}

/** The matrices of the next run exist: it replaces the run on screen, or trains in the background first. */
function onReady(state: State, next: PendingRun, ready: ReadyMessage): State {
  const run: Run = {
    ...next.run,
    ready,
    modules: ready.modules.map(({ name, d, k, rank }) => ({ name, d, k, rank })),
    rate: next.run.rate ?? ready.rate,
    engine: ready.engine,
    computed: computedFrom(next.run, ready.engine),
    secondsPerStep: ready.secondsPerStep,
    progress: null,
    frames: withFittingAnswers(next.run.frames, ready.network),
    // The worker repeats the known steps before it accepts another request.
    workerStep: next.run.replay?.to ?? 0,
    status: next.after ?? 'idle',
  };
  if (isAgain(next) && isShortRun(run)) {
    const wanted = trainTarget(run, Number.POSITIVE_INFINITY, run.experiment.steps);
    return { ...state, next: { ...next, run: { ...run, status: 'training', wanted }, behind: true } };
  }
  const after = onScreen(state, next, run);
  if (after.next) return after;
  const sure = next.start === 'yes' || next.start === 'quick';
  const long = sure ? null : longRunNotice(after);
  // Too long to be trained before it is shown: the visitor is asked.
  const linked = next.start === 'link' || (next.start === 'again' && next.opened);
  const asked = long && linked ? withNotice(after, long) : after;
  const goes = sure || (next.start === 'link' && asked.view.run && !long && !asked.hidden);
  return stands(goes ? train(asked, { ...next.run, steps: next.steps }) : asked);
}

/** Without answers, from a file, that are not those of this network. */
function withFittingAnswers(frames: Run['frames'], network: ReadyMessage['network']): Run['frames'] {
  if (frames.every(({ answers }) => !answers)) return frames;
  const classes = network?.layers.at(-1)?.d ?? 0;
  const fits = (answers: Uint8Array, set: { readonly answers: Uint8Array } | undefined) =>
    answers.length === set?.answers.length && answers.every((answer) => answer < classes);
  return frames.map(({ answers, ...frame }) =>
    answers && fits(answers.heldOut, network?.heldOut) && fits(answers.old, network?.old)
      ? { ...frame, answers }
      : frame,
  );
}

function onScreen(state: State, next: PendingRun, run: Run): State {
  const known = next.run.replay !== null || next.run.recorded;
  const old = state.run;
  const now = shownModule({ run, view: state.view });
  let after: State = {
    ...(run.origin === old.origin ? state : listed(state)),
    run,
    next: null,
    ghost: known || next.opened || next.start === 'link' ? null : ghostOf(state, next),
    look: known ? state.look : null,
    cell: now && clampedCell(state.cell, now),
  };
  // Notices about a file go with its run.
  if (!next.run.replay) after = withoutNotices(after, ['recorded']);
  after = withContradictions(after, [...startContradictions(run), ...endContradictions(run)]);
  const news = engineNotice(after);
  if (news && old.engine?.why !== run.engine?.why) after = withNotice(after, news);
  if (!news && old.engine?.why) after = withoutNotices(after, ['engine']);
  // Settings changed in the meantime come next.
  if (!isAgain(next) || diffKeys(run.experiment, state.experiment).length === 0) return after;
  const slow = next.start === 'quick' ? 'yes' : 'no';
  return restart(after, state.experiment, isInstantRun(run, state.experiment) ? next.start : slow, run.experiment);
}

/**
 * The run on screen or, if it has no step, the previous one, to compare with a run of the same size. Next to a run that
 * was trained again it is the run that Undo leads back to: a drag passes many.
 */
function ghostOf({ run, ghost, past }: State, next: PendingRun): State['ghost'] {
  const now = next.run.experiment;
  const known = isAgain(next) ? past.at(-1)?.run : null;
  const old = known ?? (lastStep(run) > 0 ? compactRun(run, run.status) : null);
  const { d, k } = (old ?? ghost)?.experiment ?? now;
  if (d !== now.d || k !== now.k) return null;
  return old ? { ...old, frames: (known ?? run).frames.map(withoutFactors) } : ghost;
}

/** A recorded run keeps its file's back ends until it continues here; a run without a step begins here. */
function computedFrom(run: Run, { backend, device }: EngineInfo): Run['computed'] {
  const { computed, recorded, replay } = run;
  if (recorded && !replay && lastStep(run) > 0) return computed;
  return withBackendSpan(computed, { from: replay?.to ?? 0, backend, device });
}

/** The pointer may still be on a cell of a larger matrix. */
export function clampedCell(cell: State['cell'], { d, k }: ReadyModule): State['cell'] {
  return cell && cell.row < d && cell.column < k ? cell : null;
}

/** Steps of the run on screen, repeated or new. */
function onFrame(before: State, frame: FrameMessage): State {
  const fresh = freshIn(frame, before.run);
  const remeasured = Math.min(...fresh.map((c) => c.step));
  const state = withContradictions(before, frameContradictions(before.run, frame, remeasured));
  const { run } = state;
  const step = frame.from + frame.series.loss.length - 1;
  const atStart = frame.changes.filter((c) => c.step === 0);
  // Repeated steps of a known run are not shown again: the record stays.
  const known = run.replay?.to ?? (run.recorded ? lastStep(run) : -1);
  if (step <= known && fresh.length === 0) return { ...state, run: { ...run, workerStep: step } };
  const first = known < 0 ? frame.from : Math.max(frame.from, Math.min(known + 1, remeasured));
  const modules = frame.modules.map(({ A, B, own, spectrum, alignment, directions }) => ({
    ...{ A, B, spectrum, alignment, directions },
    ...(own && { own }),
  }));
  return {
    ...state,
    run: {
      ...run,
      trace: extend(run.trace, entriesFrom(frame, first)),
      samples: addSamples(run.samples, frame.between, first, run.held),
      frames: addFrame(run.frames, { step, modules, ...(frame.answers && { answers: frame.answers }) }),
      losses: lossesWith(run, frame, first),
      // A change of s changes s·B·A at its own step too.
      extremes: run.extremes.filter((e) => (known < 0 ? frame.changes : fresh).every((c) => e.step < c.step)),
      changes: fresh.length > 0 ? [...run.changes, ...fresh] : run.changes,
      workerStep: step,
      replay: null,
      secondsPerStep: frame.secondsPerStep || run.secondsPerStep,
      // A change before the first step belongs to the start of the run.
      ...(atStart.length > 0 && known < 0 && started(run, atStart)),
    },
  };
}

function freshIn({ changes }: FrameMessage, run: Run): readonly Change[] {
  return changes.filter(
    (c) => c.step > 0 && !run.changes.some((k) => k.step === c.step && k.key === c.key && k.value === c.value),
  );
}

/** Losses between frames and at the end of this one, from step `first` on: a step measured again has other losses. */
function lossesWith(run: Run, { from, series, between, losses }: FrameMessage, first: number): Run['losses'] {
  const end = { step: from + series.loss.length - 1, losses };
  return [...between, end]
    .filter(({ step }) => step >= first)
    .reduce(
      (kept, at) => (at.losses ? addLosses(kept, at.step, at.losses, run.held) : kept),
      lossesUntil(run.losses, first - 1),
    );
}

/** The start of a run after changes before its first step. */
function started(run: Run, changes: readonly Change[]): Pick<Run, 'experiment' | 'rate'> {
  const settings = Object.fromEntries(changes.filter((c) => c.key !== 'lr').map((c) => [c.key, c.value]));
  const rate = changes.findLast((c) => c.key === 'lr')?.value;
  return { experiment: { ...run.experiment, ...settings }, rate: rate ?? run.rate };
}

function onDone(state: State, done: DoneMessage): State {
  const { run } = state;
  if (done.order !== run.wanted.order) return state;
  const trace = done.ending === 'diverged' ? traceUpTo(run.trace, done.step) : run.trace;
  const good = <T extends { readonly step: number }>(list: readonly T[]) =>
    done.ending === 'diverged' ? list.filter(({ step }) => step <= done.step) : list;
  const [frames, samples] = [good(run.frames), good(run.samples)];
  const extremes = run.extremes.filter((e) => e.step <= done.step);
  const losses = lossesUntil(run.losses, done.step);
  const after: State = {
    ...state,
    run: {
      ...{ ...run, trace, frames, samples, losses, extremes },
      ...{ status: done.ending, scripted: false, workerStep: done.step },
    },
  };
  const notice =
    done.ending === 'diverged' ? divergedNotice(after, done) : zeroFactorAtStart(after) === 'both' && deadNotice(after);
  return stands(notice ? withNotice(after, notice) : after);
}

function onFailed(state: State, failed: FailedMessage): State {
  const { next, experiment } = state;
  if (failed.kind === 'refused') {
    // The current settings count.
    return next?.start === 'again' && diffKeys(next.run.experiment, experiment).length > 0
      ? restart(state, experiment, 'again', next.fallback)
      : withNotice(stopRefusedRun(state), refusalNotice(experiment, failed));
  }
  const base = abandonRun(state);
  const lost = failed.kind === 'device-lost';
  const run = stoppedRun(base.run, lost ? 'device-lost' : 'stopped');
  const notice = lost ? deviceLostNotice(Math.max(0, lastStep(run))) : bugNotice(failed.why);
  return stands(withNotice({ ...base, run }, notice));
}
