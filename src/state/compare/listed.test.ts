import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PageEvent } from '../events.ts';
import { lastStep } from '../run/run.ts';
import type { State } from '../state.ts';
import { ended, frame, idle, play, ready, trained, up } from '../testing/page.ts';

const changed = (changes: Partial<Experiment>, group?: string): PageEvent => ({ type: 'changed', changes, group });
const restore = (place: number): PageEvent => ({ type: 'compare', does: 'restore', place });
const pin = (place: number): PageEvent => ({ type: 'compare', does: 'pin-listed', place });

/** The run that is asked for, trained to its end. */
function trainedOn(state: State, steps = 300): State {
  const number = (state.next?.run ?? state.run).number;
  const made = play(state, up(ready(number)), up(frame(number, 0, steps + 1)));
  const run = made.next?.run ?? made.run;
  return play(made, up({ type: 'done', run: number, order: run.wanted.order, ending: 'finished', step: steps }));
}
const after = (state: State, changes: Partial<Experiment>) => trainedOn(play(state, changed(changes)));
const places = ({ compare }: State) =>
  compare.listed.map(({ place, experiment, steps, status }) => [place, experiment.rank, steps, status]);
const back = (state: State) => play(state, up(ready(state.next?.run.number ?? -1)));

describe('the runs of a session', () => {
  it('are listed once they have moved and stand, the newest last', () => {
    expect(places(idle())).toEqual([]);
    expect(places(trained())).toEqual([]);
    const two = after(ended(), { rank: 4 });
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
    const state = play(trained(), changed({ rank: 2 }), up(ready(2)));
    expect(places(state)).toEqual([[1, 8, 10, 'paused']]);
  });

  it('have a run that goes on, or comes back, in its place', () => {
    const more = play(ended(), { type: 'train' }, up(frame(1, 301, 300)));
    const done = up({ type: 'done', run: 1, order: more.run.wanted.order, ending: 'finished', step: 600 });
    expect(places(play(more, done))).toEqual([[1, 8, 600, 'finished']]);
    const two = after(ended(), { rank: 4 });
    const one = back(play(two, { type: 'undo' }));
    expect([one.run.origin, places(one).length]).toEqual([1, 2]);
  });

  it('leave out what a drag only passes', () => {
    const one = trainedOn(play(ended(), changed({ rank: 6 }, 'rank')));
    const two = trainedOn(play(one, changed({ rank: 5 }, 'rank')));
    expect(places(two).map(([, rank]) => rank)).toEqual([8, 5]);
    const rests = play(two, { type: 'settled' });
    expect(places(after(rests, { rank: 2 })).map(([, rank]) => rank)).toEqual([8, 5, 2]);
  });

  it('come back with their settings and their result, which is a step of undo', () => {
    const two = after(ended(), { rank: 4 });
    const one = back(play(two, restore(1)));
    expect([one.experiment.rank, one.run.status, lastStep(one.run), one.next]).toEqual([8, 'finished', 300, null]);
    expect(one.run.trace).toBe(two.compare.listed[0].run?.trace);
    expect(play(one, restore(1))).toBe(one);
    expect(back(play(one, { type: 'undo' })).experiment.rank).toBe(4);
    expect(places(one).length).toBe(2);
  });

  it('are pinned and unpinned from the list', () => {
    const two = play(after(ended(), { rank: 4 }), pin(1));
    expect(two.compare.pins.map(({ experiment, run }) => [experiment.rank, run?.trace.length])).toEqual([[8, 301]]);
    expect(play(two, pin(1)).compare.pins).toEqual([]);
    expect(play(two, pin(9))).toBe(two);
  });

  it('are a hundred at most: the oldest that is not pinned goes first', () => {
    const many = Array.from({ length: 101 }, (_, i) => i + 2).reduce(
      (state, seed) => after(state, { seed }),
      play(ended(), pin(1)),
    );
    expect(many.compare.listed.length).toBe(100);
    expect(many.compare.listed.slice(0, 2).map(({ place }) => place)).toEqual([1, 4]);
    expect(many.compare.listed.at(-1)?.place).toBe(102);
  });
});
