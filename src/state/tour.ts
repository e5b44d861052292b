/** The first visit: a path of five steps beside the owl. Its next step is the main action; all else may be done any time. */

import type { Experiment } from '../experiment/settings/params.ts';
import { defaultView } from '../experiment/settings/view.ts';
import type { PageEvent } from './events.ts';
import { isFirst, WHAT_IS_LORA } from './places.ts';
import { isInstantRun, train, trainTarget } from './run/begin.ts';
import { isComplete, lastStep, type Run } from './run/run.ts';
import { changeView } from './settings.ts';
import type { State } from './state.ts';

/** Steps per second of a run of `steps` steps: slow while the picture appears, and over in about four seconds. */
export function tourPace(step: number, steps: number): number {
  return step < SLOW.until ? SLOW.pace : Math.max(SLOW.pace, (steps - SLOW.until) / SLOW.rest);
}

/** Up to step `until`, in steps per second; seconds for the rest. */
const SLOW = { until: 24, pace: 12, rest: 2.2 };

/** A rank that shows an edit of the owl well; every drawing begins with it. */
export const RANK_EIGHT = { rank: 8, alpha: 16 } as const;

/** Whether the drawing on the owl was made here, and not opened with a link. */
export const isOwnDrawing = ({ data }: Pick<Experiment, 'data'>, { origin }: Pick<State, 'origin'>): boolean =>
  data !== '' && data !== origin?.experiment.data;

/** Number of steps of the path that the run on screen has done: trained, at rank 1, with a drawing of one's own. */
export function stepsDone(run: Pick<Run, 'status' | 'experiment'>, state: Pick<State, 'origin'>): 0 | 1 | 2 | 3 {
  if (!isComplete(run)) return 0;
  if (isOwnDrawing(run.experiment, state)) return 3;
  return run.experiment.rank === 1 ? 2 : 1;
}

/** The main action after `done` steps of the path. */
export function nextStep({ alpha, rank, scaling }: Experiment, done: number): { label: string; event: PageEvent } {
  const one = scaling === 'standard' ? { rank: 1, alpha: alpha / rank } : { rank: 1 };
  const path: readonly { label: string; event: PageEvent }[] = [
    { label: 'Train', event: { type: 'train' } },
    { label: 'Try rank 1', event: { type: 'retry', changes: one } },
    { label: 'Draw your own', event: { type: 'draw', on: 'owl' } },
    { label: 'Share my owl', event: { type: 'panel', panel: { name: 'share-owl' } } },
    { label: 'What is LoRA?', event: WHAT_IS_LORA },
  ];
  return path[Math.min(done, path.length - 1)];
}

/** Changes by a control: α follows the rank, so that s stays and only the rank changes. */
export function tourChanges({ view, experiment }: State, changes: Partial<Experiment>): Partial<Experiment> {
  const { rank } = changes;
  if (!isFirst(view) || rank === undefined || Object.keys(changes).length > 1 || experiment.scaling !== 'standard')
    return changes;
  return { rank, alpha: (experiment.alpha * rank) / experiment.rank };
}

/** A drawing begins at rank 8: at rank 1 a stroke becomes a blob. */
export function tourDrawingChanges({ view }: State, changes: Partial<Experiment>): Partial<Experiment> {
  return isFirst(view) && changes.target === 'edit' ? { ...changes, ...RANK_EIGHT } : changes;
}

/** Seconds at full speed that a visitor waits for the same owl at another rank. */
const PATIENCE = 8;

/** A changed setting is trained at once, so that it is seen, unless that is known to take long or nothing was trained before. */
export function tourAfterSetting(state: State): State {
  const { view, tour, next, run, experiment } = state;
  if (!isFirst(view) || !next || next.after !== null || tour === 0) return state;
  // If it turns out to take longer than it was estimated, it is still seen.
  if (next.start === 'again') return { ...state, next: { ...next, start: 'quick' } };
  return next.start === 'no' && (run.secondsPerStep === 0 || isInstantRun(run, experiment, PATIENCE))
    ? train(state, {})
    : state;
}

/** The first visit after any event: how far its path has come, and its run's pace. Without an owl it is the whole lab. */
export function tourGoesOn(state: State): State {
  const { view, run, experiment, panel } = state;
  if (!isFirst(view))
    return view.view === 'lab' && view.lesson === '' && state.alone ? { ...state, alone: false } : state;
  if (!state.alone) return tourGoesOn({ ...state, alone: true });
  if (experiment.target !== 'edit') return changeView(state, { view: 'lab' });
  const shared = state.tour >= 3 && panel?.name === 'share-owl' ? 4 : 0;
  const tour = Math.max(state.tour, stepsDone(run, state), shared);
  return inStep(tour === state.tour ? state : { ...state, tour });
}

const USUAL_PACE = defaultView().pace;

/** The page is visible again: a run that was paused by that goes on. */
export function tourAfterHiding(state: State): State {
  return isFirst(state.view) && !state.hidden && state.run.pausedByHiding ? train(state, {}) : state;
}

/** A run that no script has started, and whose pace nobody has chosen, is at the pace of the tour. */
function inStep(state: State): State {
  const { run, view } = state;
  if (run.status !== 'training' || run.scripted || run.atOnce || run.wanted.pace === 0 || view.pace !== USUAL_PACE)
    return state;
  const pace = tourPace(lastStep(run), run.wanted.until);
  return pace === run.wanted.pace
    ? state
    : { ...state, run: { ...run, wanted: trainTarget(run, pace, run.wanted.until) } };
}
