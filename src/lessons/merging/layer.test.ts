import { describe, expect, it } from 'vitest';
import { gaussian, stream } from '../../math/random.ts';
import { adapters, base, dot, isBeyond, mergedUpdate, type OwlAdapter } from './adapters.ts';
import { foldedWeight, mergedLayer, type RunLayer, roundedUpdate, unfolded } from './fold.tsx';

const drawn = (rows: number, cols: number, name: string, by = 1) =>
  Float32Array.from(gaussian(rows, cols, stream(1, name)).data, (value) => by * value);
const layer = (by = 1): RunLayer => ({
  ...{ d: 6, k: 5, rank: 3, scaling: 2 },
  ...{ W0: drawn(6, 5, 'W'), A: drawn(3, 5, 'A'), B: drawn(6, 3, 'B', by) },
});
const norm = (values: ArrayLike<number>) => Math.sqrt(dot(values, values));

describe('folding B and A into W₀', () => {
  it('leaves what the layer uses as it is, however many columns are in W₀', () => {
    const one = layer();
    const whole = foldedWeight(one, 3);
    for (let folded = 0; folded <= 3; folded++) {
      const rest = { ...one, W0: foldedWeight(one, folded), ...unfolded(one, folded) };
      const W = foldedWeight(rest, 3);
      for (const [i, value] of W.entries()) expect(value).toBeCloseTo(whole[i], 5);
      expect(rest.B.filter((value) => value !== 0)).toHaveLength(6 * (3 - folded));
      expect(rest.A.filter((value) => value !== 0)).toHaveLength(5 * (3 - folded));
    }
    expect(foldedWeight(one, 0)).toEqual(one.W0);
    // An entry by hand: W₀ + 2·Σ b·a.
    const sum = [0, 1, 2].reduce((all, q) => all + one.B[2 * 3 + q] * one.A[q * 5 + 4], 0);
    expect(whole[2 * 5 + 4]).toBeCloseTo(one.W0[2 * 5 + 4] + 2 * sum, 5);
  });

  it('changes outputs within the bound of rounding', () => {
    const { outputs } = mergedLayer(layer(), 'float32');
    expect(outputs.difference).toBeGreaterThan(0);
    expect(outputs.difference).toBeLessThanOrEqual(outputs.bound);
  });
});

it('of an update in bfloat16, what is taken up and what is lost add up to it; of a small one nearly all is lost', () => {
  for (const [by, least, most] of [
    [1, 0, 0.02],
    [1e-4, 0.5, 1],
  ] as const) {
    const { update, kept, lost, share } = roundedUpdate(layer(by));
    for (const [i, value] of update.entries()) expect(kept[i] + lost[i]).toBeCloseTo(value, 7);
    expect(norm(lost) / norm(update)).toBeCloseTo(share, 3);
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
  }
});

it('two pairs of sunglasses are off the scale of greys where one pair, or half of each, is not', () => {
  const [one, hat, other] = adapters;
  const beyond = (parts: readonly (readonly [OwlAdapter, number])[]) =>
    mergedUpdate(parts, 'products').filter((value, i) => isBeyond(base[i] + value)).length;
  expect(
    beyond([
      [one, 1],
      [other, 1],
    ]),
  ).toBeGreaterThan(200);
  expect(
    beyond([
      [one, 0.5],
      [other, 0.5],
    ]),
  ).toBe(0);
  expect([
    beyond([[one, 1]]),
    beyond([[hat, 1]]),
    beyond([
      [one, 1],
      [hat, 1],
    ]),
  ]).toEqual([0, 0, 0]);
});
