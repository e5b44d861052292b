import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PageEvent } from '../events.ts';
import { lastStep } from '../run/run.ts';
import type { State } from '../state.ts';
import { ended, frame, idle, play, ready, trained, up } from '../testing/page.ts';
import { givenName, pinOfLive } from './pins.ts';

const changed = (changes: Partial<Experiment>): PageEvent => ({ type: 'changed', changes });
const PIN: PageEvent = { type: 'compare', does: 'pin' };
const UNDO: PageEvent = { type: 'undo' };
const REDO: PageEvent = { type: 'redo' };

/** The lab with these settings changed, trained to the end of its budget. */
function after(state: State, changes: Partial<Experiment>): State {
  const asked = play(state, changed(changes));
  const number = asked.next?.run.number ?? -1;
  const made = play(asked, up(ready(number)), up(frame(number, 0, 301)));
  const run = made.next?.run ?? made.run;
  return play(made, up({ type: 'done', run: number, order: run.wanted.order, ending: 'finished', step: 300 }));
}
/** The lab once the worker holds the run that comes back. */
const back = (state: State) => play(state, up(ready(state.next?.run.number ?? -1)));
const ranks = ({ compare }: State) => compare.pins.map((pin) => pin.experiment.rank);
const live = (s: State) => [s.experiment.rank, s.run.status, lastStep(s.run)];

/** Ranks 8, 4, 2 … are pinned one after another; the last one is on screen. */
const pinned = (all: readonly number[]) =>
  all.reduce((state, rank) => play(rank === 8 ? state : after(state, { rank }), PIN), ended());

describe('pins', () => {
  it('keep the run on screen as it stands, with its curves and factors and without its matrices', () => {
    const state = play(trained(), PIN);
    const [pin] = state.compare.pins;
    expect(pin.run?.trace).toBe(state.run.trace);
    expect(pin.run?.frames.at(-1)?.modules[0].A).toBe(state.run.frames.at(-1)?.modules[0].A);
    expect(pin.run).toMatchObject({ ready: null, status: 'paused' });
    expect(pin).toMatchObject({ floor: 0, own: null, quiet: false });
    // Nothing of it changes as the run goes on.
    const on = play(state, up(frame(1, 11, 20)));
    expect([lastStep(on.run), on.compare.pins[0].run?.trace.length]).toEqual([30, 11]);
    expect(pinOfLive(state)).toBe(pin);
    expect(pinOfLive(on)).toBeNull();
  });

  it('are taken away by the same key, and there is nothing to pin before the first step', () => {
    expect(play(idle(), PIN).compare.pins).toEqual([]);
    expect(play(ended(), PIN, PIN).compare.pins).toEqual([]);
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
    expect(givenName(swapped.compare, swapped.experiment)).toBe('my best');
    const again = back(play(swapped, { type: 'compare', does: 'make-live', pin: swapped.compare.pins[0].id }));
    expect(again.compare.pins.map(({ own }) => own)).toEqual(['my best']);
    // Other settings are another run; an emptied name is gone.
    expect(givenName(again.compare, { ...again.experiment, rank: 2 })).toBeNull();
    const emptied = play(again, { type: 'compare', does: 'name', pin: again.compare.pins[0].id, name: ' ' });
    expect(givenName(emptied.compare, again.compare.pins[0].experiment)).toBeNull();
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
    expect(dragged.compare.base?.rank).toBe(8);
    expect(play(dragged, { type: 'settled' }).compare.base?.rank).toBe(5);
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
