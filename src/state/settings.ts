import { change, differing, param } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import { isOverAtOnce, restart, wish, withExperiment } from './run/begin.ts';
import { lastStep, type Run } from './run/run.ts';
import type { Next, State } from './state.ts';

/** A setting was changed by a control, by undo or redo: tune the trainer, or start again. */
export function applySettings(state: State, experiment: Experiment): State {
  const keys = differing(state.experiment, experiment);
  if (keys.length === 0) return state;
  const now = { ...withExperiment(state, experiment), preset: null };
  const { next } = state;
  if (next?.start === 'again') return changedAgain(now, next, experiment);
  if (next) return restart(now, experiment, next.start, next.fallback);
  if (keys.some((key) => restarts(state, key)))
    return restart(now, experiment, startOf(state, experiment), state.experiment);
  return withPace(now);
}

/** What a changed setting does to a run: one that goes on starts again, one that has ended too where that is over at once. */
function startOf({ run }: State, experiment: Experiment): Next['start'] {
  if (run.status === 'training') return 'yes';
  return hasEnded(run) && isOverAtOnce(run, experiment) ? 'again' : 'no';
}

function hasEnded({ status }: Run): boolean {
  return status === 'finished' || status === 'converged' || status === 'diverged';
}

/**
 * While a run is being trained again: it is brought to its end, so that a drag shows one picture after another, and the
 * settings of then come next. One whose matrices take long is given up where they are of no more use.
 */
function changedAgain(state: State, { run, fallback }: Next, experiment: Experiment): State {
  if (!isOverAtOnce(state.run, experiment)) return restart(state, experiment, 'no', fallback);
  const { target, d, k } = run.experiment;
  const same = experiment.target === target && experiment.d === d && experiment.k === k;
  return run.progress && !same ? restart(state, experiment, 'again', fallback) : state;
}

/**
 * New matrices are needed for a `restart` parameter; also for s before the first step, since starts may depend on it,
 * and for anything that tunes a run that has ended, but for a budget that one which has spent its own may go on to.
 */
function restarts(state: State, key: ParamKey): boolean {
  if (param(key).effect === 'restart') return true;
  if (hasEnded(state.run)) return state.run.status !== 'finished' || key !== 'steps';
  return (key === 'alpha' || key === 'scaling') && lastStep(state.run) <= 0;
}

/** A run that goes on follows the pace and the budget; one that had spent its budget can go on with a larger one. */
function withPace(state: State): State {
  const { run, experiment, view } = state;
  if (run.status === 'training' && !run.scripted && run.wanted.pace !== 0) {
    const { pace, until } = run.wanted;
    if (pace === view.pace && until === experiment.steps) return state;
    return { ...state, run: { ...run, wanted: wish(run, view.pace, experiment.steps) } };
  }
  if (run.status === 'finished' && lastStep(run) < experiment.steps)
    return { ...state, run: { ...run, status: 'paused' } };
  if (run.status === 'paused' && lastStep(run) >= experiment.steps)
    return { ...state, run: { ...run, status: 'finished' } };
  return state;
}

/** A control moved: one step of undo for each drag, then the change itself. */
export function changeSettings(state: State, changes: Partial<Experiment>, group: string | undefined): State {
  const experiment = change(state.experiment, changes);
  const keys = differing(state.experiment, experiment);
  if (keys.length === 0) return state;
  const joined = group !== undefined && group === state.group;
  const past = joined ? state.past : [...state.past, state.experiment].slice(-200);
  return applySettings({ ...state, past, future: [], group: group ?? null }, experiment);
}

/** Looks at the same run in another way: no step of undo. */
export function changeView(state: State, changes: Partial<View>): State {
  return withPace({ ...state, view: { ...state.view, ...changes } });
}
