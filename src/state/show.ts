import type { PageEvent } from './events.ts';
import { restart, train, wish } from './run/begin.ts';
import { isComplete, lastStep } from './run/run.ts';
import { changeSettings, changeView } from './settings.ts';
import type { State } from './state.ts';
import type { Show, ShowEvent } from './view.ts';

/** Seconds before the first step. */
export const STILL = 3;
/** From a step on, steps per second. */
const PACES = [
  { from: 0, pace: 4 },
  { from: 20, pace: 12 },
] as const;
/** After those: as fast as this, or as the rest of the run needs. */
const LAST_PART = { from: 40, pace: 50 } as const;
/** The last part of a run takes no longer, in seconds; nor does a whole one that a person asked for. */
const LAST = 1.6;
/** By hand the second caption is about this step. */
const MIDDLE = 20;

/** Steps a second of a show that stands at a step of so many. */
export function paceAt(step: number, steps: number): number {
  if (step >= LAST_PART.from) return Math.max(LAST_PART.pace, (steps - LAST_PART.from) / LAST);
  return (PACES.findLast((one) => step >= one.from) ?? PACES[0]).pace;
}

function paceOf({ caption, by }: Show, step: number, steps: number): number {
  if (by === 'hand') return Number.POSITIVE_INFINITY;
  return caption === 3 ? Math.max(LAST_PART.pace, steps / LAST) : paceAt(step, steps);
}

/** What a person or the clock asks of the show. */
export function onShow(state: State, { caption, by, changes }: ShowEvent): State {
  const show = caption && { caption, by: by ?? state.show?.by ?? 'itself' };
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
  return step >= state.experiment.steps ? now : inStep(train(now, { steps: until }));
}

/** What a person does to the page beside the show, and yet is no control: it looks on. */
const LOOKS_ON: ReadonlySet<PageEvent['type']> = new Set([
  'engine',
  'show',
  'hover',
  'cell',
  'hidden',
  'notice',
  'dismiss',
  'settled',
  'theme',
  'tab',
  'define',
  'shortcuts',
  'joined',
  'left',
]);

/** What a person does who draws on the owl. */
const DRAWS: ReadonlySet<PageEvent['type']> = new Set([
  'draw',
  'painted',
  'unpainted',
  'drafted',
  'discarded',
  'drawn',
]);

/** Whether the show outlives an event. At its end a drawing is one of the things to try, and trains as the others do. */
function goesOn({ show, next }: State, event: PageEvent): boolean {
  if (LOOKS_ON.has(event.type)) return true;
  if (show?.caption !== 3) return false;
  return DRAWS.has(event.type) || (event.type === 'train' && !event.scripted && next !== null);
}

/** The show after any event: at its pace, at the caption that the run has reached, or over. */
export function withShow(state: State, event: PageEvent): State {
  const { show, run } = state;
  if (!show) return state;
  if (event.type === 'opened') return event.show ? state : { ...state, show: null };
  if (!goesOn(state, event)) return changeView({ ...state, show: null }, {});
  if (event.type === 'hidden') return event.hidden || !run.pausedByHiding ? state : inStep(train(state, {}));
  if (run.scripted || run.status === 'diverged' || run.status === 'stopped' || run.status === 'device-lost')
    return { ...state, show: null };
  if (isComplete(run) && show.caption === 2) return { ...state, show: { ...show, caption: 3 } };
  return inStep(state);
}

/** The run at the pace of the show. */
function inStep(state: State): State {
  const { show, run } = state;
  if (!show || run.status !== 'training' || run.wanted.pace === 0) return state;
  const pace = paceOf(show, lastStep(run), state.experiment.steps);
  return pace === run.wanted.pace ? state : { ...state, run: { ...run, wanted: wish(run, pace, run.wanted.until) } };
}
