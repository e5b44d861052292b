import { expect, it } from 'vitest';
import { type Matrix64, multiply, scale, transpose, zeros } from '../matrix.ts';
import { gaussian, permutation, stream } from '../random.ts';
import { determinantSign } from './determinant.ts';

/** By minors of the first row. */
function determinant(m: Matrix64): number {
  if (m.rows === 1) return m.data[0];
  let sum = 0;
  for (let j = 0; j < m.cols; j++) {
    const minor = zeros(m.rows - 1, m.cols - 1);
    for (let i = 1, at = 0; i < m.rows; i++)
      for (let c = 0; c < m.cols; c++) if (c !== j) minor.data[at++] = m.data[i * m.cols + c];
    sum += (j % 2 ? -1 : 1) * m.data[j] * determinant(minor);
  }
  return sum;
}

it('is that of the sum over minors, of a transpose, and of a product', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const n = 1 + (seed % 6);
    const [a, b] = ['a', 'b'].map((name) => gaussian(n, n, stream(seed, name)));
    expect(determinantSign(a)).toBe(Math.sign(determinant(a)));
    expect(determinantSign(transpose(a))).toBe(determinantSign(a));
    expect(determinantSign(multiply(a, b))).toBe(determinantSign(a) * determinantSign(b));
    expect(determinantSign(scale(a, 1e-200))).toBe(determinantSign(a));
  }
});

it('of a permutation is that of its inversions, and of a singular matrix 0', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const order = permutation(9, stream(seed, 'order'));
    const m = zeros(9, 9);
    order.forEach((j, i) => {
      m.data[i * 9 + j] = 1;
    });
    const inversions = [...order].flatMap((x, i) => [...order].slice(i).filter((y) => y < x)).length;
    expect(determinantSign(m)).toBe(inversions % 2 ? -1 : 1);
  }
  expect(determinantSign(zeros(3, 3))).toBe(0);
  expect(() => determinantSign(zeros(2, 3))).toThrow(RangeError);
});
