import { describe, expect, it } from 'vitest';
import { orthonormal } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import {
  type AnyMatrix,
  frobenius,
  type Matrix64,
  multiply,
  subtract,
  toFloat32,
  toFloat64,
  transpose,
} from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { productSpectrum } from '../../math/spectral/product-svd.ts';
import { largestSingularValue, singularValues } from '../../math/spectral/singular-values.ts';
import { derivedRate } from '../settings/rate.ts';
import { compose } from '../targets/draws.ts';
import {
  colourColumns,
  covarianceOf,
  heldOutFloors,
  inputFacts,
  projectOnRowSpace,
  rowSpace,
  secondMoment,
  trainingFloors,
} from './floors.ts';
import { meanLoss } from './testing/mean-loss.ts';
import { problem } from './testing/problem.ts';
import { train } from './testing/reference.ts';

const floorsOf = (R: Matrix64, X: AnyMatrix) => trainingFloors(projectOnRowSpace(R, rowSpace(X)), X.rows);
const transposed = (m: AnyMatrix) => transpose(toFloat64(m));

/** Full-batch descent with momentum from two non-zero factors until it hardly moves any more. */
function descend(p: ReturnType<typeof problem>, rank: number, steps: number) {
  const [A, B] = [gaussian(rank, p.k, stream(p.seed, 'A')), gaussian(p.d, rank, stream(p.seed, 'B'))];
  const largest = (m: Matrix64) => largestSingularValue(m);
  const inputs = { ...inputFacts(p.samples.X), batch: p.n, noise: 0 };
  const facts = { a: largest(A), b: largest(B), sigma1: 1, inputs };
  const e = { opt: 'momentum', ratio: 1, d: p.d, k: p.k, rank } as const;
  const lr = derivedRate(e, 1, facts);
  return train({ ...e, R: p.R, X: p.samples.X, A, B, scaling: 1, lr, steps });
}

/** ½‖(s·B·A − ΔW*)·C^½‖² + ½·d·noise²: the expected loss on a new sample. */
function expectedLoss(p: ReturnType<typeof problem>, update: Matrix64): number {
  const error = colourColumns(p.samples.covariance, transposed(subtract(update, p.update)));
  return frobenius(error) ** 2 / 2 + (p.d * p.labelNoise * p.labelNoise) / 2;
}

describe('the floor of the training loss', () => {
  it.each([
    ['more samples than inputs', { n: 20 }],
    ['fewer samples than inputs', { n: 4, k: 9 }],
    ['label noise and few samples', { n: 9, labelNoise: 0.4 }],
    ['wide', { d: 3, k: 8, n: 12, truerank: 2, labelNoise: 0.1 }],
  ])('is touched by descent within 2%% and never crossed: %s', (_, wanted) => {
    const p = problem({ condition: 4, ...wanted });
    const floors = floorsOf(p.R, p.samples.X);
    expect(floors).toHaveLength(Math.min(p.d, p.k) + 1);
    for (const rank of [1, 2]) {
      const { loss } = descend(p, rank, 2500);
      const end = loss[loss.length - 1];
      expect(end).toBeGreaterThan(floors[rank] * (1 - 1e-12) - 1e-13);
      expect(end).toBeLessThan(floors[rank] * 1.02 + 1e-9);
      expect(floors[rank]).toBeLessThan(floors[rank - 1]);
    }
  });

  it('at rank 0 is the loss of W₀, and at full rank that of ordinary least squares', () => {
    const p = problem({ labelNoise: 0.5, n: 15 });
    const floors = floorsOf(p.R, p.samples.X);
    const zero = { A: gaussian(1, p.k, stream(1, 'A')), B: gaussian(p.d, 1, stream(1, 'B')), scaling: 0 };
    expect(floors[0]).toBeCloseTo(meanLoss(p.R, p.samples.X, zero), 12);
    const { U, S, V } = svd(p.samples.X);
    const inverse = compose(
      V,
      S.map((x) => 1 / x),
      U,
    );
    const left = subtract(p.R, multiply(multiply(p.R, inverse), p.samples.X));
    expect(floors[6]).toBeCloseTo(frobenius(left) ** 2 / (2 * p.n), 12);
  });

  it('is the weighted floor of ΔW* with the second moment of the sample, where n ≥ k and there is no noise', () => {
    const p = problem({ n: 11 });
    const { U, S } = svd(secondMoment(p.samples.X));
    const values = singularValues(multiply(p.update, compose(U, S.map(Math.sqrt), U)));
    const floors = floorsOf(p.R, p.samples.X);
    for (let r = 0; r <= 6; r++) {
      const tail = values.slice(r).reduce((sum, value) => sum + (value * value) / 2, 0);
      expect(floors[r]).toBeCloseTo(tail, 7);
    }
    expect(floors[2]).toBeGreaterThan(0.01);
  });

  it.each([
    ['columns that repeat', 5, 12],
    ['rows that repeat', 12, 5],
  ])('holds where X lacks rank: %s', (_, k, n) => {
    const X = multiply(gaussian(k, 3, stream(1, 'X')), gaussian(3, n, stream(2, 'X')));
    const R = gaussian(4, n, stream(3, 'R'));
    const { S, V } = svd(X);
    expect(S[3]).toBeLessThan(1e-12);
    const P = multiply(leading(V, 3), transpose(leading(V, 3)));
    const inside = multiply(R, P);
    const values = singularValues(inside);
    const rest = frobenius(subtract(R, inside)) ** 2;
    const floors = floorsOf(R, X);
    for (let r = 0; r <= 4; r++) {
      const tail = values.slice(r).reduce((sum, value) => sum + value * value, 0);
      expect(floors[r]).toBeCloseTo((rest + tail) / (2 * n), 11);
    }
  });
});

