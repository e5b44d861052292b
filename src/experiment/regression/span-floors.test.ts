import { describe, expect, it } from 'vitest';
import { orthonormal } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, leadingColumns, multiply, scale, subtract, transpose, zeros } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import {
  colourColumns,
  heldOutFloorOfSpan,
  heldOutFloors,
  projectOnRowSpace,
  rowSpace,
  trainingFloorOfSpan,
  trainingFloors,
} from './floors.ts';
import { meanLoss } from './testing/mean-loss.ts';
import { problem } from './testing/problem.ts';
import { lossAndGradients } from './testing/reference.ts';

describe('the floors of a frozen B', () => {
  it.each([20, 4])('training: touched by descent on A alone, %i samples', (n) => {
    const p = problem({ n, labelNoise: 0.3, condition: 3 });
    const B = scale(orthonormal(p.d, 2, stream(1, 'B')), 0.7);
    const A = zeros(2, p.k);
    const scaling = 2;
    for (let t = 0; t < 1500; t++) {
      const { gradA } = lossAndGradients(p.R, p.samples.X, { A, B, scaling });
      for (let i = 0; i < A.data.length; i++) A.data[i] -= 0.1 * gradA.data[i];
    }
    const end = meanLoss(p.R, p.samples.X, { A, B, scaling });
    const projected = projectOnRowSpace(p.R, rowSpace(p.samples.X));
    const floor = trainingFloorOfSpan(B, projected);
    expect(end).toBeGreaterThan(floor * (1 - 1e-12));
    expect(end).toBeLessThan(floor * 1.001);
    expect(floor).toBeGreaterThan(trainingFloors(projected, p.k)[2]);
  });

  it('held out: the expected loss of the projected update, and the free floor where B has the best directions', () => {
    const p = problem({ labelNoise: 0.3 });
    const Q = orthonormal(p.d, 2, stream(1, 'B'));
    const best = multiply(Q, multiply(transpose(Q), p.update));
    const error = colourColumns(p.samples.covariance, transpose(subtract(best, p.update)));
    const floor = heldOutFloorOfSpan(scale(Q, 5), p.update, p.samples.covariance, 0.3);
    expect(floor).toBeCloseTo(frobenius(error) ** 2 / 2 + (p.d * 0.09) / 2, 12);
    const { V } = svd(colourColumns(p.samples.covariance, transpose(p.update)));
    const leading = leadingColumns(V, 2);
    const free = heldOutFloors(p.update, p.samples.covariance, 0.3)[2];
    expect(heldOutFloorOfSpan(leading, p.update, p.samples.covariance, 0.3)).toBeCloseTo(free, 10);
  });
});
