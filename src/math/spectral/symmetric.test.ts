import { describe, expect, it } from 'vitest';
import { frobenius, identity, type Matrix64, multiply, scale, subtract, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { singularValues } from './singular-values.ts';
import { symmetricEigen, symmetricValues } from './symmetric.ts';

const gram = (n: number, rank: number): Matrix64 => {
  const X = rank === 0 ? zeros(n, 1) : gaussian(n, rank, stream(n, `gram ${rank}`));
  return multiply(X, transpose(X));
};
const diagonal = (values: Float64Array): Matrix64 => {
  const D = zeros(values.length, values.length);
  for (const [i, x] of values.entries()) D.data[i * (values.length + 1)] = x;
  return D;
};

describe.each([1, 2, 3, 8, 33, 64])('of order %d', (n) => {
  it.each([0, 1, n >> 1, n])('gives the matrix again from orthonormal vectors, at rank %d', (rank) => {
    const M = gram(n, Math.min(rank, n));
    const { values, V } = symmetricEigen(M);
    expect(frobenius(subtract(multiply(transpose(V), V), identity(n)))).toBeLessThan(1e-13);
    const again = multiply(multiply(V, diagonal(values)), transpose(V));
    expect(frobenius(subtract(again, M))).toBeLessThanOrEqual(1e-14 * frobenius(M));
    expect(symmetricValues(M)).toEqual(values);
    const sizes = [...values].map(Math.abs).sort((a, b) => b - a);
    const wanted = singularValues(M);
    for (const [i, size] of sizes.entries()) expect(Math.abs(size - wanted[i])).toBeLessThanOrEqual(1e-13 * wanted[0]);
  });
});

it('knows negative values', () => {
  const M = { rows: 2, cols: 2, data: Float64Array.of(0, 3, 3, 0) };
  expect([...symmetricEigen(M).values].sort((a, b) => a - b)).toEqual([-3, expect.closeTo(3, 14)]);
});

it('keeps its accuracy for matrices of any size of entries', () => {
  for (const size of [1e-100, 1e100]) {
    const M = scale(gram(8, 8), size);
    const { values, V } = symmetricEigen(M);
    const again = multiply(multiply(V, diagonal(values)), transpose(V));
    expect(frobenius(subtract(again, M))).toBeLessThan(1e-14 * frobenius(M));
  }
});

it('ends with entries that are not finite', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const M = gram(6, 6);
    M.data[7] = bad;
    expect([...symmetricEigen(M).values].every(Number.isFinite)).toBe(false);
  }
});
