import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PageEvent } from '../events.ts';
import { lastStep } from '../run/run.ts';
import type { State } from '../state.ts';
import { endedState, frame, idleState, play, readyMessage, trainedState, workerEvent } from '../testing/page.ts';
import { currentPin, isBackgroundRun, pinName } from './pins.ts';

const changed = (changes: Partial<Experiment>): PageEvent => ({ type: 'changed', changes });
const PIN: PageEvent = { type: 'compare', does: 'pin' };
const UNDO: PageEvent = { type: 'undo' };
const REDO: PageEvent = { type: 'redo' };

/** The lab with these settings changed, trained to the end of its budget. */
function after(state: State, changes: Partial<Experiment>): State {
  const asked = play(state, changed(changes));
  const number = asked.next?.run.number ?? -1;
  const made = play(asked, workerEvent(readyMessage(number)), workerEvent(frame(number, 0, 301)));
  const run = made.next?.run ?? made.run;
  return play(made, workerEvent({ type: 'done', run: number, order: run.wanted.order, ending: 'finished', step: 300 }));
}
const back = (state: State) => play(state, workerEvent(readyMessage(state.next?.run.number ?? -1)));
const ranks = ({ compare }: State) => compare.pins.map((pin) => pin.experiment.rank);
const live = (s: State) => [s.experiment.rank, s.run.status, lastStep(s.run)];

/** Pins ranks 8, 4, 2 … in order; the last one is on screen. */
const pinned = (all: readonly number[]) =>
  all.reduce((state, rank) => play(rank === 8 ? state : after(state, { rank }), PIN), endedState());

