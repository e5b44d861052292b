import { expect, it } from 'vitest';
import { frobenius, leadingColumns, multiply, scale, subtract, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { leadingProductSvd, productSvd } from './product-svd.ts';

it.each([
  [30, 40, 6, 3],
  [3, 50, 3, 2],
  [50, 4, 9, 4],
  [20, 20, 5, 99],
  [1, 1, 1, 1],
])('leading triplets are those of the whole: %i × %i, r = %i, %i of them', (d, k, r, n) => {
  const B = gaussian(d, r, stream(d, 'B'));
  const A = scale(gaussian(r, k, stream(k, 'A')), 1e-200);
  const whole = productSvd(B, A, 0.7);
  const { U, S, V } = leadingProductSvd(B, A, 0.7, n);
  const count = Math.min(n, d, k, r);
  expect(S.length).toBe(count);
  for (let i = 0; i < count; i++) expect(Math.abs(S[i] / whole.S[i] - 1)).toBeLessThan(1e-12);
  expect(frobenius(subtract(U, leadingColumns(whole.U, count)))).toBeLessThan(1e-10);
  expect(frobenius(subtract(V, leadingColumns(whole.V, count)))).toBeLessThan(1e-10);
});

it('has orthonormal directions where the product is zero', () => {
  const { U, S } = leadingProductSvd(zeros(9, 3), gaussian(3, 7, stream(1, 'A')), 1, 2);
  expect([...S]).toEqual([0, 0]);
  const G = multiply(transpose(U), U);
  expect([...G.data].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([1, 0, 0, 1]);
});
