import { expect, it } from 'vitest';
import { orthonormal } from '../../math/factor/qr.ts';
import { frobenius, multiply, rowsOf, subtract, toFloat32, transpose, zeros } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { addRows, compose, composer, geometric, normFactor, roundedBlocks, roundedTimes } from './draws.ts';

it('makes in blocks what rounding the whole gives, and measures what that changes', () => {
  for (const [rows, cols] of [
    [1, 1],
    [31, 4],
    [32, 3],
    [70, 5],
    [200, 2],
  ]) {
    const whole = gaussian(rows, cols, stream(rows, 'whole'));
    const told: number[] = [];
    const firsts: number[] = [];
    const { matrix, rounding } = roundedBlocks(
      rows,
      cols,
      (block, first) => {
        expect(block.data.every((x) => x === 0)).toBe(true);
        firsts.push(first);
        block.data.set(whole.data.subarray(first * cols, (first + block.rows) * cols));
      },
      (fraction) => told.push(fraction),
    );
    expect(matrix).toEqual(toFloat32(whole));
    expect(rounding).toBeCloseTo(frobenius(subtract(whole, matrix)), 15);
    expect(firsts[0]).toBe(0);
    expect(told.at(-1)).toBe(1);
  }
});

it('scales in float64 before it rounds', () => {
  const m = { rows: 1, cols: 1, data: Float64Array.of(1 + 2 ** -24) };
  // In float32 the entry alone would round to 1.
  expect(roundedTimes(3, m).data[0]).toBe(Math.fround(3 * (1 + 2 ** -24)));
});

const source = stream(1, 'compose');
const [U, V, sigma] = [orthonormal(40, 3, source), orthonormal(25, 3, source), geometric(3, 0.5)];

it('has the singular values and the directions that it is made of', () => {
  const M = compose(U, sigma, V);
  const values = singularValues(M);
  for (let i = 0; i < 25; i++) expect(values[i]).toBeCloseTo([1, 0.5, 0.25][i] ?? 0, 14);
  const inside = multiply(transpose(U), multiply(M, V));
  for (let i = 0; i < 9; i++) expect(inside.data[i]).toBeCloseTo(i % 4 === 0 ? sigma[i / 4] : 0, 14);
});

it('in blocks of rows is the same bits, with another matrix added to each', () => {
  const M = compose(U, sigma, V);
  const noise = gaussian(40, 25, source);
  const factor = normFactor(2, frobenius(noise));
  const out = zeros(40, 25);
  for (let first = 0; first < 40; first += 7) {
    const block = rowsOf(out, first, Math.min(7, 40 - first));
    composer(U, sigma, V)(block, first);
    addRows(block, factor, noise, first);
  }
  expect(out.data).toEqual(M.data.map((x, i) => x + factor * noise.data[i]));
  expect(frobenius(subtract(out, M))).toBeCloseTo(2, 12);
  expect(normFactor(2, 0)).toBe(1);
});
