import { describe, expect, it } from 'vitest';
import { maxAbs, multiply, scale, subtract, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { fromRows, toRows } from '../testing/rows.ts';
import { solvePositive } from './cholesky.ts';

describe('solving with a symmetric positive definite matrix', () => {
  it('solves a system of whole numbers', () => {
    // L = [[2, 0, 0], [1, 3, 0], [-1, 2, 1]]
    const C = [
      [4, 2, -2],
      [2, 10, 5],
      [-2, 5, 6],
    ];
    const X = [
      [1, -2],
      [3, 0],
      [-1, 5],
    ];
    const V = C.map((row) => [0, 1].map((j) => row.reduce((sum, c, p) => sum + c * X[p][j], 0)));
    expect(toRows(solvePositive(fromRows(C), fromRows(V)))).toEqual(X);
  });

  it('leaves a small residual at any size, with a condition up to 10⁶', () => {
    for (const n of [1, 2, 7, 40]) {
      const source = stream(n, 'C');
      const D = gaussian(n, n, source);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) D.data[i * n + j] *= 1 + (100 * i) / n;
      const C = multiply(D, transpose(D));
      for (let i = 0; i < n; i++) C.data[i * (n + 1)] += 0.01;
      const V = gaussian(n, 3, source);
      const X = solvePositive(C, V);
      // Backward stable: ‖C·X − V‖ ≤ c·n·u·‖C‖‖X‖ (Higham, Accuracy and Stability, section 10.1).
      expect(maxAbs(subtract(multiply(C, X), V))).toBeLessThan(10 * n * n * 1.2e-16 * maxAbs(C) * maxAbs(X));
    }
  });

  it('refuses what is not positive definite, and shapes that do not fit', () => {
    const I = fromRows([
      [1, 0],
      [0, 1],
    ]);
    expect(() => solvePositive(scale(I, -1), I)).toThrow(RangeError);
    expect(() => solvePositive(zeros(2, 2), I)).toThrow(RangeError);
    expect(() => solvePositive(fromRows([[Number.NaN]]), fromRows([[1]]))).toThrow(RangeError);
    expect(() => solvePositive(I, zeros(3, 1))).toThrow(RangeError);
  });
});
