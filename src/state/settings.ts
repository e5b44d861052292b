import { presetOf } from '../experiment/presets.ts';
import { areSame, change, diffKeys, param, withAutoRate } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import { followsBudget } from '../experiment/settings/rate.ts';
import type { View } from '../experiment/settings/view.ts';
import { targets } from '../experiment/targets/index.ts';
import { replacePins } from './compare/pins.ts';
import {
  isAgain,
  isInstantRun,
  restart,
  restoreRun,
  trainTarget,
  withExperiment,
  withoutAddedSteps,
} from './run/begin.ts';
import { stepped, undoStep, withUndoStep } from './run/compact-run.ts';
import { settled, stands } from './run/listed-runs.ts';
import { isComplete, lastStep, type Run } from './run/run.ts';
import type { PendingRun, Plan, State, UndoStep } from './state.ts';

/** A setting was changed by a control, undo or redo: tune the trainer, or start again. */
function applySettings(state: State, experiment: Experiment): State {
  if (areSame(state.experiment, experiment)) return state;
  // An automatic rate from a link now follows another setting: report that one.
  const keys = diffKeys(withAutoRate(state.experiment), withAutoRate(experiment));
  const now = { ...withExperiment(state, experiment), preset: presetOf(experiment) };
  const { next } = state;
  if (next && isAgain(next)) return changedAgain(now, next, experiment);
  if (next) return restart(now, experiment, startAfter(now, next), next.fallback);
  if (keys.some((key) => restarts(state, key))) {
    const fresh = keys.includes('steps') ? experiment : withoutAddedSteps({ ...state, experiment });
    return restart({ ...now, preset: presetOf(fresh) }, fresh, startOf(now, state.run, fresh), state.experiment);
  }
  if (keys.includes('steps')) return withPace({ ...now, run: { ...now.run, more: 0 } });
  return withPace({ ...now, preset: presetOf(withoutAddedSteps(now)) });
}

/** The replacement of a run in preparation: it starts as that one does, or as a restored run does. */
function startAfter(state: State, { start, after, run }: PendingRun): PendingRun['start'] {
  return after === null || start !== 'no' ? start : startOf(state, { ...run, status: after }, state.experiment);
}

/**
 * A changed setting restarts a run in progress, and a finished one only if that takes no time, and if no prediction is to
 * be seen before it.
 */
function startOf({ view }: State, run: Run, experiment: Experiment): PendingRun['start'] {
  if (run.status === 'training') return 'yes';
  if (view.predict && targets.byName(experiment.target).kind === 'matrix') return 'no';
  return hasEnded(run) && isInstantRun(run, experiment) ? 'again' : 'no';
}

function hasEnded(run: Run): boolean {
  return isComplete(run) || run.status === 'diverged';
}

/**
 * While a run is trained again it is brought to its end, so that a drag shows one picture after another, and the
 * current settings follow. A run whose matrices take long is cancelled if they are no longer needed.
 */
function changedAgain(state: State, { run, fallback }: PendingRun, experiment: Experiment): State {
  if (!isInstantRun(state.run, experiment)) return restart(state, experiment, 'no', fallback);
  const { target, d, k } = run.experiment;
  const same = experiment.target === target && experiment.d === d && experiment.k === k;
  return run.progress && !same ? restart(state, experiment, 'again', fallback) : state;
}

/**
 * New matrices are needed for a `restart` parameter; also for s before the first step, since an initialisation may
 * depend on it, and for any tuning of a finished run except a budget that it can continue to. Where the rates of all
 * steps follow the budget, another one is another run.
 */
function restarts(state: State, key: ParamKey): boolean {
  if (param(key).effect === 'restart' || (key === 'steps' && followsBudget(state.experiment))) return true;
  if (hasEnded(state.run)) return state.run.status !== 'finished' || key !== 'steps';
  return (key === 'alpha' || key === 'scaling') && lastStep(state.run) <= 0;
}

/** A run in progress follows the pace and the budget; one at the end of its budget can continue with a larger one. */
function withPace(state: State): State {
  const { run, experiment, view } = state;
  if (run.status === 'training' && !run.scripted && run.wanted.pace !== 0) {
    const pace = run.atOnce ? Number.POSITIVE_INFINITY : view.pace;
    if (run.wanted.pace === pace && run.wanted.until === experiment.steps) return state;
    return { ...state, run: { ...run, wanted: trainTarget(run, pace, experiment.steps) } };
  }
  if (run.status === 'finished' && lastStep(run) < experiment.steps)
    return stands({ ...state, run: { ...run, status: 'paused' } });
  if (run.status === 'paused' && lastStep(run) >= experiment.steps)
    return stands({ ...state, run: { ...run, status: 'finished' } });
  return state;
}

