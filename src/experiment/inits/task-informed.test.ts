import { describe, expect, it } from 'vitest';
import { frobenius, multiply, scale, toFloat64, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { taskInformed } from './task-informed.ts';
import { baseOf, colouredMoment, contextOf, SETTINGS, startOf } from './testing/context.ts';

describe('the task-informed start', () => {
  it('has orthonormal rows that catch as much of the inputs as r directions can', () => {
    for (const [d, k, rank] of SETTINGS) {
      const secondMoment = colouredMoment(k);
      const { A, B } = taskInformed.draw(contextOf({ base: baseOf(d, k), rank, secondMoment }));
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, k, d, rank]);
      expect(orthogonalityError(transpose(toFloat64(A)))).toBeLessThan(1e-13);
      expect(frobenius(B)).toBe(0);
      // E‖Ax‖² = tr(A·C·Aᵀ) is at most the sum of C's r largest eigenvalues (Ky Fan).
      const caught = multiply(multiply(A, secondMoment), transpose(toFloat64(A)));
      let energy = 0;
      for (let i = 0; i < rank; i++) energy += caught.data[i * rank + i];
      const most = singularValues(secondMoment)
        .subarray(0, rank)
        .reduce((sum, s) => sum + s, 0);
      expect(energy / most).toBeCloseTo(1, 12);
    }
  });

  it('finds the directions that the inputs were made from, the strongest first', () => {
    const [k, n] = [9, 20_000];
    const X = gaussian(k, n, stream(3, 'X'));
    for (let j = 0; j < n; j++) {
      X.data[4 * n + j] *= 5;
      X.data[7 * n + j] *= 3;
    }
    const secondMoment = scale(multiply(X, transpose(X)), 1 / n);
    const { A } = taskInformed.draw(contextOf({ base: baseOf(6, k), rank: 2, secondMoment }));
    expect(A.data[4]).toBeGreaterThan(0.99);
    expect(A.data[9 + 7]).toBeGreaterThan(0.99);
  });

  it('stays finite and orthonormal where there are fewer inputs than directions', () => {
    const { A } = startOf(taskInformed, { base: baseOf(20, 30), rank: 20, secondMoment: colouredMoment(30, 4) });
    expect(orthogonalityError(transpose(toFloat64(A)))).toBeLessThan(1e-6);
  });

  it('is refused on a matrix target, in a sentence that names the target to take', () => {
    const setting = { d: 24, k: 24, rank: 4 };
    expect(taskInformed.unavailable?.(setting)).toBe(
      'Task-informed initialisation needs task inputs; a matrix target has none (its inputs are treated as white, so no direction stands out). Use the regression target.',
    );
    expect(taskInformed.nearest?.(setting)).toEqual({ target: 'regression' });
    expect(taskInformed.unavailable?.({ ...setting, inputs: true })).toBeNull();
    expect(taskInformed.unavailable?.({ d: 600, k: 513, rank: 65, inputs: true })).toMatch(/\. Use rank 64\.$/);
    expect(() => taskInformed.draw(contextOf({ base: baseOf(4, 4), rank: 2 }))).toThrow(/leadingInputs/);
  });
});
