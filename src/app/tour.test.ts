// @vitest-environment happy-dom

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultView } from '../experiment/settings/view.ts';

import { goTo } from '../state/places.ts';
import { createStore, initialState, type State } from '../state/state.ts';
import { play, readyMessage, workerEvent } from '../state/testing/page.ts';
import { update } from '../state/update.ts';
import { openLink } from './address.ts';
import { firstView, isReturning, PATIENCE_SECONDS, placesNote, startTour } from './tour.ts';

const seconds = (count: number) => vi.advanceTimersByTime(1000 * count);
const motion = (reduced: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: reduced }));

async function visit() {
  const { event } = await openLink('');
  const view = firstView('', event.view);
  const state = play(initialState({ backend: null, stepper: null }), { ...event, view }, workerEvent(readyMessage(1)));
  const lab = createStore<State, Parameters<typeof update>[1]>(state, update, (redraw) => redraw());
  startTour(lab);
  lab.dispatch({ type: 'hidden', hidden: true });
  lab.dispatch({ type: 'hidden', hidden: false });
  return lab;
}

beforeEach(() => {
  vi.useFakeTimers();
  motion(false);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe('the bare address', () => {
  const shown = (fragment: string) => firstView(fragment, defaultView())?.view;

  it('opens the first visit; a link opens what it says', () => {
    expect([shown(''), shown('#'), shown('#v=1')]).toEqual(['first', 'first', 'lab']);
  });

  it('opens the charts once they were shown, until they are hidden', async () => {
    const lab = await visit();
    lab.dispatch(goTo('lab'));
    expect(shown('')).toBe('lab');
    lab.dispatch(goTo('first'));
    expect(shown('')).toBe('first');
    lab.dispatch(goTo('teach'));
    lab.dispatch(goTo('lab'));
    expect(shown('')).toBe('first');
  });
});

describe('an owl that nobody trains', () => {
  it('is trained by itself after eight seconds without a press, once on this device', async () => {
    const lab = await visit();
    seconds(PATIENCE_SECONDS - 0.1);
    expect(lab.state().run.status).toBe('idle');
    dispatchEvent(new Event('pointerdown'));
    seconds(PATIENCE_SECONDS - 0.1);
    expect(lab.state().run.status).toBe('idle');
    seconds(0.2);
    expect(lab.state().run.status).toBe('training');
    const again = await visit();
    seconds(2 * PATIENCE_SECONDS);
    expect(again.state().run.status).toBe('idle');
  });

  it('stays untrained where less motion is asked for, in the frame of another page, in a hidden tab and elsewhere', async () => {
    motion(true);
    const still = await visit();
    motion(false);
    const hidden = await visit();
    hidden.dispatch({ type: 'hidden', hidden: true });
    const away = await visit();
    away.dispatch(goTo('teach'));
    vi.stubGlobal('parent', {});
    const framed = await visit();
    seconds(2 * PATIENCE_SECONDS);
    for (const lab of [still, hidden, away, framed]) expect(lab.state().run.status).toBe('idle');
  });
});

describe('the note on where the places have gone', () => {
  beforeEach(() => void vi.useRealTimers());

  it('is shown once, in the lab, to those who come back', async () => {
    localStorage.setItem('lora-explorer/opening', 'seen');
    expect(await isReturning()).toBe(true);
    // A lesson is no place for it: it waits.
    expect(placesNote(true, false)).toBeNull();
    expect(placesNote(true, true)).toMatchObject({ type: 'notice', notice: { about: 'places', tone: 'plain' } });
    expect(placesNote(true, true)).toBeNull();
  });

  it('is never shown to a new visitor, not even on the next visit', async () => {
    expect(await isReturning()).toBe(false);
    // The choice of charts is as new as the places.
    localStorage.setItem('lora-explorer/charts', 'shown');
    expect(await isReturning()).toBe(false);
    expect(placesNote(false, true)).toBeNull();
    localStorage.setItem('lora-explorer/opening', 'seen');
    expect(await isReturning()).toBe(true);
    expect(placesNote(true, true)).toBeNull();
  });
});
