import { presetOf } from '../../experiment/presets.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { MAX_BUDGET, MAX_RUN_STEPS } from '../../experiment/settings/bounds.ts';
import { isMatrixData, isPaintingData } from '../../experiment/settings/data-kind.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { withoutNotices } from '../notices.ts';
import type { PendingRun, State } from '../state.ts';
import type { ReadyDrawing } from '../view.ts';
import { stepped, undoStep } from './compact-run.ts';
import { stands } from './listed-runs.ts';
import { lastStep, newRun, type Run, runOf, type TrainRequest } from './run.ts';

/** Of these settings, what is to be learned: the editor draws on it. */
const LEARNED = ['target', 'data', 'picture', 'edit'] as const;

/** Settings with the drawing that belongs to them. The editor closes if something else is to be learned now, and keeps its sheet. */
export function withExperiment(state: State, experiment: Experiment): State {
  const same = LEARNED.every((key) => state.experiment[key] === experiment[key]);
  const drawing = state.drawings.get(experiment.data) ?? null;
  return { ...state, experiment, drawing, editor: same ? state.editor : null };
}

/** Asks for new matrices. The run on screen stays until they exist. */
export function restart(
  state: State,
  experiment: Experiment,
  start: PendingRun['start'],
  fallback = state.experiment,
): State {
  const number = state.lastNumber + 1;
  const before = state.next?.before ?? state.run.status;
  return {
    ...withExperiment(withoutNotices(state, ['run']), experiment),
    lastNumber: number,
    next: {
      run: newRun(number, experiment, state.view),
      before,
      fallback,
      start,
      steps: null,
      after: null,
      behind: false,
    },
    run: { ...state.run, status: 'preparing', scripted: false },
  };
}

/** The settings on screen without the steps that were added to the run: a new one has the budget of before. */
export function withoutAddedSteps({ experiment, run, next }: State): Experiment {
  // A run in preparation has left them out already.
  return next || run.more === 0 ? experiment : { ...experiment, steps: experiment.steps - run.more };
}

/** What a person waits for without a thought, and at most where it was thought to be that short, in seconds. */
const AT_ONCE = 1;
const AT_MOST = 3;

/** Whether a run with these settings is over at once at full speed, or within `max` seconds, as far as the step time of a run tells. */
export function isInstantRun({ secondsPerStep, experiment }: Run, e: Experiment, max = AT_ONCE): boolean {
  const work = ({ d, k, rank }: Experiment) => d * k * rank;
  const seconds = (secondsPerStep * e.steps * work(e)) / work(experiment);
  return seconds > 0 && seconds <= max;
}

/** Whether the steps that a run has before it are made soon enough to wait for: its first step times are often too long. */
export function isShortRun({ secondsPerStep, experiment, trace }: Run): boolean {
  return secondsPerStep > 0 && secondsPerStep * (experiment.steps - Math.max(0, trace.length - 1)) <= AT_MOST;
}

/** Asks for the matrices of the run on screen again and for its steps to be repeated, so that it can go on. */
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
      run: again,
      before: run.status === 'training' ? 'paused' : run.status,
      fallback: state.experiment,
      start,
      steps: null,
      after: stopped ? 'paused' : run.status,
      behind: false,
    },
    run: { ...run, status: 'preparing' },
  };
}

/** A run that takes longer to repeat is repeated only where it is to go on. In seconds. */
const REPEATED = 2;

/**
 * Puts a run that was replaced back on screen, with the settings that belong to it. The worker makes its matrices again;
 * it repeats its steps at once where that is quick, else where the run is to go on.
 */
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

/** On another back end, all that is known and wanted stays: a preparation is asked for again, training goes on. */
export function moveToOtherBackend(state: State): State {
  const { run, next, experiment } = state;
  if (next) {
    const number = state.lastNumber + 1;
    const asked = next.behind ? newRun(number, experiment, state.view) : { ...next.run, number, progress: null };
    return { ...state, lastNumber: number, next: { ...next, run: asked, behind: false } };
  }
  const asked = lastStep(run) > 0 ? resume(state, 'no') : restart(state, experiment, 'no');
  const { pace, until } = run.wanted;
  const left = until - Math.max(0, lastStep(run));
  if (run.status !== 'training' || pace === 0 || left <= 0) return asked;
  return train(asked, { ...run, steps: until === experiment.steps ? null : left });
}

