import { describe, expect, it } from 'vitest';
import { orthonormal } from '../factor/qr.ts';
import { svd } from '../factor/svd.ts';
import { frobenius, leadingColumns, type Matrix64, multiply, scale, subtract, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { toRows } from '../testing/rows.ts';
import { closestCosines, intruderDimensions, subspaceAlignment } from './subspaces.ts';

const Q = orthonormal(12, 12, stream(1, 'basis'));
const U = leadingColumns(Q, 4);
const sigma = Float64Array.of(4, 3, 2, 1);

describe('subspace alignment', () => {
  it('of a matrix with itself is 1 at every rank', () => {
    for (const x of subspaceAlignment(U, sigma, U, sigma)) expect(x).toBeCloseTo(1, 12);
  });

  it('does not depend on the signs of the vectors or on their order inside the subspace', () => {
    const swapped = { ...U, data: U.data.slice() };
    for (let i = 0; i < 12; i++) {
      swapped.data[i * 4] = -U.data[i * 4 + 1];
      swapped.data[i * 4 + 1] = U.data[i * 4];
    }
    const [first, second, third] = subspaceAlignment(U, sigma, swapped, sigma);
    expect([first, second, third].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([0, 1, 1]);
  });

  it('of orthogonal subspaces is 0', () => {
    const other = transpose({ ...Q, rows: 4, cols: 12, data: transpose(Q).data.slice(48, 96) });
    for (const x of subspaceAlignment(U, sigma, other, sigma)) expect(x).toBeCloseTo(0, 12);
  });

  it('is ‖U_iᵀÛ_i‖²_F/i, block by block', () => {
    const Uhat = orthonormal(12, 6, stream(2, 'other'));
    const sigmaHat = Float64Array.of(9, 7, 5, 3, 2, 1);
    const found = subspaceAlignment(U, sigma, Uhat, sigmaHat);
    expect(found).toHaveLength(4);
    for (let i = 1; i <= 4; i++) {
      const block = toRows(multiply(transpose(leadingColumns(U, i)), leadingColumns(Uhat, i))).flat();
      expect(found[i - 1]).toBeCloseTo(block.reduce((sum, x) => sum + x * x, 0) / i, 13);
    }
  });

  it('has gaps where neighbouring values of either agree within 0.1%', () => {
    const gaps = (a: readonly number[], b: readonly number[]) =>
      Array.from(subspaceAlignment(U, Float64Array.from(a), U, Float64Array.from(b)), Number.isNaN);
    expect(gaps([4, 3, 2, 1], [4, 3, 2.999, 1])).toEqual([false, true, false, false]);
    expect(gaps([4, 3.997, 2, 1], [4, 3, 2, 1])).toEqual([true, false, false, false]);
    expect(gaps([4, 3.99, 2, 1], [4, 3, 2, 1])).toEqual([false, false, false, false]);
    // Rank two: nothing is defined after it, and values of rounding size are no rank.
    expect(gaps([4, 3, 2, 1], [4, 3, 0, 0])).toEqual([false, false, true, true]);
    expect(gaps([4, 3, 2, 1], [4, 3, 5e-16, 2e-16])).toEqual([false, false, true, true]);
  });

  it('of a zero matrix is 0', () => {
    expect(subspaceAlignment(U, sigma, U, new Float64Array(4))).toEqual(new Float64Array(4));
    expect(subspaceAlignment(U, new Float64Array(4), U, sigma)).toEqual(new Float64Array(4));
    expect(subspaceAlignment(zeros(12, 0), new Float64Array(0), U, sigma)).toHaveLength(0);
  });
});

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
