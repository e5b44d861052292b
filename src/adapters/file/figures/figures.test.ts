import { describe, expect, it } from 'vitest';
import { svd } from '../../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, zeros } from '../../../math/matrix.ts';
import { figuresOf, figuresOfUpdate, scaledBy } from './figures.ts';
import { randomModules } from './testing/random-modules.ts';

const matrix = (rows: number, cols: number, ...data: number[]): Matrix64 => ({
  rows,
  cols,
  data: Float64Array.from(data),
});

describe('figures of 200 random modules', () => {
  it.each(randomModules(200, 3, 60))('$about', ({ B, A, s }) => {
    const product = scale(multiply(B, A), s);
    const { S } = svd(product);
    const found = figuresOf({ B, A }, s);
    const n = Math.min(B.rows, B.cols, A.cols);
    expect(found.sigma.length).toBe(n);
    for (let i = 0; i < n; i++) expect(Math.abs(found.sigma[i] - S[i])).toBeLessThanOrEqual(1e-13 * S[0]);
    expect(Math.abs(found.frobenius - frobenius(product))).toBeLessThanOrEqual(1e-13 * S[0]);
    const squares = S.reduce((sum, x) => sum + x * x, 0);
    const held = (count: number) => S.subarray(0, count).reduce((sum, x) => sum + x * x, 0) / squares;
    for (const [count, share] of [
      [found.rank90, 0.9],
      [found.rank95, 0.95],
      [found.rank99, 0.99],
    ] as const) {
      if (S[0] === 0) expect(count).toBe(0);
      else {
        expect(held(count)).toBeGreaterThanOrEqual(share - 1e-12);
        expect(held(count - 1)).toBeLessThan(share + 1e-12);
      }
    }
    expect(found.effectiveRank.stable).toBeCloseTo(S[0] === 0 ? 0 : squares / S[0] ** 2, 9);
    expect(found.dead).toBe(S.slice(0, n).filter((x) => x < 1e-6 * S[0]).length);
    expect(found.untrained).toBe(S[0] === 0);
    expect(found.finite).toBe(true);
    // With s from outside it is the same.
    const later = scaledBy(figuresOf({ B, A }, null), s);
    for (let i = 0; i < n; i++) expect(Math.abs(later.sigma[i] - S[i])).toBeLessThanOrEqual(1e-13 * S[0]);
    const whole = figuresOfUpdate(product);
    expect(whole.frobenius).toBeCloseTo(found.frobenius, 9);
    expect(whole.rank95).toBe(found.rank95);
  });
});

it('says what cannot be measured, and what is zero', () => {
  const A = matrix(1, 2, 3, 4);
  const nan = figuresOf({ B: matrix(2, 1, 1, Number.NaN), A }, 1);
  expect(nan).toMatchObject({ finite: false, untrained: false, frobenius: 0, dead: 0, rank95: 0 });
  expect(nan.sigma.length).toBe(0);
  expect(figuresOf({ B: matrix(2, 1, 1, 1), A: matrix(1, 2, Infinity, 0) }, 1).finite).toBe(false);
  // 10²⁰⁰ · 10²⁰⁰ is infinite in float64.
  expect(figuresOf({ B: matrix(1, 1, 1e200), A: matrix(1, 1, 1e200) }, 1).finite).toBe(false);
  expect(figuresOf({ B: zeros(2, 1), A }, 2)).toMatchObject({ untrained: true, frobenius: 0, dead: 0, rank90: 0 });
  expect(figuresOf({ B: matrix(1, 1, 2), A }, -0.5, Float64Array.of(3, 1, 2, 5))).toMatchObject({
    sigma: Float64Array.of(5),
    frobenius: 5,
    magnitudes: [1, 2.5, 5],
  });
});
