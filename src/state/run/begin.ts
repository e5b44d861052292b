import { presetOf } from '../../experiment/presets.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { isHand, MAX_BUDGET, MAX_RUN_STEPS } from '../../experiment/settings/bounds.ts';
import { isMatrixData, isPaintingData } from '../../experiment/settings/data-kind.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { followsBudget } from '../../experiment/settings/rate.ts';
import { withoutNotices } from '../notices.ts';
import type { PendingRun, State } from '../state.ts';
import type { HandEvent, ReadyDrawing } from '../view.ts';
import { stepped, undoStep } from './compact-run.ts';
import { stands } from './listed-runs.ts';
import { lastStep, newRun, type Run, runOf, type TrainRequest } from './run.ts';

/** Settings that define the target: the editor draws on it. */
const LEARNED = ['target', 'data', 'picture', 'edit'] as const;

/** Settings with their drawing. The editor closes if the target changes, and keeps its sheet. */
export function withExperiment(state: State, experiment: Experiment): State {
  const same = LEARNED.every((key) => state.experiment[key] === experiment[key]);
  const drawing = state.drawings.get(experiment.data) ?? null;
  const view = state.view.hand !== '' && !isHand(experiment) ? { ...state.view, hand: '' } : state.view;
  return { ...state, view, experiment, drawing, editor: same ? state.editor : null };
}

const PENDING = { steps: null, after: null, behind: false } as const;

/** Requests new matrices. The run on screen stays until they exist. */
export function restart(
  state: State,
  experiment: Experiment,
  start: PendingRun['start'],
  fallback = state.experiment,
): State {
  const number = state.lastNumber + 1;
  const before = state.next?.before ?? state.run.status;
  const hand = isHand(experiment) ? state.hand?.sets : null;
  return {
    ...withExperiment(withoutNotices(state, ['run']), experiment),
    lastNumber: number,
    next: { ...PENDING, run: { ...newRun(number, experiment, state.view), hand }, before, fallback, start },
    run: { ...state.run, status: 'preparing', scripted: false },
  };
}

/** The settings on screen without the steps added to the run: a new run has the original budget. */
export function withoutAddedSteps({ experiment, run, next }: State): Experiment {
  // A run in preparation excludes them already.
  return next || run.more === 0 ? experiment : { ...experiment, steps: experiment.steps - run.more };
}

/** Whether a run in preparation is to be trained to its end in the background if that takes no time. */
export const isAgain = ({ start }: PendingRun) => start === 'again' || start === 'quick';

/** Acceptable wait in seconds, and the bound for a run that was estimated to stay within it. */
const AT_ONCE = 1;
const AT_MOST = 3;

/** Whether a run with these settings ends at once at full speed, or within `max` seconds, by the step time of `run`. */
export function isInstantRun({ secondsPerStep, experiment }: Run, e: Experiment, max = AT_ONCE): boolean {
  // A step at rank 1 takes nearly as long as at rank 8.
  const work = ({ d, k, rank }: Experiment) => d * k * Math.max(rank, 8);
  const seconds = (secondsPerStep * e.steps * work(e)) / work(experiment);
  return seconds > 0 && seconds <= max;
}

/** How a run of settings that were opened begins: in the background if it is instant, else in sight. */
export const openedStart = ({ run }: State, e: Experiment): PendingRun['start'] =>
  isInstantRun(run, e) ? 'quick' : 'yes';

/** Whether the remaining steps take little enough time to wait for: the first step times are often too long. */
export function isShortRun({ secondsPerStep, experiment, trace }: Run): boolean {
  // 0 if the clock did not move: WebKit's has whole milliseconds.
  return secondsPerStep * (experiment.steps - Math.max(0, trace.length - 1)) <= AT_MOST;
}

