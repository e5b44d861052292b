import { describe, expect, it } from 'vitest';
import { subspaceAlignment } from './alignment.ts';
import { leadingColumns, multiply, toRows, transpose, zeros } from './matrix.ts';
import { orthonormal } from './qr.ts';
import { stream } from './random.ts';

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

  it('has gaps where neighbouring values of either agree within 0.1 %', () => {
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
