import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../experiment/regression/batches.ts';
import { residualLabels } from '../../experiment/regression/loss.ts';
import { meanLoss } from '../../experiment/regression/testing/mean-loss.ts';
import { problem } from '../../experiment/regression/testing/problem.ts';
import { lossAndGradients, train } from '../../experiment/regression/testing/reference.ts';
import { type Matrix64, maxAbs, pickColumns, subtract, toFloat32 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { updates } from '../steppers/updates.ts';
import { regressionData } from '../testing/regression-data.ts';
import { measureRegression, regressionLoss } from './regression.ts';

const as64 = (rows: number, cols: number, data: ArrayLike<number>): Matrix64 => ({
  rows,
  cols,
  data: Float64Array.from(data),
});

function taskOf(rank: number, wanted: Parameters<typeof problem>[0] = {}) {
  const p = problem({ labelNoise: 0.2, ...wanted });
  const A = toFloat32(gaussian(rank, p.k, stream(3, 'A')));
  const B = toFloat32(gaussian(p.d, rank, stream(3, 'B')));
  const task = { d: p.d, k: p.k, rank, ...regressionData(p.base, p.samples) };
  return { p, A, B, task };
}

function difference(found: Float64Array, wanted: Matrix64): number {
  return maxAbs(subtract({ ...wanted, data: found }, wanted)) / maxAbs(wanted);
}

describe('the regression task', () => {
  it.each([
    ['odd batch, odd rank', 3, [4, 0, 19]],
    ['even batch, even rank', 4, [1, 2, 3, 5]],
    ['one sample, rank 1', 1, [7]],
    ['a sample twice', 2, [7, 7]],
    ['all samples', 5, Array.from({ length: 20 }, (_, i) => i)],
  ])('has the loss and gradients of the float64 reference: %s', (_, rank, columns) => {
    const { p, A, B, task } = taskOf(rank);
    const gradA = new Float64Array(A.data.length).fill(7);
    const gradB = new Float64Array(B.data.length).fill(7);
    const scaling = 1.5;
    const loss = measureRegression(task, scaling, A.data, B.data, gradA, gradB, columns);
    const wanted = lossAndGradients(pickColumns(p.R, columns), pickColumns(p.samples.X, columns), { A, B, scaling });
    // Y′ alone is rounded to float32.
    expect(Math.abs(loss / wanted.loss - 1)).toBeLessThan(1e-6);
    expect(difference(gradA, wanted.gradA)).toBeLessThan(1e-6);
    expect(difference(gradB, wanted.gradB)).toBeLessThan(1e-6);
  });

  it.each([20, 21])('has the full training loss and the held-out loss, %i samples', (n) => {
    const { p, A, B, task } = taskOf(3, { n });
    const all = Array.from({ length: n }, (_, i) => i);
    const gradients = [new Float64Array(A.data.length), new Float64Array(B.data.length)] as const;
    const full = regressionLoss(task, 2, A.data, B.data);
    expect(full).toBeCloseTo(measureRegression(task, 2, A.data, B.data, ...gradients, all), 12);
    const { heldOut } = p.samples;
    const found = regressionLoss({ ...task, ...regressionData(p.base, heldOut) }, 2, A.data, B.data);
    const wanted = meanLoss(residualLabels(p.base, heldOut), heldOut.X, { A, B, scaling: 2 });
    expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-6);
  });

  it.each(['sgd', 'momentum', 'adam', 'adamw', 'muon', 'polar', 'signsgd'] as const)(
    'trains like the reference over 50 batches with %s',
    (opt) => {
      const { p, A, B, task } = taskOf(3, { n: 22 });
      const batches = batchesOf(22, 5, p.streams);
      const [scaling, lr, ratio, steps] = [0.5, 0.01, 4, 50];
      const wanted = train({ R: p.R, X: p.samples.X, A, B, scaling, opt, lr, ratio, steps, batches });
      const [a, b] = [A.data.slice(), B.data.slice()];
      const [gradA, gradB] = [new Float64Array(a.length), new Float64Array(b.length)];
      const moments = () => [0, 1].map(() => new Float32Array(Math.max(a.length, b.length)));
      const [momentsA, momentsB] = [moments(), moments()];
      for (let t = 0; t <= steps; t++) {
        const loss = measureRegression(task, scaling, a, b, gradA, gradB, batches.at(t));
        expect(Math.abs(loss / wanted.loss[t] - 1), `step ${t}`).toBeLessThan(1e-4);
        if (t === steps) break;
        updates[opt](a, gradA, momentsA, { rate: lr, t: t + 1, columns: p.k, epsilon: 1e-8 });
        updates[opt](b, gradB, momentsB, { rate: ratio * lr, t: t + 1, columns: 3, epsilon: 1e-8 });
      }
      expect(maxAbs(subtract(as64(3, p.k, a), wanted.A))).toBeLessThan(1e-5);
      expect(maxAbs(subtract(as64(p.d, 3, b), wanted.B))).toBeLessThan(1e-5);
      expect(regressionLoss(task, scaling, a, b)).toBeLessThan(regressionLoss(task, scaling, A.data, B.data));
    },
  );

  it('has exactly no gradient of A where B is zero, and none at all where both are', () => {
    const { A, B, task } = taskOf(2);
    const [gradA, gradB] = [new Float64Array(A.data.length), new Float64Array(B.data.length)];
    B.data.fill(0);
    measureRegression(task, 2, A.data, B.data, gradA, gradB, [0, 1, 2]);
    expect(gradA.every((x) => x === 0)).toBe(true);
    expect(gradB.every((x) => x !== 0)).toBe(true);
    A.data.fill(0);
    measureRegression(task, 2, A.data, B.data, gradA, gradB, [0, 1, 2]);
    expect(gradA.every((x) => x === 0) && gradB.every((x) => x === 0)).toBe(true);
  });
});