function resume(state: State, start: PendingRun['start']): State {
  const { run } = state;
  const number = state.lastNumber + 1;
  const replay = { to: lastStep(run), changes: run.changes };
  const again: Run = { ...run, number, status: 'preparing', replay, workerStep: 0, progress: null };
  const stopped = run.status === 'training' || run.status === 'device-lost' || run.status === 'stopped';
  return {
    ...withoutNotices(state, ['run']),
    lastNumber: number,
    next: {
      ...PENDING,
      run: again,
      before: run.status === 'training' ? 'paused' : run.status,
      fallback: state.experiment,
      start,
      after: stopped ? 'paused' : run.status,
    },
    run: { ...run, status: 'preparing' },
  };
}

/** A run that takes longer to repeat, in seconds, is repeated only when it is continued. */
const REPEATED = 2;

/** Restores a replaced run. The worker makes its matrices again, and repeats its steps now if that is quick. */
export function restoreRun(state: State, experiment: Experiment, record: RunRecord): State {
  const asked = restart(state, experiment, 'no', state.next?.fallback ?? state.experiment);
  if (!asked.next) return asked;
  const quick = record.secondsPerStep * lastStep(record) <= REPEATED;
  const replay = quick ? { to: lastStep(record), changes: record.changes } : null;
  const again = runOf(asked.next.run.number, record);
  return {
    ...asked,
    look: null,
    preset: presetOf({ ...experiment, steps: experiment.steps - record.more }),
    next: { ...asked.next, run: { ...again, replay, recorded: !quick }, after: record.status },
  };
}

/** On another back end all known data and requests stay: a preparation is requested again, training continues. */
export function moveToOtherBackend(state: State): State {
  const { run, next, experiment } = state;
  if (next) {
    const number = state.lastNumber + 1;
    const asked = next.behind
      ? { ...newRun(number, experiment, state.view), hand: next.run.hand }
      : { ...next.run, number, progress: null };
    return { ...state, lastNumber: number, next: { ...next, run: asked, behind: false } };
  }
  const asked = lastStep(run) > 0 ? resume(state, 'no') : restart(state, experiment, 'no');
  const { pace, until } = run.wanted;
  const left = until - Math.max(0, lastStep(run));
  if (run.status !== 'training' || pace === 0 || left <= 0) return asked;
  return train(asked, { ...run, steps: until === experiment.steps ? null : left });
}

/** Trains up to the budget, or `steps` more. If the worker does not hold the end of the run, it is repeated first. */
export function train(state: State, { steps = null, scripted = false, atOnce = false }: TrainRequest): State {
  const { run, next, experiment } = state;
  const wanted: TrainRequest = { steps, scripted, atOnce };
  if (next?.behind) return state;
  if (next) return { ...state, next: { ...next, start: 'yes', steps, run: { ...next.run, scripted, atOnce } } };
  if (!run.ready || run.untrained) return train(restart(state, experiment, 'yes'), wanted);
  if (run.status === 'training' && atOnce && !run.scripted && run.wanted.pace !== 0)
    return { ...state, run: { ...run, atOnce, wanted: trainTarget(run, Number.POSITIVE_INFINITY, run.wanted.until) } };
  if (run.status === 'training' || run.status === 'converged' || run.status === 'diverged') return state;
  const at = Math.max(0, lastStep(run));
  const spent = at >= experiment.steps && steps === null;
  if (spent && scripted) return state;
  if (run.workerStep < at) {
    // Repeat first; this request follows.
    return train(resume(state, 'yes'), wanted);
  }
  // This run is about to replace the one stored on this device.
  let after = withoutNotices(state, ['run', 'offer']);
  let { more } = run;
  if (spent) {
    // "Train more" adds the initial budget again; a new run does not have it, and Undo reverts it.
    const budget = Math.min(MAX_BUDGET, experiment.steps + run.experiment.steps);
    if (budget === experiment.steps) return state;
    // All rates follow the budget: a longer run differs from its first step on.
    if (followsBudget(experiment))
      return train(
        restart({ ...after, ...stepped(state, undoStep(state, true)) }, { ...experiment, steps: budget }, 'yes'),
        wanted,
      );
    more += budget - experiment.steps;
    after = { ...after, ...stepped(state, undoStep(state, true)), experiment: { ...experiment, steps: budget } };
  }
  const until = Math.min(MAX_RUN_STEPS, steps === null ? after.experiment.steps : at + steps);
  const pace = scripted || atOnce ? Number.POSITIVE_INFINITY : after.view.pace;
  return {
    ...after,
    look: null,
    run: {
      ...{ ...run, more, status: 'training', scripted, atOnce, pausedByHiding: false },
      wanted: trainTarget(run, pace, until),
    },
  };
}

