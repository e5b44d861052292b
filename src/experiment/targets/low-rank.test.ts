import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import {
  frobenius,
  leadingColumns,
  type Matrix64,
  multiply,
  subtract,
  toFloat32,
  transpose,
  zeros,
} from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { alignedFactors, shareRange } from './low-rank.ts';

function identity(n: number): Matrix64 {
  const m = zeros(n, n);
  for (let i = 0; i < n; i++) m.data[i * n + i] = 1;
  return m;
}

/** Squared norm of each column's part in the span of orthonormal columns. */
function shares(inside: Matrix64, columns: Matrix64): number[] {
  const parts = multiply(transpose(inside), columns);
  return Array.from({ length: columns.cols }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < parts.rows; i++) sum += parts.data[i * parts.cols + j] ** 2;
    return sum;
  });
}

const baseOf = (d: number, k: number) => toFloat32(gaussian(d, k, stream(1, 'W0')));
const factors = (d: number, k: number, n: number, share: number) =>
  alignedFactors({ settings: { d, k }, baseTriplets: () => svd(baseOf(d, k)) }, n, share, stream(1, 'target'));

describe('alignment with W₀', () => {
  const sizes = [
    [1, 1],
    [1, 7],
    [7, 1],
    [2, 2],
    [3, 3],
    [5, 9],
    [16, 16],
    [16, 40],
    [40, 16],
  ];

  it('gives every direction exactly the share, for every true rank and every share that there is', () => {
    for (const [d, k] of sizes) {
      const size = Math.min(d, k);
      const { U, V } = svd(baseOf(d, k));
      for (let n = 1; n <= size; n++) {
        const m = Math.min(n, Math.floor(size / 2));
        const [low, high] = shareRange(size, n);
        if (n <= size / 2) expect([low, high]).toEqual([0, 1]);
        for (const step of [0, 0.1, 0.37, 0.5, 0.75, 1]) {
          const share = low + step * (high - low);
          const found = factors(d, k, n, share);
          if ('why' in found) throw new Error(`${d}×${k}, rank ${n}, share ${share}: ${found.why}`);
          for (const [columns, inside] of [
            [found.U, U],
            [found.V, V],
          ]) {
            expect(frobenius(subtract(multiply(transpose(columns), columns), identity(n)))).toBeLessThan(1e-13 * n);
            for (const s of shares(leadingColumns(inside, m), columns)) expect(Math.abs(s - share)).toBeLessThan(1e-13);
          }
        }
      }
    }
  });

  it('refuses a share that no such directions have, and names what is possible', () => {
    expect(factors(64, 64, 48, 0.9)).toEqual({
      why: expect.stringMatching(/true rank 48 .* from 0\.333 to 0\.667, .* 32 of 64 directions\. .* at most 32\./),
    });
    expect(factors(7, 7, 7, 0.5)).toEqual({ why: expect.stringMatching(/only 0\.429.*at most 3\./) });
    expect(factors(1, 9, 1, 0.5)).toEqual({ why: expect.stringMatching(/one row or column/) });
    expect(factors(600, 513, 4, 0.5)).toEqual({ why: expect.stringMatching(/at most 512; here it is 513/) });
  });

  it('takes the three digits of its own sentence', () => {
    expect(factors(7, 7, 7, 0.429)).not.toHaveProperty('why');
    expect(factors(64, 64, 48, 0.333)).not.toHaveProperty('why');
  });
});