describe('pins', () => {
  it('keep the run on screen as it stands, with its curves and factors and without its matrices', () => {
    const state = play(trainedState(), PIN);
    const [pin] = state.compare.pins;
    expect(pin.run?.trace).toBe(state.run.trace);
    expect(pin.run?.frames.at(-1)?.modules[0].A).toBe(state.run.frames.at(-1)?.modules[0].A);
    expect(pin).toMatchObject({ own: null, run: { status: 'paused', reach: { floor: 0 } } });
    expect(pin.run && ['ready' in pin.run, isBackgroundRun(pin.run)]).toEqual([false, false]);
    const on = play(state, workerEvent(frame(1, 11, 20)));
    expect([lastStep(on.run), on.compare.pins[0].run?.trace.length]).toEqual([30, 11]);
    expect(currentPin(state)).toBe(pin);
    expect(currentPin(on)).toBeNull();
  });

  it('are taken away by the same key, and there is nothing to pin before the first step', () => {
    expect(play(idleState(), PIN).compare.pins).toEqual([]);
    expect(play(endedState(), PIN, PIN).compare.pins).toEqual([]);
  });

  it('are four at most: the fifth asks which one it is to take the place of', () => {
    const four = pinned([8, 4, 2, 1]);
    expect(ranks(four)).toEqual([8, 4, 2, 1]);
    const asked = play(after(four, { rank: 16 }), PIN);
    expect([ranks(asked), asked.compare.asks?.experiment.rank]).toEqual([[8, 4, 2, 1], 16]);
    const none = play(asked, { type: 'compare', does: 'replace', pin: null });
    expect([ranks(none), none.compare.asks]).toEqual([[8, 4, 2, 1], null]);
    const third = play(asked, { type: 'compare', does: 'replace', pin: asked.compare.pins[2].id });
    expect([ranks(third), third.compare.asks]).toEqual([[8, 4, 16, 1], null]);
    expect(ranks(play(third, UNDO))).toEqual([8, 4, 2, 1]);
    expect(new Set(third.compare.pins.map(({ id }) => id)).size).toBe(4);
  });

  it('keep the name that a person gave while they change places with the run on screen', () => {
    const two = after(pinned([8]), { rank: 4 });
    const named = play(two, { type: 'compare', does: 'name', pin: two.compare.pins[0].id, name: 'my best' });
    const swapped = back(play(named, { type: 'compare', does: 'make-live', pin: named.compare.pins[0].id }));
    expect(swapped.compare.pins.map(({ own }) => own)).toEqual([null]);
    expect(pinName(swapped.compare, swapped.experiment)).toBe('my best');
    const again = back(play(swapped, { type: 'compare', does: 'make-live', pin: swapped.compare.pins[0].id }));
    expect(again.compare.pins.map(({ own }) => own)).toEqual(['my best']);
    // Other settings are another run; an emptied name is forgotten.
    expect(pinName(again.compare, { ...again.experiment, rank: 2 })).toBeNull();
    const emptied = play(again, { type: 'compare', does: 'name', pin: again.compare.pins[0].id, name: ' ' });
    expect(pinName(emptied.compare, again.compare.pins[0].experiment)).toBeNull();
  });

  it('are steps of undo, and stay where they are when settings are undone', () => {
    const two = pinned([8, 4]);
    const one = play(two, { type: 'compare', does: 'unpin', pin: two.compare.pins[0].id });
    expect(ranks(one)).toEqual([4]);
    expect(ranks(play(one, UNDO))).toEqual([8, 4]);
    expect(ranks(play(one, UNDO, REDO))).toEqual([4]);
    const other = after(two, { rank: 2 });
    const undone = back(play(other, UNDO));
    expect([live(undone), ranks(undone)]).toEqual([
      [4, 'finished', 300],
      [8, 4],
    ]);
  });

  it('change places with the run on screen, and undo changes them back', () => {
    const state = after(pinned([8]), { rank: 4 });
    const [pin] = state.compare.pins;
    const asked = play(state, { type: 'compare', does: 'make-live', pin: pin.id });
    const swapped = back(asked);
    expect([live(swapped), ranks(swapped)]).toEqual([[8, 'finished', 300], [4]]);
    expect(swapped.run.trace).toBe(pin.run?.trace);
    const undone = back(play(swapped, UNDO));
    expect([live(undone), ranks(undone)]).toEqual([[4, 'finished', 300], [8]]);
    const redone = back(play(undone, REDO));
    expect([live(redone), ranks(redone)]).toEqual([[8, 'finished', 300], [4]]);
  });

  it('may have names of their own, and emptying one gives the automatic name back', () => {
    const state = pinned([8]);
    const name = (text: string): PageEvent => ({
      type: 'compare',
      does: 'name',
      pin: state.compare.pins[0].id,
      name: text,
    });
    expect(play(state, name(`  ${'x'.repeat(60)}`)).compare.pins[0].own).toBe('x'.repeat(40));
    expect(play(state, name('mine'), name(' ')).compare.pins[0].own).toBeNull();
    expect(play(state, name('')).past).toBe(state.past);
  });

  it('are named beside the settings of before a drag until it is over', () => {
    const state = pinned([8]);
    const drag = (rank: number): PageEvent => ({ type: 'changed', changes: { rank }, group: 'rank' });
    const dragged = play(state, drag(6), drag(5));
    expect(dragged.group?.from.rank).toBe(8);
    expect(play(dragged, { type: 'settled' })).toMatchObject({ group: null, experiment: { rank: 5 } });
  });

  it('are pointed at only while they are there', () => {
    const state = pinned([8]);
    const [{ id }] = state.compare.pins;
    const point = (at: number): PageEvent => ({ type: 'compare', does: 'point', at });
    expect(play(state, point(id)).compare.pointed).toBe(id);
    expect(play(state, point(id + 1)).compare.pointed).toBeNull();
    expect(play(state, point(id), { type: 'compare', does: 'unpin', pin: id }).compare.pointed).toBeNull();
  });
});

const changedListed = (changes: Partial<Experiment>, group?: string): PageEvent => ({
  type: 'changed',
  changes,
  group,
});
const restore = (place: number): PageEvent => ({ type: 'compare', does: 'restore', place });
const pin = (place: number): PageEvent => ({ type: 'compare', does: 'pin-listed', place });

