import { change, differing, param } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import { restart, wish, withExperiment } from './run/begin.ts';
import { lastStep } from './run/run.ts';
import type { State } from './state.ts';

/** A setting was changed by a control, by undo or redo: tune the trainer, or start again. */
export function applySettings(state: State, experiment: Experiment): State {
  const keys = differing(state.experiment, experiment);
  if (keys.length === 0) return state;
  const now = { ...withExperiment(state, experiment), preset: null };
  if (state.next) return restart(now, experiment, state.next.start, state.next.fallback);
  if (keys.some((key) => restarts(state, key))) {
    const start = state.run.status === 'training' ? 'yes' : 'no';
    return restart(now, experiment, start, state.experiment);
  }
  return withPace(now);
}

/**
 * New matrices are needed for a `restart` parameter; also for s before the first step, since starts may depend on it,
 * and for anything that tunes a run that cannot go on.
 */
function restarts(state: State, key: ParamKey): boolean {
  if (param(key).effect === 'restart') return true;
  if (state.run.status === 'diverged' || state.run.status === 'converged') return true;
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