/** A control moved: one step of undo for each drag, then the change itself. */
export function changeSettings(state: State, changes: Partial<Experiment>, group: string | undefined): State {
  const experiment = change(state.experiment, changes);
  if (areSame(state.experiment, experiment)) return state;
  const joined = group !== undefined && group === state.group?.name;
  const before =
    group === undefined
      ? settled(state)
      : { ...state, group: { name: group, from: state.group?.from ?? state.experiment } };
  const changed = applySettings({ ...before, future: [] }, experiment);
  if (joined) return changed;
  return { ...changed, past: withUndoStep(state.past, undoStep(state, isReplaced(state, changed))) };
}

function isReplaced(before: State, after: State): boolean {
  return after.lastNumber !== before.lastNumber;
}

export function undo(state: State): State {
  const step = state.past.at(-1);
  if (!step) return state;
  const after = goTo({ ...settled(state), past: state.past.slice(0, -1) }, step);
  return { ...after, future: withUndoStep(state.future, leaving(state, after, step)) };
}

export function redo(state: State): State {
  const step = state.future.at(-1);
  if (!step) return state;
  const after = goTo({ ...settled(state), future: state.future.slice(0, -1) }, step);
  return { ...after, past: withUndoStep(state.past, leaving(state, after, step)) };
}

/** The current state as the step that reverts an undo or redo. */
function leaving(state: State, after: State, { pins }: UndoStep): UndoStep {
  return { ...undoStep(state, isReplaced(state, after)), pins: pins && state.compare.pins };
}

function goTo(before: State, { experiment, run, plan, pins }: UndoStep): State {
  const state = withPlan(before, plan);
  const there = run ? restoreRun(state, experiment, run) : applySettings(state, experiment);
  return pins ? replacePins(there, pins) : there;
}

function withPlan(state: State, plan: Partial<Plan>): State {
  const { sweep, repeat } = state.view;
  const now = { sweep, repeat, ...plan };
  return now.sweep === sweep && now.repeat === repeat ? state : { ...state, view: { ...state.view, ...now } };
}

export function changePlan(state: State, changes: Partial<Plan>): State {
  const after = withPlan(state, changes);
  if (after === state) return state;
  return { ...settled(after), ...stepped(state, undoStep(state, false)) };
}

/** Fields that a run file has about its exercise, and about who hands it in. */
const OF_EXERCISE = ['title', 'task', 'goal', 'handin', 'show', 'lock', 'charts', 'by'] as const;

function inExercise(run: Run, changes: Partial<View>): Run {
  const changed = OF_EXERCISE.filter((key) => changes[key] !== undefined);
  if (changed.length === 0) return run;
  return { ...run, view: { ...run.view, ...Object.fromEntries(changed.map((key) => [key, changes[key]])) } };
}

/** Axes are frozen in Present only. */
export const frozenIn = ({ view }: View, frozen: State['frozen']): State['frozen'] =>
  view === 'present' ? frozen : null;

/** Changes the view of the same run: no step of undo. A new pace takes effect at once. */
export function changeView(state: State, changes: Partial<View>): State {
  const named = inExercise(state.run, changes);
  const run = changes.pace === undefined ? named : { ...named, atOnce: false };
  const next = state.next && { ...state.next, run: inExercise(state.next.run, changes) };
  const view = { ...state.view, ...changes };
  // Present shows what was on screen before it.
  const shown = view.view === 'present' ? state.view.view : view.view;
  const beside = shown === 'compare' || shown === 'which' || shown === 'clinic' ? shown : 'lab';
  const presents = shown === 'present' ? state.presents : beside;
  return withPace({ ...state, run, next, view, presents, frozen: frozenIn(view, state.frozen) });
}

/** Steps of undo of a plan. */
const MOST_COSTS = 200;

/** A changed plan is a step of undo there. */
export function withCostStep(before: State, after: State): State {
  if (after.view.view !== 'plan' || after.view.cost === before.view.cost) return after;
  return { ...after, costs: { past: [...before.costs.past, before.view.cost].slice(-MOST_COSTS), future: [] } };
}

/** Undo of Plan a run, or redo: its settings alone. */
export function stepOfCost(state: State, to: keyof State['costs']): State {
  const { view, costs } = state;
  const cost = costs[to].at(-1);
  if (cost === undefined) return state;
  const left = costs[to].slice(0, -1);
  const steps =
    to === 'past'
      ? { past: left, future: [...costs.future, view.cost] }
      : { past: [...costs.past, view.cost], future: left };
  return { ...state, view: { ...view, cost }, costs: steps };
}
