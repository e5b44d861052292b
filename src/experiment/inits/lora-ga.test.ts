import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import golden from '../../math/golden/initialisations.json' with { type: 'json' };
import {
  type AnyMatrix,
  frobenius,
  type Matrix64,
  multiply,
  scale,
  subtract,
  toFloat32,
  toFloat64,
  transpose,
} from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { curvature } from '../settings/rate.ts';
import { loraGa } from './lora-ga.ts';
import { offered, startOf } from './testing/context.ts';
import { balancedFactors, firstTriplets } from './triplets.ts';

const projector = (rowsOrthogonal: AnyMatrix, size: number) =>
  scale(multiply(transpose(toFloat64(rowsOrthogonal)), rowsOrthogonal), 1 / size);

/** W after one SGD step from A and B, less W before: s·(B − η·s·G·Aᵀ)(A − η·s·Bᵀ·G) − s·B·A. */
function firstStep(A: AnyMatrix, B: AnyMatrix, s: number, G: Matrix64, rate: number): Matrix64 {
  const newA = subtract(A, scale(multiply(transpose(toFloat64(B)), G), rate * s));
  const newB = subtract(B, scale(multiply(G, transpose(toFloat64(A))), rate * s));
  return scale(subtract(multiply(newB, newA), multiply(B, A)), s);
}

function cosine(a: Matrix64, b: Matrix64): number {
  return a.data.reduce((sum, x, i) => sum + x * b.data[i], 0) / (frobenius(a) * frobenius(b));
}

/** The best rank-n approximation, with its sign turned: where a step should go. */
function downhill(G: Matrix64, n: number): Matrix64 {
  const { A, B } = balancedFactors(firstTriplets(svd(G), n), 1);
  return scale(multiply(B, A), -1);
}

describe('LoRA-GA', () => {
  it('spans the golden directions', () => {
    for (const { d, rank, scaling, W0, gradient, loraGa: wanted } of golden.cases) {
      const { A, B } = startOf(loraGa, { base: toFloat32(fromRows(W0)), rank, scaling, gradient: fromRows(gradient) });
      const size = Math.sqrt(d) / 16;
      expect(frobenius(subtract(projector(A, size), fromRows(wanted.projectorA)))).toBeLessThan(1e-6);
      expect(frobenius(subtract(projector(transpose(B), size), fromRows(wanted.projectorB)))).toBeLessThan(1e-6);
    }
  });

  it('takes a first small SGD step along the best rank-2r approximation of the gradient, cosine ≥ 0.999', () => {
    for (const { base, d, k, rank, scaling } of offered(loraGa)) {
      const G = gaussian(d, k, stream(2, 'G'));
      const { A, B } = startOf(loraGa, { base, rank, scaling, gradient: G });
      const b = singularValues(B)[0];
      const facts = { a: singularValues(A)[0], b, sigma1: singularValues(G)[0] };
      const q = curvature({ opt: 'sgd', ratio: 1, d, k, rank }, scaling, facts);
      // The part of second order in the rate is orthogonal to the rest and shrinks with it.
      expect(cosine(firstStep(A, B, scaling, G, 0.05 / q), downhill(G, 2 * rank))).toBeGreaterThan(0.999);
    }
  });

  it('has the step that its formula says at any rate: −η·s²·c²·(G₂ᵣ − η·s·U₁S₁S₂V₂ᵀ)', () => {
    for (const { base, d, k, rank, scaling } of offered(loraGa)) {
      const G = gaussian(d, k, stream(3, 'G'));
      const { A, B } = startOf(loraGa, { base, rank, scaling, gradient: G });
      const size = scaling * scaling * (Math.sqrt(d) / 16);
      const second = multiply(multiply(multiply(G, transpose(toFloat64(A))), multiply(transpose(toFloat64(B)), G)), {
        ...{ rows: k, cols: k, data: Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0)) },
      });
      for (const rate of [0.001, 0.1]) {
        const linear = scale(downhill(G, 2 * rank), rate * size);
        const wanted = subtract(linear, scale(second, -(rate * rate) * scaling * scaling * scaling));
        const found = firstStep(A, B, scaling, G, rate);
        expect(frobenius(subtract(found, wanted)) / frobenius(found)).toBeLessThan(1e-5);
      }
    }
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offered(loraGa)) {
      const gradient = gaussian(given.d, given.k, stream(4, 'G'));
      const { A, B, difference } = startOf(loraGa, { ...given, gradient });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([given.rank, given.k, given.d, given.rank]);
      expect(difference.largest).toBeLessThanOrEqual(difference.bound);
      expect(difference.largest).toBeLessThan(1e-5);
    }
  });

  it('has entries of the variance that it says', () => {
    for (const given of offered(loraGa)) {
      const { A, B } = startOf(loraGa, { ...given, gradient: gaussian(given.d, given.k, stream(5, 'G')) });
      const said = loraGa.variance({ ...given, sigma: 1 });
      for (const [factor, text] of [
        [A, said.A],
        [B, said.B],
      ] as const) {
        const found = factor.data.reduce<number>((sum, x) => sum + x * x, 0) / factor.data.length;
        expect(Number(text.split(' = ')[1]) / found).toBeCloseTo(1, 1);
      }
    }
  });

  it('needs room for 2r directions, of which 64 are known above 512, and says the nearest rank', () => {
    expect(loraGa.unavailable?.({ d: 24, k: 16, rank: 8 })).toBeNull();
    expect(loraGa.unavailable?.({ d: 24, k: 17, rank: 9 })).toBe(
      'LoRA-GA needs 2r directions, which may not exceed the smaller of d and k, 17; here 2r is 18. Use rank 8.',
    );
    expect(loraGa.nearest?.({ d: 1, k: 9, rank: 1 })).toEqual({ d: 2, rank: 1 });
    expect(loraGa.unavailable?.({ d: 1, k: 1, rank: 1 })).toMatch(/Use d = 2, k = 2 and rank 1\.$/);
    expect(loraGa.unavailable?.({ d: 600, k: 600, rank: 32 })).toBeNull();
    expect(loraGa.unavailable?.({ d: 600, k: 600, rank: 500 })).toMatch(/Use rank 32\.$/);
  });
});
