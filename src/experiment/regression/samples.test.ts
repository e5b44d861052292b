import { describe, expect, it } from 'vitest';
import { leadingColumns, type Matrix64, maxAbs, multiply, subtract, toFloat64, zeros } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { type Covariance, colourColumns, covarianceOf, inputFacts, secondMoment } from './floors.ts';
import { residualLabels } from './loss.ts';
import { errors } from './testing/mean-loss.ts';
import { problem } from './testing/problem.ts';

function covarianceMatrix(c: Covariance): Matrix64 {
  const identity = zeros(c.k, c.k);
  for (let i = 0; i < c.k; i++) identity.data[i * c.k + i] = 1;
  return colourColumns(c, colourColumns(c, identity));
}

describe('the covariance of the inputs', () => {
  it.each([
    [1, 1],
    [1, 50],
    [6, 1],
    [6, 9],
    [40, 1e4],
    [520, 9],
  ])('of size %i has condition number %f and trace k', (k, condition) => {
    const c = covarianceOf(k, condition, stream(1, 'covariance'));
    const sum = c.eigenvalues.reduce((a, b) => a + b, 0);
    expect(sum / k).toBeCloseTo(1, 12);
    if (k > 1) expect(c.eigenvalues[0] / c.eigenvalues[k - 1] / condition).toBeCloseTo(1, 12);
    expect(c.root.kind).toBe(condition === 1 || k === 1 ? 'identity' : k > 512 ? 'diagonal' : 'rotated');
    if (k > 64) return;
    const C = covarianceMatrix(c);
    singularValues(C).forEach((value, i) => {
      expect(value).toBeCloseTo(c.eigenvalues[i], 11);
    });
  });

  it('lies along the axes in random order above 512', () => {
    const c = covarianceOf(600, 100, stream(3, 'covariance'));
    const ones = { rows: 600, cols: 1, data: new Float64Array(600).fill(1) };
    const variances = colourColumns(c, colourColumns(c, ones)).data;
    expect(Array.from(variances)).not.toEqual(Array.from(c.eigenvalues));
    Array.from(variances)
      .sort((a, b) => b - a)
      .forEach((value, i) => {
        expect(value).toBeCloseTo(c.eigenvalues[i], 12);
      });
  });

  it('refuses a condition number below 1', () => {
    for (const condition of [0, 0.5, -1, Number.NaN, Infinity]) {
      expect(() => covarianceOf(4, condition, stream(1, 'c'))).toThrow(RangeError);
    }
  });
});

describe('samples', () => {
  it('have the second moment of their covariance, up to the spread of a finite draw', () => {
    const { samples, n, k } = problem({ n: 20000 });
    const difference = subtract(secondMoment(samples.X), covarianceMatrix(samples.covariance));
    // An entry's standard deviation is at most √2·λmax/√n; five of them.
    expect(maxAbs(difference)).toBeLessThan((5 * Math.SQRT2 * samples.covariance.eigenvalues[0]) / Math.sqrt(n));
    const facts = inputFacts(samples.X);
    expect(facts.lambdaMax).toBeCloseTo(singularValues(secondMoment(samples.X))[0], 9);
    expect(facts.trace / k).toBeCloseTo(1, 1);
  });

  it('have labels of W₀ + ΔW*, rounded once', () => {
    const { samples, base, update } = problem({ labelNoise: 0 });
    for (const set of [samples, samples.heldOut]) {
      const clean = multiply(subtract(toFloat64(base), multiply(update, minusIdentity(update.cols))), set.X);
      expect(maxAbs(subtract(clean, set.Y))).toBeLessThan(maxAbs(clean) * 2 ** -24);
    }
  });

  it('have label noise of the given standard deviation, its own for the held-out set', () => {
    const { samples, base, update } = problem({ n: 3000, heldOut: 3000, labelNoise: 0.3 });
    for (const set of [samples, samples.heldOut]) {
      const factors = { A: update, B: minusIdentity(7), scaling: -1 };
      const { data } = errors(residualLabels(base, set), set.X, factors);
      const square = data.reduce((sum, x) => sum + x * x, 0) / data.length;
      expect(Math.sqrt(square) / 0.3).toBeCloseTo(1, 1);
    }
    expect(leadingColumns(samples.Y, 5)).not.toEqual(leadingColumns(samples.heldOut.Y, 5));
  });

  it('keep the first ones where there are more', () => {
    const [few, many] = [problem({ n: 9, heldOut: 3, labelNoise: 0.1 }), problem({ n: 30, labelNoise: 0.1 })];
    expect(leadingColumns(many.samples.X, 9)).toEqual(few.samples.X);
    expect(leadingColumns(many.samples.Y, 9)).toEqual(few.samples.Y);
    expect(leadingColumns(many.samples.heldOut.X, 3)).toEqual(few.samples.heldOut.X);
    expect(leadingColumns(many.samples.heldOut.Y, 3)).toEqual(few.samples.heldOut.Y);
  });

  it('keep their inputs where the noise or ΔW* changes', () => {
    const [quiet, loud, other] = [problem(), problem({ labelNoise: 1 }), problem({ truerank: 1 })];
    expect(loud.samples.X).toEqual(quiet.samples.X);
    expect(other.samples.X).toEqual(quiet.samples.X);
    expect(loud.samples.heldOut.X).toEqual(quiet.samples.heldOut.X);
    expect(loud.samples.Y).not.toEqual(quiet.samples.Y);
  });
});

function minusIdentity(n: number) {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = -1;
  return { rows: n, cols: n, data };
}
