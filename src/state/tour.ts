import type { Experiment } from '../experiment/settings/params.ts';
import { isInstantRun, restart, train, trainTarget } from './run/begin.ts';
import { isComplete, lastStep } from './run/run.ts';
import { changeSettings, changeView } from './settings.ts';
import type { State } from './state.ts';
import type { Tour, TourEvent } from './view.ts';

export const PAUSE_SECONDS = 3;
/** Steps per second, from a step on. */
const PACES = [
  { from: 0, pace: 4 },
  { from: 20, pace: 12 },
] as const;
/** Afterwards: at this pace, or as fast as the rest of the run requires. */
const LAST_PART = { from: 40, pace: 50 } as const;
/** Most seconds for the last part of a run, and for a whole run that the user starts. */
const LAST = 1.6;
/** By hand, the step of the second caption. */
const MIDDLE = 20;

/** Steps per second of the tour at `step` of `steps`. */
export function tourPace(step: number, steps: number): number {
  if (step >= LAST_PART.from) return Math.max(LAST_PART.pace, (steps - LAST_PART.from) / LAST);
  return (PACES.findLast((one) => step >= one.from) ?? PACES[0]).pace;
}

function paceOf({ caption, by }: Tour, step: number, steps: number): number {
  if (by === 'hand') return Number.POSITIVE_INFINITY;
  return caption === 3 ? Math.max(LAST_PART.pace, steps / LAST) : tourPace(step, steps);
}

/** A request of the user or the clock to the tour. */
export function updateTour(state: State, { caption, by, changes, atOnce = false }: TourEvent): State {
  const show = caption && { ...state.show, caption, by: by ?? state.show?.by ?? 'itself' };
  const now = { ...state, show };
  if (!show) return changeView(now, {});
  if (changes) {
    const changed = changeSettings(now, changes, undefined);
    return restart(changed, changed.experiment, 'yes', state.experiment);
  }
  const step = Math.max(0, lastStep(state.run));
  if (caption === 1) return step > 0 || state.next ? restart(now, state.experiment, 'no') : now;
  const until = caption === 2 && show.by === 'hand' ? MIDDLE : null;
  if (caption === 2 && step > 0 && state.run.status !== 'training') {
    const again = restart(now, state.experiment, 'yes');
    return again.next ? { ...again, next: { ...again.next, steps: until } } : again;
  }
  return step >= state.experiment.steps ? now : inStep(train(now, { steps: until, atOnce }));
}

/** Changes by a control: at the end of the tour α follows the rank, so that s stays and only the rank changes. */
export function tourChanges({ show, experiment }: State, changes: Partial<Experiment>): Partial<Experiment> {
  const { rank } = changes;
  if (!show || rank === undefined || Object.keys(changes).length > 1 || experiment.scaling !== 'standard')
    return changes;
  return { rank, alpha: (experiment.alpha * rank) / experiment.rank };
}

/** A rank that shows an edit of the owl well. */
export const RANK_EIGHT = { rank: 8, alpha: 16 } as const;

/** A drawing in the tour leaves rank 1, as every other edit of the owl does: one pattern turns a stroke into a blob. */
export function tourDrawingChanges({ show, experiment }: State, changes: Partial<Experiment>): Partial<Experiment> {
  return show && changes.target === 'edit' && experiment.rank === 1 ? { ...changes, ...RANK_EIGHT } : changes;
}

/** Whether the tour cannot continue: a script has taken over, or the target is no edit of the owl. */
function isOver({ experiment, run, next }: State): boolean {
  const scripted = run.scripted || next?.run.scripted === true;
  return scripted || experiment.target !== 'edit' || run.status === 'device-lost';
}

function during(state: State, goesOn: (show: Tour) => State): State {
  if (!state.show) return state;
  return isOver(state) ? endShow(state) : goesOn(state.show);
}

/** The tour after a possible step of the run: at the caption that the run has reached, and at its pace. */
export function showGoesOn(state: State): State {
  return during(state, (show) => {
    const arrived = isComplete(state.run) && state.next === null && show.caption === 2;
    return arrived ? at(state, show, 3) : inStep(state);
  });
}

export const showAfterSetting = (state: State): State => during(state, (show) => set(state, show));

export function showAfterTrain(state: State, scripted = false): State {
  if (scripted && state.show) return endShow(state);
  return during(state, (show) => (show.caption === 1 ? begun(at(state, show, 2), show.by) : showGoesOn(state)));
}

export const showAfterRewind = (state: State): State =>
  during(state, (show) => (show.caption === 2 ? at(state, show, 1) : showGoesOn(state)));

/** The user has chosen a pace: the run keeps it. */
export const showAtOwnPace = (state: State): State =>
  during(state, (show) => ({ ...state, show: { ...show, ownPace: true } }));

/** The page is hidden or visible again: then a run paused by that continues. */
export const showAfterHiding = (state: State): State =>
  during(state, () => (state.hidden || !state.run.pausedByHiding ? state : inStep(train(state, {}))));

/** Seconds at full speed that a user waits for an experiment. */
const PATIENCE = 8;

/** A change of settings ends the tour; the run is trained, unless that takes long or a run was restored. */
function set(state: State, show: Tour): State {
  const { run, next, experiment } = state;
  const now = at(state, show, 3);
  if (show.caption < 3) return inStep(train(now, {}));
  const waits = next?.start === 'no' && next.after === null;
  return inStep(waits && isInstantRun(run, experiment, PATIENCE) ? train(now, {}) : now);
}

export const endShow = (state: State): State => (state.show ? changeView({ ...state, show: null }, {}) : state);

const at = (state: State, show: Tour, caption: Tour['caption']): State => ({ ...state, show: { ...show, caption } });

/** The user has started the run: by hand it goes as far as Next would. */
function begun(state: State, by: Tour['by']): State {
  const { run, next } = state;
  if (by === 'itself') return inStep(state);
  if (next) return { ...state, next: { ...next, steps: next.steps ?? MIDDLE } };
  const until = Math.min(run.wanted.until, MIDDLE);
  return inStep({ ...state, run: { ...run, wanted: trainTarget(run, Number.POSITIVE_INFINITY, until) } });
}

function inStep(state: State): State {
  const { show, run } = state;
  if (!show || show.ownPace || run.atOnce || run.status !== 'training' || run.wanted.pace === 0) return state;
  const pace = paceOf(show, lastStep(run), state.experiment.steps);
  return pace === run.wanted.pace
    ? state
    : { ...state, run: { ...run, wanted: trainTarget(run, pace, run.wanted.until) } };
}
