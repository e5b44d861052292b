import { expect, it } from 'vitest';
import { orthonormal } from '../factor/qr.ts';
import { svd } from '../factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, toFloat32, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { leadingTriplets } from './leading-triplets.ts';
import { singularValues } from './singular-values.ts';

function withValues(rows: number, cols: number, values: readonly number[], seed = 3): Matrix64 {
  const source = stream(seed, 'test');
  const [U, V] = [orthonormal(rows, values.length, source), orthonormal(cols, values.length, source)];
  const diagonal = zeros(values.length, values.length);
  values.forEach((value, i) => {
    diagonal.data[i * values.length + i] = value;
  });
  return multiply(multiply(U, diagonal), transpose(V));
}

function residual(m: Matrix64, { U, S, V }: ReturnType<typeof svd>): number {
  const scaledU = { ...U, data: U.data.map((x, i) => x * S[i % U.cols]) };
  return frobenius(subtract(multiply(m, V), scaledU)) / S[0];
}

const identityError = (m: Matrix64) => {
  const gram = multiply(transpose(m), m);
  for (let i = 0; i < gram.rows; i++) gram.data[i * (gram.rows + 1)] -= 1;
  return frobenius(gram);
};

it.each([
  [150, 90],
  [90, 150],
  [400, 75],
])('finds the triplets of a matrix whose values fall: %d × %d', (rows, cols) => {
  const values = Array.from({ length: 60 }, (_, i) => 0.7 ** i);
  const m = withValues(rows, cols, values);
  const found = leadingTriplets(m, 12);
  for (let i = 0; i < 12; i++) expect(found.S[i]).toBeCloseTo(values[i], 12);
  expect(residual(m, found)).toBeLessThan(1e-12);
  expect(identityError(found.U)).toBeLessThan(1e-12);
  expect(identityError(found.V)).toBeLessThan(1e-12);
  const full = svd(m);
  for (let i = 0; i < found.U.data.length; i++) {
    const [row, column] = [Math.floor(i / 12), i % 12];
    expect(found.U.data[i]).toBeCloseTo(full.U.data[row * full.U.cols + column], 8);
  }
});

it('gives orthonormal directions near the largest ones where no value stands out', () => {
  const m = withValues(
    120,
    110,
    Array.from({ length: 110 }, (_, i) => 1 - i / 1000),
  );
  const found = leadingTriplets(m, 64);
  expect(identityError(found.U)).toBeLessThan(1e-10);
  expect(identityError(found.V)).toBeLessThan(1e-10);
  for (let i = 0; i < 64; i++) {
    expect(found.S[i]).toBeLessThanOrEqual(1 - i / 1000 + 1e-12);
    expect(found.S[i]).toBeGreaterThan(0.93 - i / 1000);
  }
});

it('of a large Gaussian matrix, whose values lie close together, holds nearly what the largest would', () => {
  const m = gaussian(600, 520, stream(1, 'test'));
  const [found, exact] = [leadingTriplets(m, 64).S, singularValues(m)];
  const energy = (values: Float64Array, n: number) => values.slice(0, n).reduce((sum, x) => sum + x * x, 0);
  // docs/model.md says how much.
  for (const [n, share] of [
    [8, 0.98],
    [64, 0.94],
  ])
    expect(energy(found, n) / energy(exact, n)).toBeCloseTo(share, 1.7);
});

it('depends on the matrix alone, in float32 as in float64', () => {
  const m = toFloat32(withValues(80, 100, [3, 2, 1]));
  expect(leadingTriplets(m, 3)).toEqual(leadingTriplets(m, 3));
  expect(leadingTriplets(m, 3)).toEqual(leadingTriplets({ ...m, data: new Float64Array(m.data) }, 3));
  expect(leadingTriplets(scale(m, 2), 3).S[0]).toBeCloseTo(6, 6);
});

it('refuses more than it can find', () => {
  expect(() => leadingTriplets(zeros(200, 200), 65)).toThrow(RangeError);
  expect(() => leadingTriplets(zeros(200, 200), 0)).toThrow(RangeError);
});