describe('the floor of the held-out loss', () => {
  it('is the Eckart–Young floor of ΔW* for white inputs, and half the noise of a label at its true rank', () => {
    const p = problem({ condition: 1, labelNoise: 0.3 });
    const noise = (7 * 0.09) / 2;
    const floors = heldOutFloors(p.update, p.samples.covariance, 0.3);
    [1.5 + noise, 1 + noise, 0.5 + noise, noise].forEach((wanted, r) => {
      expect(floors[r]).toBeCloseTo(wanted, 6);
    });
  });

  it('of a large layer ends with the leading values and holds the same numbers', () => {
    const [d, k] = [513, 1025];
    const covariance = covarianceOf(k, 50, stream(1, 'covariance'));
    const [U, V] = [orthonormal(d, 3, stream(1, 'U')), orthonormal(k, 3, stream(1, 'V'))];
    const update = compose(U, Float64Array.of(1, 1, 1), V);
    const floors = heldOutFloors(toFloat32(update), covariance, 0.1);
    expect(floors).toHaveLength(65);
    const values = productSpectrum(U, transpose(colourColumns(covariance, V)), 1);
    for (let r = 0; r <= 64; r++) {
      const tail = values.slice(r).reduce((sum, value) => sum + (value * value) / 2, 0);
      expect(floors[r]).toBeCloseTo(tail + (d * 0.01) / 2, 5);
    }
  });

  it('lies below the expected loss of every update of its rank, and the best one reaches it', () => {
    const p = problem({ labelNoise: 0.2, condition: 25 });
    const floors = heldOutFloors(p.update, p.samples.covariance, 0.2);
    for (const rank of [1, 2, 3]) {
      for (let seed = 0; seed < 20; seed++) {
        const noise = gaussian(p.d, rank, stream(seed, 'B'));
        const any = multiply(noise, multiply(transpose(noise), p.update));
        expect(expectedLoss(p, any)).toBeGreaterThan(floors[rank]);
      }
      const trained = descend(p, rank, 500);
      expect(expectedLoss(p, multiply(trained.B, trained.A))).toBeGreaterThan(floors[rank]);
    }
    const many = problem({ labelNoise: 0, condition: 25, n: 1000 });
    const best = descend(many, 2, 600);
    const noiseless = heldOutFloors(many.update, many.samples.covariance, 0);
    expect(expectedLoss(many, multiply(best.B, best.A)) / noiseless[2]).toBeLessThan(1.02);
  });

  it('is what a large held-out set measures, up to its spread', () => {
    const p = problem({ labelNoise: 0.2, heldOut: 20000 });
    const factors = { A: gaussian(2, p.k, stream(1, 'A')), B: gaussian(p.d, 2, stream(1, 'B')), scaling: 0.5 };
    const { X, Y } = p.samples.heldOut;
    const measured = meanLoss(subtract(Y, multiply(p.base, X)), X, factors);
    const expected = expectedLoss(p, multiply(factors.B, scaled(factors.A, 0.5)));
    expect(measured / expected).toBeGreaterThan(0.95);
    expect(measured / expected).toBeLessThan(1.05);
  });
});

const scaled = (m: Matrix64, s: number): Matrix64 => ({ ...m, data: m.data.map((x) => x * s) });
const leading = (m: Matrix64, n: number): Matrix64 => {
  const rows = Array.from({ length: m.rows }, (_, i) => Array.from(m.data.subarray(i * m.cols, i * m.cols + n)));
  return { rows: m.rows, cols: n, data: Float64Array.from(rows.flat()) };
};
