import { describe, expect, it } from 'vitest';
import { orthonormal } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import { multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { flowProblem } from '../settings/testing/flow-problem.ts';
import { sampledSteps } from './course.ts';
import { flowCourse } from './flow.ts';
import { alignedCourse } from './predict.ts';
import { modeCurve } from './testing/mode-curve.ts';

/** Classic fourth-order Runge–Kutta with n steps. */
function rungeKutta(y: Float64Array, f: (y: Float64Array) => Float64Array, time: number, n: number): Float64Array {
  const h = time / n;
  const plus = (a: Float64Array, b: Float64Array, t: number) => a.map((x, i) => x + t * b[i]);
  let now = y;
  for (let i = 0; i < n; i++) {
    const k1 = f(now);
    const k2 = f(plus(now, k1, h / 2));
    const k3 = f(plus(now, k2, h / 2));
    const k4 = f(plus(now, k3, h));
    now = now.map((x, j) => x + (h / 6) * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]));
  }
  return now;
}

describe('one direction', () => {
  it('has the closed form of its flow, against Runge–Kutta, and the time to any share of it', () => {
    for (const [l, S, kappa, sigma0] of [
      [1, 2, 0.7, 0],
      [0.3, 5, 2.5, 0.01],
      [4, 0.5, 0.05, 0.2],
    ]) {
      const curve = modeCurve(l, S, kappa, sigma0);
      const flow = (y: Float64Array) => y.map((x) => S * Math.sqrt(kappa * kappa + 4 * x * x) * (l - x));
      for (const t of [0.1, 0.7, 2]) {
        const [wanted] = rungeKutta(Float64Array.of(sigma0), flow, t, 4000);
        expect(Math.abs(curve.at(t) - wanted)).toBeLessThan(1e-10);
      }
      for (const f of [0.5, 0.9]) expect(curve.at(curve.timeTo(f)) / l).toBeCloseTo(f, 10);
    }
  });

  it('keeps to that flow under SGD at a slow rate, with any ratio', () => {
    const [l, s, ratio, a] = [0.8, 2, 4, 0.6];
    const rate = 1e-5;
    const steps = 60_000;
    const curve = modeCurve(l, s * Math.sqrt(ratio), s * Math.sqrt(ratio) * a * a);
    const run = alignedCourse('sgd', { values: [l], norm: l, a, scaling: s, rate, ratio, steps });
    for (const [i, step] of run.steps.entries())
      expect(Math.abs(run.directions[0][i] - curve.at(rate * step))).toBeLessThan(5e-5);
    expect(run.arrivals[0]).toBeCloseTo(curve.timeTo(0.9) / rate, -2);
  });

  it('grows alike with all others under polar steps: σ = s·lr·t·(a + lr·(t − 1)) until it arrives', () => {
    const [s, a, rate] = [2, 0.5, 0.01];
    const values = [4, 2, 1, 0.5];
    const norm = Math.hypot(...values);
    const { directions, arrivals } = alignedCourse('polar', {
      ...{ values, norm, a, scaling: s, rate, ratio: 1, steps: 200 },
    });
    const size = (t: number) => s * rate * t * (a + rate * (t - 1));
    for (const [i, l] of values.entries()) {
      for (let t = 0; size(t) <= l; t++) expect(Math.abs(directions[i][t] - size(t))).toBeLessThan(1e-14 * (1 + t));
      const time = (Math.sqrt(a * a + (3.6 * l) / s) - a) / (2 * rate);
      expect(Math.abs((arrivals[i] ?? 0) - time)).toBeLessThan(1.5);
    }
  });
});

describe('the flow from rows that are orthogonal and of one length', () => {
  it.each([
    { d: 6, k: 9, r: 3, ratio: 1 },
    { d: 9, k: 6, r: 6, ratio: 4 },
    { d: 7, k: 5, r: 1, ratio: 2 },
    { d: 1, k: 4, r: 1, ratio: 1 },
  ])('is that of Runge–Kutta at $d × $k, rank $r and ratio $ratio', ({ d, k, r, ratio }) => {
    const M = scale(gaussian(d, k, stream(3, 'target')), 0.4);
    const A = scale(transpose(orthonormal(k, r, stream(4, 'A'))), 0.5);
    const { U, S, V } = svd(M);
    const s = 1.7;
    const rate = 0.05;
    const steps = 80;
    const { flow, start, update } = flowProblem(d, k, r, A, M, s, ratio);
    const norm = Math.hypot(...S);
    const { directions, error } = flowCourse({
      ...{ values: S, norm, rank: r, along: multiply(A, V).data, gram: multiply(A, transpose(A)).data },
      ...{ scaling: s, rate, ratio, steps },
    });
    let y: Float64Array = start;
    for (let t = 1; t <= steps; t++) {
      y = rungeKutta(y, flow, rate, 40);
      if (t % 10 > 0) continue;
      const dW = update(y);
      const seen = multiply(multiply(transpose(U), dW), V);
      for (let i = 0; i < S.length; i++)
        expect(Math.abs(directions[i][t] - seen.data[i * (S.length + 1)])).toBeLessThan(1e-9);
      const wanted = Math.sqrt(subtract(dW, M).data.reduce((sum, x) => sum + x * x, 0)) / norm;
      expect(Math.abs(error[t] - wanted)).toBeLessThan(1e-7);
    }
  });

  it('is the closed form of one direction, for one direction, in pieces of any length', () => {
    const [l, s, a] = [1, 2, 0.4];
    const curve = modeCurve(l, s, s * a * a);
    const run = {
      values: [l],
      norm: l,
      rank: 1,
      along: [a],
      gram: [a * a],
      scaling: s,
      rate: 0.5,
      ratio: 1,
      steps: 40,
    };
    for (const points of [40, 4]) {
      const { steps, directions } = flowCourse(run, points);
      for (const [i, t] of steps.entries()) expect(Math.abs(directions[0][i] - curve.at(0.5 * t))).toBeLessThan(1e-12);
    }
  });
});

it('sampled steps are all steps of a short run, and begin and end with a long one', () => {
  expect(sampledSteps(3, 5)).toEqual([0, 1, 2, 3]);
  const long = sampledSteps(100_000, 400);
  expect([long[0], long.at(-1)]).toEqual([0, 100_000]);
  expect(long.length).toBeLessThan(402);
  expect(long.filter((step) => step <= 25_000).length).toBeGreaterThan(190);
});
