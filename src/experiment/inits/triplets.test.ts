import { expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { balancedFactors, columns, firstTriplets, lastTriplets } from './triplets.ts';

it('splits a matrix into its largest and its smallest part', () => {
  for (const [d, k, n] of [
    [1, 1, 1],
    [9, 4, 1],
    [9, 4, 3],
    [5, 12, 5],
  ]) {
    const M = gaussian(d, k, stream(1, 'M'));
    const all = svd(M);
    const [first, last] = [firstTriplets(all, n), lastTriplets(all, n)];
    expect([...first.S]).toEqual([...all.S.subarray(0, n)]);
    expect([...last.S]).toEqual([...all.S.subarray(all.S.length - n)]);
    const tail = (from: number, to: number) => Math.sqrt(all.S.subarray(from, to).reduce((sum, s) => sum + s * s, 0));
    for (const [part, rest] of [
      [first, tail(n, all.S.length)],
      [last, tail(0, all.S.length - n)],
    ] as const) {
      const { A, B } = balancedFactors(part, 3);
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([n, k, d, n]);
      // The rest of M has exactly the other singular values.
      expect(frobenius(subtract(M, scale(multiply(B, A), 3)))).toBeCloseTo(rest, 12);
      // Balanced: BᵀB = A·Aᵀ = S/s.
      expect(frobenius(subtract(multiply(transpose(B), B), multiply(A, transpose(A))))).toBeLessThan(1e-13);
    }
  }
});

it('refuses more triplets than there are', () => {
  const all = svd(gaussian(4, 3, stream(1, 'M')));
  expect(() => firstTriplets(all, 4)).toThrow(RangeError);
  expect(() => lastTriplets(all, 4)).toThrow(RangeError);
  expect(() => columns(all.U, 2, 4)).toThrow(RangeError);
});
