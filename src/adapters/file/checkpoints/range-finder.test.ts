/** The randomised range finder against all singular values of the same matrix. */

import { describe, expect, it } from 'vitest';
import { orthonormal } from '../../../math/factor/qr.ts';
import { frobenius, type Matrix64, multiply, subtract, transpose } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { distanceTo, exactSpectrum, normalTimes, times } from './panel-products.ts';
import { panelsOfMatrix } from './panels.ts';
import { boundedDirections, convergedDirections, findDirections } from './range-finder.ts';

/** U·diag(σ)·Vᵀ with random U and V. */
function withSpectrum(rows: number, cols: number, sigma: readonly number[], seed: number): Matrix64 {
  const U = orthonormal(rows, sigma.length, stream(seed, 'U'));
  const V = orthonormal(cols, sigma.length, stream(seed, 'V'));
  for (let i = 0; i < rows; i++) for (let j = 0; j < sigma.length; j++) U.data[i * sigma.length + j] *= sigma[j];
  return multiply(U, transpose(V));
}

const falling = (n: number, power: number) => Array.from({ length: n }, (_, i) => (i + 1) ** -power);
const CASES: readonly (readonly [about: string, matrix: Matrix64])[] = [
  ['falls like 1/√i', withSpectrum(120, 90, falling(90, 0.5), 1)],
  ['falls like 1/i', withSpectrum(90, 120, falling(90, 1), 2)],
  ['noise', gaussian(100, 80, stream(3, 'noise'))],
  ['rank 5 above noise', withSpectrum(80, 100, [5, 4, 3, 2, 1, ...Array.from({ length: 75 }, () => 0.02)], 4)],
  ['rank 7', withSpectrum(70, 110, [9, 7, 5, 3, 1, 0.1, 1e-6], 5)],
];
const N = 20;

describe('products with panels', () => {
  it.each([
    [130, 301, 7],
    [64, 600, 4],
    [3, 5, 2],
    [257, 30, 31],
  ])('%i × %i with %i columns are those of the whole matrix', async (rows, cols, n) => {
    const matrix = gaussian(rows, cols, stream(rows, 'M'));
    matrix.data.fill(0, cols, 2 * cols);
    const [M, Z] = [panelsOfMatrix(matrix), gaussian(cols, n, stream(n, 'Z'))];
    const product = multiply(matrix, Z);
    const wanted = multiply(transpose(matrix), product);
    const { normal, R } = await normalTimes(M, Z);
    expect(frobenius(subtract(normal, wanted))).toBeLessThan(1e-13 * frobenius(wanted));
    expect(frobenius(subtract(await times(M, Z), product))).toBeLessThan(1e-13 * frobenius(product));
    const [found, sigma] = [singularValues(R), singularValues(product)];
    for (const [i, x] of sigma.entries()) expect(Math.abs(found[i] - x)).toBeLessThan(1e-13 * sigma[0]);
  });

  it.each([
    [300, 20],
    [20, 300],
    [65, 65],
  ])('give all singular values of %i × %i', async (rows, cols) => {
    const matrix = gaussian(rows, cols, stream(rows, 'whole'));
    const [whole, sigma] = [panelsOfMatrix(matrix), singularValues(matrix)];
    for (const M of rows >= cols ? [whole, { ...whole, whole: null }] : [whole]) {
      const found = await exactSpectrum(M);
      expect(found).toHaveLength(sigma.length);
      for (const [i, x] of sigma.entries()) expect(Math.abs(found[i] - x)).toBeLessThan(1e-13 * sigma[0]);
    }
  });
});

describe('leading directions', () => {
  it.each(CASES)('%s: found values lie below the true ones, and these below the bounds', async (_, matrix) => {
    const sigma = singularValues(matrix);
    const found = await boundedDirections(panelsOfMatrix(matrix), N);
    const { upper, rest } = found.bounds;
    const rounding = 1e-12 * sigma[0];
    for (let i = 0; i < found.sigma.length; i++) {
      expect(found.sigma[i]).toBeLessThanOrEqual(sigma[i] + rounding);
      expect(upper[i]).toBeGreaterThanOrEqual(sigma[i] - rounding);
      // The bound is of use: nowhere more than half of the value of flat noise, the worst case.
      expect(upper[i]).toBeLessThan(found.sigma[i] * 1.6 + 1e-6);
    }
    expect(rest).toBeGreaterThanOrEqual((sigma[N + 10] ?? 0) - rounding);
    expect(rest).toBeLessThanOrEqual(2 * sigma[N] + 1e-6);
  });

  it('of low rank are exact, with a bound that says so', async () => {
    const [, matrix] = CASES[4];
    const { sigma, bounds } = await boundedDirections(panelsOfMatrix(matrix), N);
    for (const [i, x] of [9, 7, 5, 3, 1, 0.1, 1e-6].entries()) {
      expect(Math.abs(sigma[i] - x)).toBeLessThan(1e-13);
      expect(bounds.upper[i] - sigma[i]).toBeLessThan(1e-7);
    }
  });

  it('keep exactly Σσ² of ‖M‖² if M is cut to them', async () => {
    for (const [about, matrix] of CASES) {
      const M = panelsOfMatrix(matrix);
      const { V, sigma } = await findDirections(M, N);
      const lost = await distanceTo(M, await times(M, V), transpose(V), 1);
      const kept = sigma.reduce((sum, x) => sum + x * x, 0);
      expect(Math.abs(lost ** 2 + kept - frobenius(matrix) ** 2), about).toBeLessThan(1e-12 * frobenius(matrix) ** 2);
    }
  });

  it('reach the best cut if the spectrum is known', async () => {
    for (const [about, matrix] of CASES) {
      const M = panelsOfMatrix(matrix);
      const spectrum = await exactSpectrum(M);
      const { sigma } = await convergedDirections(M, 6, spectrum);
      const [kept, best] = [sigma, spectrum.slice(0, 6)].map((of) => of.reduce((sum, x) => sum + x * x, 0));
      expect(best - kept, about).toBeLessThan(1e-9 * frobenius(matrix) ** 2);
    }
  });

  it('have the same bits each time', async () => {
    const M = panelsOfMatrix(CASES[0][1]);
    expect((await findDirections(M, 8)).sigma).toEqual((await findDirections(M, 8)).sigma);
  });
});
