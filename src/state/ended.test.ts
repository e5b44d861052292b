import { expect, it } from 'vitest';
import type { PageEvent } from './events.ts';
import { otherRunEnds } from './run/listed-runs.ts';
import { lastStep } from './run/run.ts';
import type { State } from './state.ts';
import { endedState, frame, idleState, play, readyMessage, workerEvent } from './testing/page.ts';

const changed = (rank: number): PageEvent => ({ type: 'changed', changes: { rank } });
const done = (state: State, ending: 'finished' | 'diverged' = 'finished'): PageEvent => {
  const { number, wanted } = state.next?.run ?? state.run;
  return workerEvent({ type: 'done', run: number, order: wanted.order, ending, step: 300 });
};

function again(state: State, rank: number, number: number, target = 4): State {
  const message = readyMessage(number, target);
  const [module] = message.modules;
  const training = play(
    state,
    changed(rank),
    workerEvent({ ...message, modules: [{ ...module, rank }] }),
    workerEvent(frame(number, 0, 301)),
  );
  return play(training, done(training));
}

it('a run that has finished stays, one on screen is not beside itself', () => {
  const first = endedState();
  expect(first.ended).toMatchObject([{ number: 1, rank: 2, error: 300 }]);
  expect(otherRunEnds(first)).toEqual([]);
  const second = again(first, 4, 2);
  expect(lastStep(second.run)).toBe(300);
  expect(second.ended.map(({ rank }) => rank)).toEqual([2, 4]);
  expect(otherRunEnds(second).map(({ number }) => number)).toEqual([1]);
});

it('is not beside runs that learn another ΔW*', () => {
  const other = again(endedState(), 4, 2, 8);
  expect(other.ended).toHaveLength(2);
  expect(otherRunEnds(other)).toEqual([]);
});

it('has the end of a run that went on, once, and no run that goes on or has diverged', () => {
  const first = endedState();
  const more = play(first, { type: 'train', steps: 10 }, workerEvent(frame(1, 301, 10)));
  const end = play(
    more,
    workerEvent({ type: 'done', run: 1, order: more.run.wanted.order, ending: 'finished', step: 310 }),
  );
  expect(end.ended).toMatchObject([{ number: 1, error: 310 }]);
  const training = play(idleState(), { type: 'train' }, workerEvent(frame(1, 1, 300)));
  expect(training.ended).toEqual([]);
  expect(play(training, done(training, 'diverged')).ended).toEqual([]);
});
