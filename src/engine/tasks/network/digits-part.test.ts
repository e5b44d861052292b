import { describe, expect, it } from 'vitest';
import { type DigitSet, digitTask, PIXELS } from '../../../experiment/network/digits.ts';
import { change, defaults } from '../../../experiment/settings/experiment.ts';
import { assetsInNode } from '../../testing/assets-in-node.ts';

const DIGITS = change(defaults(), { target: 'digits' });
const upright = async () => {
  const assets = await assetsInNode(DIGITS, '');
  if (!assets) throw new Error('digits need a network');
  return assets.digits;
};

const rowsOf = ({ inputs, answers }: DigitSet) =>
  Array.from(answers, (answer, row) => `${answer}: ${inputs.subarray(row * PIXELS, (row + 1) * PIXELS).join()}`);

describe('a part of the digits to train on', () => {
  it('by default is all of them, and the link does not say so', async () => {
    const digits = await upright();
    expect(DIGITS.samples).toBe(digits.training.answers.length);
    expect(digitTask(digits, 'rotate', DIGITS)).toEqual(digitTask(digits, 'rotate'));
  });

  it('has as many rows as asked for, of the whole and in its order, others with another seed', async () => {
    const digits = await upright();
    const all = rowsOf(digitTask(digits, 'invert').training);
    const of = (seed: number) => rowsOf(digitTask(digits, 'invert', { samples: 40, seed }).training);
    const places = of(1).map((row) => all.indexOf(row));
    expect(places).toHaveLength(40);
    expect(places.every((place, i) => place > (places[i - 1] ?? -1))).toBe(true);
    expect(of(1)).not.toEqual(of(2));
    expect(digitTask(digits, 'invert', { samples: 40, seed: 1 }).heldOut).toEqual(digitTask(digits, 'invert').heldOut);
  });

  it('of a task with fewer digits has no more than there are', async () => {
    const digits = await upright();
    const task = digitTask(digits, 'five-to-nine', { samples: 1000, seed: 1 });
    expect(task.training).toEqual(digitTask(digits, 'five-to-nine').training);
  });
});
