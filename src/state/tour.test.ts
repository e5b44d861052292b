import { describe, expect, it } from 'vitest';
import { change, defaults, defaultView } from '../experiment/settings/experiment.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { PageEvent } from './events.ts';
import { goTo } from './places.ts';
import { initialState, type State } from './state.ts';
import { frame, play, readyMessage, workerEvent } from './testing/page.ts';
import { PAUSE_SECONDS, tourPace } from './tour.ts';

const OWL = change(defaults(), { target: 'edit', edit: 'sunglasses' });
const opened = (show?: 'itself' | 'hand'): Extract<PageEvent, { type: 'opened' }> => ({
  type: 'opened',
  experiment: OWL,
  view: defaultView(),
  drawing: null,
  notices: [],
  preset: null,
  show,
});
const caption = (n: 1 | 2 | 3 | null): PageEvent => ({ type: 'show', caption: n });
const done = (state: State, ending: 'finished' | 'paused', step = 300): State =>
  play(state, workerEvent({ type: 'done', run: state.run.number, order: state.run.wanted.order, ending, step }));
const begun = (by: 'itself' | 'hand' = 'itself'): State =>
  play(initialState({ backend: null, stepper: null }), opened(by), workerEvent(readyMessage(1)));

/** The offers of the tour are next to the finished run. */
const atEnd = (): State => done(play(begun(), caption(3), workerEvent(frame(1, 0, 301))), 'finished');

/** The step of the tour after some seconds, from the pace alone. */
function stepAt(seconds: number, steps: number): number {
  let [step, time] = [0, PAUSE_SECONDS];
  while (step < steps) {
    time += 1 / tourPace(step, steps);
    if (time > seconds) return step;
    step++;
  }
  return step;
}

describe('the pace of the show', () => {
  it('stands still for three seconds, is slow to step 40, and is over after about eight more', () => {
    for (const steps of [120, 300]) {
      expect(stepAt(2.9, steps)).toBe(0);
      expect(stepAt(PAUSE_SECONDS + 5.01, steps)).toBe(20);
      expect(stepAt(PAUSE_SECONDS + 6.67, steps)).toBe(40);
      expect(stepAt(PAUSE_SECONDS + 8, steps)).toBeLessThan(steps);
      expect(stepAt(PAUSE_SECONDS + 8.5, steps)).toBe(steps);
    }
  });
});