export function pause(state: State, byHiding = false): State {
  const { run } = state;
  if (run.status !== 'training') return state;
  return { ...state, run: { ...run, pausedByHiding: byHiding, wanted: trainTarget(run, 0, run.wanted.until) } };
}

export function trainTarget(run: Run, pace: number, until: number): Run['wanted'] {
  return { pace, until, order: run.wanted.order + 1 };
}

/** The device refused a run: cancel the one in preparation, or stop the current one at its step. */
export function stopRefusedRun(state: State): State {
  const { next, run } = state;
  if (next) {
    const back = abandonRun(state);
    // If there is no earlier run, the page keeps the refused settings.
    const stuck = !back.run.ready && back.experiment === next.run.experiment;
    return { ...back, run: { ...back.run, refused: stuck } };
  }
  return stands({ ...state, run: stoppedRun(run, 'stopped') });
}

/** Drawings were made or dropped: a run on them starts again, and trains if there are enough. */
export function withHand(state: State, { hand, does }: HandEvent): State {
  const now = { ...state, hand };
  if (does === null || !isHand(now.experiment)) return now;
  const asked = restart(now, withoutAddedSteps(now), 'no');
  return does === 'train' ? train(asked, { atOnce: true }) : asked;
}

/** The worker no longer has it. */
export function stoppedRun(run: Run, status: 'stopped' | 'device-lost'): Run {
  return { ...run, status, scripted: false, workerStep: -1, pausedByHiding: false };
}

export function abandonRun(state: State): State {
  const { next, run } = state;
  if (!next) return state;
  const status =
    next.before === 'training' || next.before === 'preparing' ? (run.ready ? 'paused' : 'stopped') : next.before;
  const back = withExperiment(state, next.fallback);
  return stands({ ...back, next: null, run: { ...run, status, progress: null, workerStep: -1 } });
}

export function withDrawing(state: State, data: string, drawing: ReadyDrawing | null): State {
  if (!drawing) return state;
  const drawings = new Map(state.drawings);
  drawings.delete(data);
  return { ...state, drawings: drawings.set(data, drawing) };
}

/**
 * Drops the drawings that nothing refers to, since an imported matrix takes up to 8 MB. References: settings on screen
 * and of the runs, undo and redo, actions of notices, and the rail's buttons for the last imported matrix and the last
 * painting.
 */
export function withoutUnused(state: State): State {
  const { experiment, run, next, past, future, left, notices, drawings, compare } = state;
  const steps = left ? [...past, ...future, left, ...left.past, ...left.future] : [...past, ...future];
  const pins = [compare.pins, ...steps.map((step) => step.pins ?? [])].flat();
  const settings = [experiment, run.experiment, ...[...steps, ...pins].map((one) => one.experiment)];
  if (next) settings.push(next.run.experiment, next.fallback);
  const used = new Set<string | undefined>(settings.map(({ data }) => data));
  for (const { actions } of notices)
    for (const { event } of actions)
      if (event.type === 'changed' || event.type === 'drawn' || event.type === 'retry') used.add(event.changes?.data);
  for (const kind of [isMatrixData, isPaintingData]) used.add([...drawings.keys()].findLast(kind));
  const kept = [...drawings].filter(([data]) => used.has(data));
  return kept.length === drawings.size ? state : { ...state, drawings: new Map(kept) };
}