/** Trains up to the budget, or `steps` more. A run of which the worker does not hold the end is repeated first. */
export function train(state: State, { steps = null, scripted = false, atOnce = false }: TrainRequest): State {
  const { run, next, experiment } = state;
  const wanted: TrainRequest = { steps, scripted, atOnce };
  if (next?.behind) return state;
  if (next) return { ...state, next: { ...next, start: 'yes', steps, run: { ...next.run, scripted, atOnce } } };
  if (!run.ready) {
    const asked = restart(state, experiment, 'yes');
    return train(asked, wanted);
  }
  if (run.status === 'training' && atOnce && !run.scripted && run.wanted.pace !== 0)
    return { ...state, run: { ...run, atOnce, wanted: trainTarget(run, Number.POSITIVE_INFINITY, run.wanted.until) } };
  if (run.status === 'training' || run.status === 'converged' || run.status === 'diverged') return state;
  const at = Math.max(0, lastStep(run));
  const spent = at >= experiment.steps && steps === null;
  if (spent && scripted) return state;
  if (run.workerStep < at) {
    // Repeated first; then this wish comes again.
    return train(resume(state, 'yes'), wanted);
  }
  // What was kept on this device is about to be replaced by this run.
  let after = withoutNotices(state, ['run', 'offer']);
  let { more } = run;
  if (spent) {
    // "Train more": as many steps again as the run started with, which a new run has not, and which Undo takes back.
    const budget = Math.min(MAX_BUDGET, experiment.steps + run.experiment.steps);
    if (budget === experiment.steps) return state;
    more += budget - experiment.steps;
    after = { ...after, ...stepped(state, undoStep(state, true)), experiment: { ...experiment, steps: budget } };
  }
  const until = Math.min(MAX_RUN_STEPS, steps === null ? after.experiment.steps : at + steps);
  const pace = scripted || atOnce ? Number.POSITIVE_INFINITY : after.view.pace;
  return {
    ...after,
    look: null,
    run: {
      ...run,
      more,
      status: 'training',
      scripted,
      atOnce,
      pausedByHiding: false,
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

/** The device refused a run: the one in preparation is given up; one that was under way stops where it stands. */
export function stopRefusedRun(state: State): State {
  const { next, run } = state;
  if (next) {
    const back = abandonRun(state);
    // Where there is nothing to go back to, the page stays with the settings that were refused.
    const stuck = !back.run.ready && back.experiment === next.run.experiment;
    return { ...back, run: { ...back.run, refused: stuck } };
  }
  return stands({
    ...state,
    run: { ...run, status: 'stopped', scripted: false, workerStep: -1, pausedByHiding: false },
  });
}

/** Goes back to how things stood before the run in preparation was asked for. */
export function abandonRun(state: State): State {
  const { next, run } = state;
  if (!next) return state;
  const status =
    next.before === 'training' || next.before === 'preparing' ? (run.ready ? 'paused' : 'stopped') : next.before;
  const back = withExperiment(state, next.fallback);
  return stands({ ...back, next: null, run: { ...run, status, progress: null, workerStep: -1 } });
}

/** The state with a drawing or matrix to its `data`; the newest comes last. */
export function withDrawing(state: State, data: string, drawing: ReadyDrawing | null): State {
  if (!drawing) return state;
  const drawings = new Map(state.drawings);
  drawings.delete(data);
  return { ...state, drawings: drawings.set(data, drawing) };
}

/**
 * Without the drawings that nothing leads back to: a matrix of one's own has up to 8 MB. Settings on screen and of the
 * runs, undo and redo, and what a notice offers lead back, and so do the rail's buttons to the matrix that was brought
 * last and to the last painting.
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
      if (event.type === 'changed' || event.type === 'drawn' || event.type === 'retry' || event.type === 'show')
        used.add(event.changes?.data);
  for (const kind of [isMatrixData, isPaintingData]) used.add([...drawings.keys()].findLast(kind));
  const kept = [...drawings].filter(([data]) => used.has(data));
  return kept.length === drawings.size ? state : { ...state, drawings: new Map(kept) };
}
