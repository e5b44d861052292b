import type { View } from '../experiment/settings/view.ts';
import { SHELF, storedNames, storedText, storedTexts } from '../kit/storage.ts';
import type { PageEvent } from '../state/events.ts';
import { noticeEvent } from '../state/notices.ts';
import { isFirst } from '../state/places.ts';
import { lastStep } from '../state/run/run.ts';
import type { State, Store } from '../state/state.ts';

/** Whether the lab was last shown with its charts. If storage is refused, the bare address opens the first visit. */
const CHARTS = storedText('lora-explorer/charts');
/** Whether a run was trained in a first visit: then none starts by itself. */
const SEEN = storedText('lora-explorer/opening');
/** Events that say that somebody is there. */
const PRESSES = ['pointerdown', 'keydown'] as const;
/** Seconds without a press before the owl is trained by itself. */
export const PATIENCE_SECONDS = 8;

/** The view of an address: the bare one opens the first visit, unless charts were shown on this device. */
export function firstView(fragment: string, view: View | undefined): View | undefined {
  const bare = fragment.replace(/^#/, '') === '';
  return view && bare && CHARTS.get() === null ? { ...view, view: 'first' } : view;
}

/** Stores whether the charts are shown; trains a first visit's owl, once, if nobody presses anything. */
export function startTour(lab: Store): void {
  lab.react(({ view: now, run }, { view: before, run: old }, { type }) => {
    if (type === 'viewed' && now.lesson === '' && before.lesson === '') {
      if (before.view === 'first' && now.view === 'lab') CHARTS.set('shown');
      if (before.view === 'lab' && now.view === 'first') CHARTS.del();
    }
    if (isFirst(now) && run.status === 'training' && old.status !== 'training') SEEN.set('seen');
  });
  const mayStart = parent === window && SEEN.get() === null;
  if (mayStart && !matchMedia('(prefers-reduced-motion: reduce)').matches) trainUnlessPressed(lab);
}

const waits = ({ view, run, next, hidden, panel, editor }: State): boolean =>
  isFirst(view) && run.status === 'idle' && lastStep(run) <= 0 && !next && !hidden && !panel && editor === null;

/** Counts from the moment that the owl is ready, and again from each press. */
function trainUnlessPressed(lab: Store): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const stop = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const count = () => {
    stop();
    if (waits(lab.state())) timer = setTimeout(() => lab.dispatch({ type: 'train' }), 1000 * PATIENCE_SECONDS);
  };
  for (const press of PRESSES) addEventListener(press, count);
  const off = lab.react((now, before) => {
    if (now.run.status === 'training') {
      stop();
      off();
      for (const press of PRESSES) removeEventListener(press, count);
    } else if (waits(now) !== waits(before)) count();
  });
}

/** Known: the note was shown here, or is not needed. */
const PLACES = storedText('lora-explorer/places');

/** Whether the note may still be needed: else nobody has to ask what is stored. */
export const awaitsNote = (): boolean => PLACES.get() === null;

/** Whether anything was stored here before this visit: asked before the page stores something itself. */
export async function isReturning(): Promise<boolean> {
  const parts = [storedTexts('lora-explorer/'), { shelf: SHELF, prefix: 'lora-explorer/' }];
  const names = await Promise.all(parts.map(storedNames));
  // As old as the places.
  return names.flat().some((name) => name !== 'lora-explorer/charts');
}

/**
 * The note on where Runs, Compare and Sweep have gone, once, in the lab, for those who come back from before the
 * places. Who comes for the first time never gets it, however often they return.
 */
export function placesNote(returning: boolean, inLab: boolean): PageEvent | null {
  if (!awaitsNote() || (returning && !inLab)) return null;
  PLACES.set('known');
  if (!returning) return null;
  return noticeEvent('places', 'plain', 'Runs, Compare and Sweep are tabs of the Lab now.', [
    'They are beside This run: All runs, Compare and Sweep.',
  ]);
}