describe('the show', () => {
  it('presents how far a rank comes beside what it is made of; each place can be given another chart', () => {
    const state = begun();
    expect(state.presented).toEqual([2, 0]);
    const shown = (event: PageEvent) => play(state, event).presented;
    expect(shown({ type: 'present', chart: 1, right: true })).toEqual([2, 1]);
    expect(shown({ type: 'present', chart: 0, right: false })).toEqual([0, 1]);
    expect(shown({ type: 'present', chart: 3 })).toEqual([2, 3]);
    expect(play(initialState({ backend: null, stepper: null }), opened()).presented).toEqual([2, 1]);
  });

  it('begins with its first caption, and nothing trains', () => {
    expect(begun().show).toEqual({ caption: 1, by: 'itself' });
    expect(begun().run.status).toBe('idle');
    expect(play(begun(), opened()).show).toBeNull();
  });

  it('trains at the pace of its step, and ends with the third caption', () => {
    let state = play(begun(), caption(2));
    expect(state.run).toMatchObject({ status: 'training', wanted: { pace: 4, until: 300 } });
    state = play(state, workerEvent(frame(1, 0, 21)));
    expect(state.run.wanted.pace).toBe(12);
    state = play(state, workerEvent(frame(1, 21, 20)));
    expect(state.run.wanted.pace).toBe(tourPace(40, 300));
    state = done(play(state, workerEvent(frame(1, 41, 260))), 'finished');
    expect(state.show?.caption).toBe(3);
    expect(state.view.pace).toBe(defaultView().pace);
  });

  it.each<[string, PageEvent]>([
    ['another experiment', { ...opened(), experiment: defaults() }],
    ['a target that is no edit of the owl', { type: 'changed', changes: { target: 'rotation' } }],
    ['a script', { type: 'train', scripted: true }],
    ['a run that was kept', caption(null)],
  ])('is ended by %s', (_, event) => {
    for (const state of [play(begun(), caption(2), workerEvent(frame(1, 0, 5))), atEnd()]) {
      expect(state.show).not.toBeNull();
      expect(play(state, event).show).toBeNull();
    }
  });

  it.each<[string, PageEvent]>([
    ['the timeline', { type: 'look', step: 3 }],
    ['a panel', { type: 'panel', panel: { name: 'share' } }],
    ['the help of a chart', { type: 'panel', panel: { name: 'explain', chart: 'error' } }],
    ['a pause', { type: 'pause' }],
    ['Present', { type: 'viewed', changes: { view: 'present' } }],
    ['another screen', goTo('sweep')],
    ['a cell', { type: 'cell', cell: { row: 1, column: 1 } }],
    ['the editor', { type: 'draw', on: 'owl' }],
  ])('outlives %s, at the caption where it is', (_, event) => {
    for (const state of [play(begun(), caption(2), workerEvent(frame(1, 0, 5))), atEnd()])
      expect(play(state, event).show).toEqual(state.show);
  });

  it.each<[string, PageEvent]>([
    ['the rank', { type: 'changed', changes: { rank: 4 } }],
    ['α', { type: 'changed', changes: { alpha: 4 } }],
    ['the seed', { type: 'changed', changes: { seed: 5 } }],
    ['the edit', { type: 'changed', changes: { edit: 'hat' } }],
  ])('has its end for whoever sets %s: that is trained, and what may be tried stays', (_, event) => {
    for (const state of [begun(), play(begun(), caption(2), workerEvent(frame(1, 0, 5)))]) {
      const changed = play(state, event);
      expect(changed.show?.caption).toBe(3);
      expect(changed.next?.start ?? changed.run.status).toMatch(/yes|training/);
    }
    const state = play(atEnd(), event);
    expect(state.show?.caption).toBe(3);
    expect(play(state, { type: 'undo' }).show?.caption).toBe(3);
  });

  it('trains what takes longer than a moment too, and nothing that takes long', () => {
    const slow = { ...atEnd(), run: { ...atEnd().run, secondsPerStep: 1e-3 } };
    const start = (secondsPerStep: number) =>
      play({ ...slow, run: { ...slow.run, secondsPerStep } }, { type: 'changed', changes: { rank: 64 } }).next?.start;
    expect([1e-5, 1e-3, 1].map(start)).toEqual(['again', 'yes', 'no']);
  });

  it('lets α follow the rank, and no other control', () => {
    const set = (changes: Partial<Experiment>) => play(atEnd(), { type: 'changed', changes }).experiment;
    expect(set({ rank: 13 })).toMatchObject({ rank: 13, alpha: 26 });
    expect(set({ alpha: 4 })).toMatchObject({ rank: 8, alpha: 4 });
    const later = play(begun(), caption(null), { type: 'changed', changes: { rank: 13 } }).experiment;
    expect(later).toMatchObject({ rank: 13, alpha: 16 });
  });

  it('goes on at its pace for whoever presses Train, and after a pause', () => {
    const state = play(begun(), { type: 'train' });
    expect(state.show?.caption).toBe(2);
    expect(state.run).toMatchObject({ status: 'training', wanted: { pace: 4, until: 300 } });
    const paused = done(play(state, workerEvent(frame(1, 0, 6)), { type: 'pause' }), 'paused', 5);
    expect(play(paused, { type: 'train' })).toMatchObject({ show: { caption: 2 }, run: { wanted: { pace: 4 } } });
    const byHand = play(begun('hand'), { type: 'train' });
    expect(byHand).toMatchObject({ show: { caption: 2 }, run: { wanted: { until: 20 } } });
  });

  it('skipped is at its end at once, at full speed', () => {
    for (const state of [begun(), play(begun(), caption(2), workerEvent(frame(1, 0, 5)))]) {
      const skipped = play(state, { type: 'show', caption: 3, atOnce: true });
      expect(skipped.show?.caption).toBe(3);
      expect(skipped.run).toMatchObject({ status: 'training', wanted: { pace: Number.POSITIVE_INFINITY, until: 300 } });
    }
  });

  it('keeps to a pace that a person has chosen', () => {
    const state = play(begun(), caption(2), { type: 'viewed', changes: { pace: 1 } }, workerEvent(frame(1, 0, 5)));
    expect(state.run.wanted.pace).toBe(1);
    expect(play(state, workerEvent(frame(1, 5, 40))).run.wanted.pace).toBe(1);
  });

  it('waits in a hidden tab and goes on when that is seen again', () => {
    let state = play(begun(), caption(2), workerEvent(frame(1, 0, 5)), { type: 'hidden', hidden: true });
    expect(state.run.wanted.pace).toBe(0);
    state = done(state, 'paused', 4);
    state = play(state, { type: 'hidden', hidden: false });
    expect(state.run).toMatchObject({ status: 'training', wanted: { pace: 4 } });
  });

  it('by hand goes to about step 20 at once, then to the end', () => {
    let state = play(begun('hand'), caption(2));
    expect(state.run.wanted).toMatchObject({ pace: Number.POSITIVE_INFINITY, until: 20 });
    state = done(play(state, workerEvent(frame(1, 0, 21))), 'paused', 20);
    expect(state.show).toEqual({ caption: 2, by: 'hand' });
    state = play(state, caption(3));
    expect(state.run.wanted).toMatchObject({ pace: Number.POSITIVE_INFINITY, until: 300 });
    expect(state.show).toEqual({ caption: 3, by: 'hand' });
  });

  it('trains again with other settings at its end, and that can be undone', () => {
    let state = done(play(begun(), caption(3), workerEvent(frame(1, 0, 301))), 'finished');
    state = play(state, { type: 'show', caption: 3, changes: { rank: 1, alpha: 2 } });
    state = play(state, workerEvent(readyMessage(state.lastNumber)));
    expect(state.run).toMatchObject({ status: 'training', experiment: { rank: 1, alpha: 2 } });
    expect(state.show?.caption).toBe(3);
    expect(play(state, { type: 'undo' }).experiment).toMatchObject({ rank: 8, alpha: 16 });
  });

  it('tells of a drawing, which trains as the others do', () => {
    const end = atEnd();
    const open: PageEvent = { type: 'draw', on: 'owl' };
    expect(play(end, open, { type: 'draw', on: null }).show?.caption).toBe(3);
    const drawing = { data: new Float64Array(4096).fill(0.5), rows: 64, cols: 64 };
    const changes = { target: 'edit', data: 'Fwx' } as const;
    let state = play(end, open, { type: 'drawn', data: 'Fwx', drawing, changes }, { type: 'discarded', on: 'owl' });
    state = play(state, { type: 'train' });
    state = play(state, workerEvent(readyMessage(state.lastNumber)));
    expect(state.run).toMatchObject({ status: 'training', experiment: { data: 'Fwx' } });
    expect(state.show?.caption).toBe(3);
  });

  it('trains what is drawn after “Rank 1” at rank 8, and at the rank that a person has set otherwise', () => {
    const drawing = { data: new Float64Array(4096).fill(0.5), rows: 64, cols: 64 };
    const draws: PageEvent = { type: 'drawn', data: 'Fwx', drawing, changes: { target: 'edit', data: 'Fwx' } };
    const after = (changes: Partial<Experiment>) =>
      play(atEnd(), { type: 'show', caption: 3, changes }, workerEvent(readyMessage(2)), { type: 'draw', on: 'owl' });
    const one = after({ rank: 1, alpha: 2 });
    expect(play(one, { type: 'draw', on: null }).experiment).toMatchObject({ rank: 1, alpha: 2 });
    expect(play(one, draws).experiment).toMatchObject({ data: 'Fwx', rank: 8, alpha: 16 });
    expect(play(after({ rank: 2, alpha: 4 }), draws).experiment).toMatchObject({ data: 'Fwx', rank: 2, alpha: 4 });
    // In the lab a drawing keeps its rank.
    expect(play(one, caption(null), draws).experiment).toMatchObject({ data: 'Fwx', rank: 1, alpha: 2 });
  });

  it('goes back to its beginning and plays from there', () => {
    const state = play(begun(), caption(2), workerEvent(frame(1, 0, 50)), caption(1), workerEvent(readyMessage(2)));
    expect(state.run.status).toBe('idle');
    expect(state.show?.caption).toBe(1);
  });
});