function trainedOn(state: State, steps = 300): State {
  const number = (state.next?.run ?? state.run).number;
  const made = play(state, workerEvent(readyMessage(number)), workerEvent(frame(number, 0, steps + 1)));
  const run = made.next?.run ?? made.run;
  return play(
    made,
    workerEvent({ type: 'done', run: number, order: run.wanted.order, ending: 'finished', step: steps }),
  );
}
const afterListed = (state: State, changes: Partial<Experiment>) => trainedOn(play(state, changedListed(changes)));
const places = ({ compare }: State) =>
  compare.listed.map(({ place, experiment, steps, status }) => [place, experiment.rank, steps, status]);

describe('the runs of a session', () => {
  it('are listed once they have moved and stand, the newest last', () => {
    expect(places(idleState())).toEqual([]);
    expect(places(trainedState())).toEqual([]);
    const two = afterListed(endedState(), { rank: 4 });
    expect(places(two)).toEqual([
      [1, 8, 300, 'finished'],
      [2, 4, 300, 'finished'],
    ]);
    const [first, second] = two.compare.listed;
    expect([first.before, second.before?.rank]).toEqual([null, 8]);
    expect(second).toMatchObject({ error: 300, floor: 0 });
    expect([second.curve.length, second.curve[0], second.curve.at(-1)]).toEqual([48, 0, 300]);
  });

  it('have one that is replaced while it trains too, as it stood', () => {
    const state = play(trainedState(), changedListed({ rank: 2 }), workerEvent(readyMessage(2)));
    expect(places(state)).toEqual([[1, 8, 10, 'paused']]);
  });

  it('have a run that goes on, or comes back, in its place', () => {
    const more = play(endedState(), { type: 'train' }, workerEvent(frame(1, 301, 300)));
    const done = workerEvent({ type: 'done', run: 1, order: more.run.wanted.order, ending: 'finished', step: 600 });
    expect(places(play(more, done))).toEqual([[1, 8, 600, 'finished']]);
    const two = afterListed(endedState(), { rank: 4 });
    const one = back(play(two, { type: 'undo' }));
    expect([one.run.origin, places(one).length]).toEqual([1, 2]);
  });

  it('leave out what a drag only passes', () => {
    const one = trainedOn(play(endedState(), changedListed({ rank: 6 }, 'rank')));
    const two = trainedOn(play(one, changedListed({ rank: 5 }, 'rank')));
    expect(places(two).map(([, rank]) => rank)).toEqual([8, 5]);
    const rests = play(two, { type: 'settled' });
    expect(places(afterListed(rests, { rank: 2 })).map(([, rank]) => rank)).toEqual([8, 5, 2]);
  });

  it('come back with their settings and their result, which is a step of undo', () => {
    const two = afterListed(endedState(), { rank: 4 });
    const one = back(play(two, restore(1)));
    expect([one.experiment.rank, one.run.status, lastStep(one.run), one.next]).toEqual([8, 'finished', 300, null]);
    expect(one.run.trace).toBe(two.compare.listed[0].run?.trace);
    expect(play(one, restore(1))).toBe(one);
    expect(back(play(one, { type: 'undo' })).experiment.rank).toBe(4);
    expect(places(one).length).toBe(2);
  });

  it('are pinned and unpinned from the list', () => {
    const two = play(afterListed(endedState(), { rank: 4 }), pin(1));
    expect(two.compare.pins.map(({ experiment, run }) => [experiment.rank, run?.trace.length])).toEqual([[8, 301]]);
    expect(play(two, pin(1)).compare.pins).toEqual([]);
    expect(play(two, pin(9))).toBe(two);
  });

  it('are a hundred at most: the oldest that is not pinned goes first', () => {
    const many = Array.from({ length: 101 }, (_, i) => i + 2).reduce(
      (state, seed) => afterListed(state, { seed }),
      play(endedState(), pin(1)),
    );
    expect(many.compare.listed.length).toBe(100);
    expect(many.compare.listed.slice(0, 2).map(({ place }) => place)).toEqual([1, 4]);
    expect(many.compare.listed.at(-1)?.place).toBe(102);
  });
});
