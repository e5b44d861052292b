import { describe, expect, it } from 'vitest';
import type { Matrix64 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { meanLoss } from './testing/mean-loss.ts';
import { problem } from './testing/problem.ts';
import { lossAndGradients, train } from './testing/reference.ts';

const { R, samples, d, k } = problem({ labelNoise: 0.3 });
const { X } = samples;
const A = gaussian(2, k, stream(4, 'A'));
const B = gaussian(d, 2, stream(4, 'B'));

function moved(m: Matrix64, at: number, by: number): Matrix64 {
  const data = m.data.slice();
  data[at] += by;
  return { ...m, data };
}

describe('the reference in float64', () => {
  it('has the gradients of its loss: central differences of every entry', () => {
    const scaling = 1.7;
    const { loss, gradA, gradB } = lossAndGradients(R, X, { A, B, scaling });
    expect(loss).toBe(meanLoss(R, X, { A, B, scaling }));
    // The loss is a quadratic of each factor, for which central differences are exact.
    const h = 1e-3;
    const slope = (f: (by: number) => number) => (f(h) - f(-h)) / (2 * h);
    for (let i = 0; i < A.data.length; i++) {
      const found = slope((by) => meanLoss(R, X, { A: moved(A, i, by), B, scaling }));
      expect(gradA.data[i] - found).toBeCloseTo(0, 8);
    }
    for (let i = 0; i < B.data.length; i++) {
      const found = slope((by) => meanLoss(R, X, { A, B: moved(B, i, by), scaling }));
      expect(gradB.data[i] - found).toBeCloseTo(0, 8);
    }
  });

  it('makes the first updates of each optimiser as its formula says', () => {
    const scaling = 0.5;
    const run = (opt: 'sgd' | 'momentum' | 'adam' | 'adamw', steps: number, ratio = 1) =>
      train({ R, X, A, B, scaling, opt, lr: 0.01, ratio, steps });
    const { gradA, gradB } = lossAndGradients(R, X, { A, B, scaling });
    const first = run('sgd', 1, 4);
    first.A.data.forEach((x, i) => {
      expect(x).toBeCloseTo(A.data[i] - 0.01 * gradA.data[i], 14);
    });
    first.B.data.forEach((x, i) => {
      expect(x).toBeCloseTo(B.data[i] - 0.04 * gradB.data[i], 14);
    });
    // The first step of Adam has the rate's size; AdamW also shrinks θ.
    const [adam, adamw] = [run('adam', 1), run('adamw', 1)];
    adam.A.data.forEach((x, i) => {
      expect(x).toBeCloseTo(A.data[i] - 0.01 * Math.sign(gradA.data[i]), 6);
      expect(adamw.A.data[i]).toBeCloseTo(x - 1e-4 * A.data[i], 14);
    });
    // Two updates of momentum: g₁, then 0.9·g₁ + g₂.
    const second = lossAndGradients(R, X, { ...run('sgd', 1), scaling });
    run('momentum', 2).A.data.forEach((x, i) => {
      expect(x).toBeCloseTo(A.data[i] - 0.01 * (1.9 * gradA.data[i] + second.gradA.data[i]), 14);
    });
  });
});
