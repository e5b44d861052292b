import { describe, expect, it } from 'vitest';
import { newtonSchulzAsPublished } from '../../experiment/regression/testing/orthogonalised.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, transpose, zeros } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { newtonSchulz, polarFactor } from './orthogonal.ts';

const SIZES = [
  [1, 7],
  [7, 1],
  [4, 9],
  [9, 4],
  [8, 64],
  [64, 8],
  [12, 12],
] as const;
const off = (X: Matrix64, Y: Matrix64) => frobenius(subtract(X, Y)) / frobenius(Y);

/** U·diag(σ)·Vᵀ with orthonormal U and V of that many columns. */
function withValues(rows: number, cols: number, sigma: readonly number[]): Matrix64 {
  const { U, V } = svd(gaussian(rows, cols, stream(rows, 'singular vectors')));
  const q = Math.min(rows, cols);
  const US = { ...U, data: U.data.map((x, i) => x * (sigma[i % q] ?? 0)) };
  return multiply(US, transpose(V));
}

describe.each(SIZES)('%d × %d', (rows, cols) => {
  it('has five steps as published', () => {
    const G = gaussian(rows, cols, stream(rows + cols, 'G'));
    expect(off(newtonSchulz(G), newtonSchulzAsPublished(G))).toBeLessThan(1e-11);
  });

  it('has U·Vᵀ of the singular value decomposition', () => {
    const G = gaussian(rows, cols, stream(rows + cols, 'G'));
    const { U, V } = svd(G);
    expect(off(polarFactor(G), multiply(U, transpose(V)))).toBeLessThan(1e-11);
    expect(off(polarFactor(scale(G, 1e-150)), polarFactor(G))).toBeLessThan(1e-11);
  });
});

/** What becomes of the singular value `share` of ‖X‖_F. */
function courseOf(share: number): number {
  const X = withValues(2, 5, [Math.sqrt(1 - share * share), share]);
  const { U, V } = svd(X);
  const at = share < Math.SQRT1_2 ? 1 : 0;
  const column = ({ data, cols, rows }: Matrix64) => ({ rows, cols: 1, data: data.filter((_, i) => i % cols === at) });
  return multiply(multiply(transpose(column(U)), newtonSchulz(X)), column(V)).data[0];
}

it('takes singular values from .01 to 1 of the norm to .68–1.13, and .001 to .47', () => {
  for (let share = 0.01; share < 1; share *= 1.1) {
    const to = courseOf(share);
    expect(to > 0.675 && to < 1.135, `${share} → ${to}`).toBe(true);
  }
  expect(courseOf(0.001)).toBeCloseTo(0.47, 2);
});

it('leaves out singular values that are rounding', () => {
  const G = withValues(6, 20, [4, 2, 1, 1e-9, 0, 0]);
  const kept = [...singularValues(polarFactor(G))];
  for (const value of kept.slice(0, 3)) expect(value).toBeCloseTo(1, 12);
  for (const value of kept.slice(3)) expect(value).toBeLessThan(1e-8);
});

it('has no step for a zero gradient, and NaN for one that is not finite', () => {
  for (const rule of [newtonSchulz, polarFactor]) {
    expect([...rule(zeros(3, 5)).data].every((x) => x === 0)).toBe(true);
    expect([...rule(zeros(5, 3)).data].every((x) => x === 0)).toBe(true);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const G = gaussian(3, 5, stream(1, 'bad'));
      G.data[4] = bad;
      expect([...rule(G).data].some(Number.isNaN)).toBe(true);
    }
  }
});
