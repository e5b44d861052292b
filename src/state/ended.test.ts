import { expect, it } from 'vitest';
import type { PageEvent } from './events.ts';
import { endedBeside } from './run/listed.ts';
import { lastStep } from './run/run.ts';
import type { State } from './state.ts';
import { ended, frame, idle, play, ready, up } from './testing/page.ts';

const changed = (rank: number): PageEvent => ({ type: 'changed', changes: { rank } });
const done = (state: State, ending: 'finished' | 'diverged' = 'finished'): PageEvent => {
  const { number, wanted } = state.next?.run ?? state.run;
  return up({ type: 'done', run: number, order: wanted.order, ending, step: 300 });
};

/** Trains once more at another rank, behind the run on screen. */
function again(state: State, rank: number, number: number, target = 4): State {
  const message = ready(number, target);
  const [module] = message.modules;
  const training = play(
    state,
    changed(rank),
    up({ ...message, modules: [{ ...module, rank }] }),
    up(frame(number, 0, 301)),
  );
  return play(training, done(training));
}

it('a run that has finished stays, one on screen is not beside itself', () => {
  const first = ended();
  expect(first.ended).toMatchObject([{ number: 1, rank: 2, error: 300 }]);
  expect(endedBeside(first)).toEqual([]);
  const second = again(first, 4, 2);
  expect(lastStep(second.run)).toBe(300);
  expect(second.ended.map(({ rank }) => rank)).toEqual([2, 4]);
  expect(endedBeside(second).map(({ number }) => number)).toEqual([1]);
});

it('is not beside runs that learn another ΔW*', () => {
  const other = again(ended(), 4, 2, 8);
  expect(other.ended).toHaveLength(2);
  expect(endedBeside(other)).toEqual([]);
});

it('has the end of a run that went on, once, and no run that goes on or has diverged', () => {
  const first = ended();
  const more = play(first, { type: 'train', steps: 10 }, up(frame(1, 301, 10)));
  const end = play(more, up({ type: 'done', run: 1, order: more.run.wanted.order, ending: 'finished', step: 310 }));
  expect(end.ended).toMatchObject([{ number: 1, error: 310 }]);
  const training = play(idle(), { type: 'train' }, up(frame(1, 1, 300)));
  expect(training.ended).toEqual([]);
  expect(play(training, done(training, 'diverged')).ended).toEqual([]);
});
