import { describe, expect, it } from 'vitest';
import { permutation, stream } from '../../math/random.ts';
import { batchesOf, samplesAt } from './batches.ts';
import { type Order, stepsPerEpoch } from './order.ts';

const of = (n: number, size: number, seed = 1, order?: Order) =>
  batchesOf(n, size, (purpose) => stream(seed, purpose), order);
const sorted = (list: Iterable<number>) => Array.from(list).sort((a, b) => a - b);

describe('batches', () => {
  it('make each epoch a fresh permutation', () => {
    const batches = of(12, 4);
    const epochs = Array.from({ length: 20 }, (_, e) => [0, 1, 2].flatMap((i) => Array.from(batches.at(3 * e + i))));
    for (const epoch of epochs) expect(sorted(epoch)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(new Set(epochs.map(String)).size).toBe(20);
  });

  it('have one size and no sample twice where the size does not divide n; all samples come equally often', () => {
    const batches = of(10, 4);
    const counts = new Array(10).fill(0);
    let repeats = 0;
    for (let step = 0; step < 5000; step++) {
      const batch = batches.at(step);
      repeats += 4 - new Set(batch).size;
      for (const i of batch) counts[i]++;
    }
    expect(repeats).toBe(0);
    // 2000 expected, with a standard deviation of √(2500·0.8·0.2) = 20.
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(100);
  });

  it('are all samples in order where the size is n, at every step', () => {
    for (const step of [0, 1, 7, 1e9]) expect(Array.from(of(5, 5).at(step))).toEqual([0, 1, 2, 3, 4]);
    expect(Array.from(of(1, 1).at(3))).toEqual([0]);
  });

  it('can be asked for in any order, for ever, and are nobody else’s array', () => {
    const [forward, random] = [of(9, 2), of(9, 2)];
    const lists = Array.from({ length: 30 }, (_, step) => Array.from(forward.at(step)));
    for (const step of [29, 3, 3, 17, 0, 28, 4]) expect(Array.from(random.at(step))).toEqual(lists[step]);
    expect(random.at(2 ** 40)).toHaveLength(2);
    random.at(3).fill(-1);
    expect(Array.from(random.at(3))).toEqual(lists[3]);
  });

  it('depend on the seed, and are refused where there are too few samples', () => {
    expect(of(50, 10, 1).at(0)).not.toEqual(of(50, 10, 2).at(0));
    for (const size of [0, 6, -1, 1.5, Number.NaN]) expect(() => of(5, size)).toThrow(RangeError);
  });
});

describe('epochs in which every sample comes once', () => {
  it.each([
    [10, 4],
    [7, 3],
    [1200, 64],
    [40, 1],
    [9, 8],
  ])('are permutations of %i samples, in batches of %i, a smaller one last', (n, size) => {
    const batches = of(n, size, 3, 'epochs');
    const steps = stepsPerEpoch(n, size);
    for (let epoch = 0; epoch < 3; epoch++) {
      const lists = Array.from({ length: steps }, (_, i) => Array.from(batches.at(epoch * steps + i)));
      expect(sorted(lists.flat())).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(lists.map(({ length }) => length)).toEqual(
        lists.map((_, i) => samplesAt(epoch * steps + i, n, size, 'epochs')),
      );
      expect(lists.slice(0, -1).every(({ length }) => length === size)).toBe(true);
    }
  });

  it('are those that leave out the rest where there is none', () => {
    const [all, dropped] = [of(12, 4, 2, 'epochs'), of(12, 4, 2)];
    for (let step = 0; step < 20; step++) expect(all.at(step)).toEqual(dropped.at(step));
  });

  it('begin with the steps of the others, and can be asked for in any order', () => {
    const [all, dropped] = [of(10, 4, 2, 'epochs'), of(10, 4, 2)];
    for (const step of [1, 0]) expect(all.at(step)).toEqual(dropped.at(step));
    expect(all.at(2)).toHaveLength(2);
    const lists = Array.from({ length: 30 }, (_, step) => Array.from(of(10, 4, 2, 'epochs').at(step)));
    for (const step of [29, 2, 2, 17, 0, 28]) expect(Array.from(all.at(step))).toEqual(lists[step]);
  });
});

it('drawn at random, samples come equally often, some twice in a batch, and not once an epoch', () => {
  const batches = of(10, 4, 1, 'random');
  const counts = new Array(10).fill(0);
  let repeats = 0;
  for (let step = 0; step < 5000; step++) {
    const batch = batches.at(step);
    expect(batch).toHaveLength(4);
    if (new Set(batch).size < 4) repeats += 1;
    for (const i of batch) counts[i]++;
  }
  // √(20000·0.1·0.9) = 42.
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  // 1 − 0.9·0.8·0.7 = 0.496 of 5000, with a standard deviation of 35.
  expect(Math.abs(repeats - 2480)).toBeLessThan(180);
  expect(batches.at(7)).toEqual(of(10, 4, 1, 'random').at(7));
  expect(Array.from(of(5, 5, 1, 'random').at(3))).toEqual([0, 1, 2, 3, 4]);
});

it('every order of three is drawn equally often', () => {
  const source = stream(1, 'orders');
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = String(permutation(3, source));
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
