import { expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { newRun, type Run } from '../../state/run/run.ts';
import { taskSentence } from './task-sentence.ts';

function after(
  changes: object,
  accuracy: readonly number[],
  oldAccuracy: readonly number[],
  status: Run['status'],
  hand?: Run['hand'],
) {
  const run = newRun(1, change(change(defaults(), { target: 'digits' }), changes));
  const losses = { ...run.losses, steps: [0, 10], accuracy: [...accuracy], oldAccuracy: [...oldAccuracy] };
  return taskSentence({ ...run, losses, status, hand, trace: { ...run.trace, length: 11 } });
}

it('asks until the run is over', () => {
  for (const status of ['idle', 'training', 'paused', 'preparing'] as const)
    expect(after({}, [0.1, 0.95], [0.97, 0.6], status)).toEqual({
      ...{ says: 'teach it digits turned by 90°', rest: 'Watch what it forgets.', asks: true },
    });
});

it('then says what was learned: all of it, a part, or not enough, with what is kept', () => {
  const said = (accuracy: readonly number[], old: readonly number[]) => after({}, accuracy, old, 'finished');
  expect(said([0.1, 0.94], [0.97, 0.65])).toEqual({
    ...{
      says: 'teaches it digits turned by 90°, 10% → 94%',
      rest: 'It forgets the old task, upright: 97% → 65%.',
      asks: false,
    },
  });
  expect(said([0.1, 0.7], [0.97, 0.96])).toMatchObject({
    says: 'teaches it a part of that: digits turned by 90°, 70% right, 10% before',
    rest: 'It keeps the old task, upright: 97% → 96%.',
  });
  // Up and down alone cannot move symbols; and a run may end lower than it began.
  expect(said([0.06, 0.36], [1, 0.2]).says).toBe(
    'is not enough to teach it digits turned by 90°: 36% right, 6% before',
  );
  expect(said([0.3, 0.1], [1, 0.1]).says).toMatch(/^is not enough .*: 10% right, 30% before$/);
});

it('of a hand that was read well before, more is learned; a run that diverged is over too', () => {
  expect(after({ adapt: 'hand' }, [0.9, 0.95], [0.97, 0.97], 'finished')).toEqual({
    ...{ says: 'teaches it to read your hand, 90% → 95%', rest: '', asks: false },
  });
  expect(after({}, [0.1, 0.1], [0.97, 0.1], 'diverged').asks).toBe(false);
});

it('of a hand nothing is learned or missed before a round tests it, or if it was read before', () => {
  const set = (count: number) => ({ inputs: new Float32Array(64 * count), answers: new Uint8Array(count) });
  const said = (tests: number, accuracy: readonly number[]) =>
    after({ adapt: 'hand' }, accuracy, [0.97, 0.97], 'finished', { training: set(10), test: set(tests) });
  const adapted = { says: 'adapts it to 10 drawings of yours', asks: false };
  expect(said(0, [1, 1])).toEqual({ ...adapted, rest: 'Draw on: the next round tests it.' });
  expect(said(10, [1, 1])).toEqual({ ...adapted, rest: 'It could read your hand before.' });
  expect(said(10, [0.4, 0.9]).says).toBe('teaches it to read your hand, 40% → 90%');
  expect(said(10, [0.4, 0.4]).says).toBe('is not enough to teach it to read your hand: 40% right, 40% before');
});
