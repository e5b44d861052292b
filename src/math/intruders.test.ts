import { describe, expect, it } from 'vitest';
import { closestCosines, intruderDimensions } from './intruders.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, transpose, zeros } from './matrix.ts';
import { orthonormal } from './qr.ts';
import { gaussian, stream } from './random.ts';
import { svd } from './svd.ts';

const add = (a: Matrix64, b: Matrix64) => subtract(a, scale(b, -1));

/** σ_i = i^−½ with random singular vectors, d × d. */
function powerLaw(d: number, seed: number): Matrix64 {
  const U = orthonormal(d, d, stream(seed, 'U'));
  for (let i = 0; i < U.data.length; i++) U.data[i] /= Math.sqrt(1 + (i % d));
  return multiply(U, transpose(orthonormal(d, d, stream(seed, 'V'))));
}

describe('intruder dimensions', () => {
  it('are none where nothing was added, and none where a known direction grew', () => {
    const W = gaussian(12, 9, stream(1, 'W'));
    const before = svd(W);
    expect(intruderDimensions(before, before)).toBe(0);
    for (const cosine of closestCosines(before, before)) expect(cosine).toBeCloseTo(1, 12);
    expect(intruderDimensions(before, svd(scale(W, 3)))).toBe(0);
  });

  it('are one where a strong direction comes in from outside the column space', () => {
    const d = 8;
    const W = zeros(d, 4);
    for (let j = 0; j < 4; j++) W.data[j * 4 + j] = 1 + j / 8;
    const update = zeros(d, 4);
    update.data[6 * 4 + 1] = 50;
    const after = svd(add(W, update));
    expect(intruderDimensions(svd(W), after)).toBe(1);
    expect(closestCosines(svd(W), after)[0]).toBeLessThan(0.05);
    expect(intruderDimensions(svd(W), after, { epsilon: 0 })).toBe(0);
    // The three others still lie among the old ones.
    expect(
      closestCosines(svd(W), after)
        .subarray(1)
        .every((cosine) => cosine > 0.9),
    ).toBe(true);
  });

  it('count only vectors of singular values that are not zero', () => {
    const W = zeros(6, 6);
    W.data[0] = 1;
    expect(closestCosines(svd(W), svd(W))).toHaveLength(1);
    expect(intruderDimensions(svd(W), svd(zeros(6, 6)))).toBe(0);
  });

  it('number about 1, 4, 3, 0, 0 for updates of rank 1, 4, 16, 64 and all, of half the norm of a power law', () => {
    const seeds = [1, 2, 3, 4];
    const counts = seeds.map((seed) => countsOf(128, [1, 4, 16, 64, 128], seed));
    const means = counts[0].map((_, i) => counts.reduce((sum, row) => sum + row[i], 0) / seeds.length);
    // A count of one seed differs from the next one's by one or two; means of 4 by a half or so.
    for (const [i, wanted] of [1, 4, 3, 0, 0].entries()) {
      expect(Math.abs(means[i] - wanted), `${means}`).toBeLessThanOrEqual(1.5);
    }
    expect(means[0]).toBe(1);
    expect(Math.min(means[1], means[2])).toBeGreaterThan(means[0]);
    expect(Math.max(means[3], means[4])).toBeLessThan(means[0]);
  });
});

/** Intruders of W₀ with a power law's spectrum after random updates of those ranks, of half its norm; rank d is dense. */
function countsOf(d: number, ranks: readonly number[], seed: number): number[] {
  const W = powerLaw(d, seed);
  const before = svd(W);
  return ranks.map((rank) => {
    const B = gaussian(d, rank, stream(seed, `B${rank}`));
    const update = rank === d ? B : multiply(B, gaussian(rank, d, stream(seed, `A${rank}`)));
    return intruderDimensions(before, svd(add(W, scale(update, (0.5 * frobenius(W)) / frobenius(update)))));
  });
}
