import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import golden from '../../math/golden/initialisations.json';
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
  zeros,
} from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { curvature } from '../settings/rate.ts';
import { initExplanation } from './explanations.ts';
import { initFactors } from './factors.ts';
import { corda, loraGa, taskInformed } from './informed.ts';
import { pissa } from './spectral.ts';
import { baseOf, colouredMoment, contextOf, initFactorsOf, offeredSettings, SETTINGS } from './testing/context.ts';
import { balancedFactors, firstTriplets } from './triplets.ts';

describe('the task-informed start', () => {
  it('has orthonormal rows that catch as much of the inputs as r directions can', () => {
    for (const [d, k, rank] of SETTINGS) {
      const secondMoment = colouredMoment(k);
      const { A, B } = initFactors['task-informed'](contextOf({ base: baseOf(d, k), rank, secondMoment }));
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, k, d, rank]);
      expect(orthogonalityError(transpose(toFloat64(A)))).toBeLessThan(1e-13);
      expect(frobenius(B)).toBe(0);
      // E‖Ax‖² = tr(A·C·Aᵀ) is at most the sum of C's r largest eigenvalues (Ky Fan).
      const caught = multiply(multiply(A, secondMoment), transpose(toFloat64(A)));
      let energy = 0;
      for (let i = 0; i < rank; i++) energy += caught.data[i * rank + i];
      const max = singularValues(secondMoment)
        .subarray(0, rank)
        .reduce((sum, s) => sum + s, 0);
      expect(energy / max).toBeCloseTo(1, 12);
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
    const { A } = initFactors['task-informed'](contextOf({ base: baseOf(6, k), rank: 2, secondMoment }));
    expect(A.data[4]).toBeGreaterThan(0.99);
    expect(A.data[9 + 7]).toBeGreaterThan(0.99);
  });

  it('stays finite and orthonormal where there are fewer inputs than directions', () => {
    const { A } = initFactorsOf(taskInformed, { base: baseOf(20, 30), rank: 20, secondMoment: colouredMoment(30, 4) });
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
    expect(() => initFactors['task-informed'](contextOf({ base: baseOf(4, 4), rank: 2 }))).toThrow(/leadingInputs/);
  });
});

/** C + 0.01·mean(diag C)·I */
function damped(C: Matrix64): Matrix64 {
  const mean = toFloat64(C).data.reduce((sum, x, at) => (at % (C.rows + 1) === 0 ? sum + x / C.rows : sum), 0);
  return { ...C, data: C.data.map((x, at) => (at % (C.rows + 1) === 0 ? x + 0.01 * mean : x)) };
}

function identity(n: number): Matrix64 {
  const I = zeros(n, n);
  for (let i = 0; i < n; i++) I.data[i * (n + 1)] = 1;
  return I;
}

describe('CorDA', () => {
  it('takes over the rank-r part of W₀ that matters most for the inputs: none has a smaller ‖(W₀ − s·B·A)·C‖', () => {
    for (const { base, rank, scaling } of offeredSettings(corda)) {
      const C = damped(colouredMoment(base.cols));
      const { A, B } = initFactors.corda(contextOf({ base, rank, scaling, secondMoment: colouredMoment(base.cols) }));
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      const delta = multiply(B, A).data.map((x) => scaling * x);
      const left = multiply(subtract(base, { ...base, data: delta }), C);
      const WC = multiply(base, C);
      expect(Math.abs(frobenius(left) - errorAtRank(singularValues(WC))[rank]) / frobenius(WC)).toBeLessThan(1e-11);
    }
  });

  it('has the factors of the table: s·BᵀB = S, s·B·A = U·Uᵀ·W₀', () => {
    for (const { base, rank, scaling } of offeredSettings(corda)) {
      const secondMoment = colouredMoment(base.cols);
      const { A, B } = initFactors.corda(contextOf({ base, rank, scaling, secondMoment }));
      const { U, S } = svd(multiply(base, damped(secondMoment)));
      const gram = multiply(transpose(toFloat64(B)), B);
      for (let i = 0; i < rank; i++) expect((scaling * gram.data[i * (rank + 1)]) / S[i]).toBeCloseTo(1, 11);
      const Ur = { rows: U.rows, cols: rank, data: new Float64Array(U.rows * rank) };
      for (let at = 0; at < Ur.data.length; at++) Ur.data[at] = U.data[Math.floor(at / rank) * U.cols + (at % rank)];
      const wanted = multiply(Ur, multiply(transpose(Ur), base));
      const delta = { ...wanted, data: multiply(B, A).data.map((x) => scaling * x) };
      expect(frobenius(subtract(delta, wanted)) / frobenius(base)).toBeLessThan(1e-10);
    }
  });

  it('is PiSSA where the inputs are white: bit for bit where they count as such, in the product where C = I is measured', () => {
    for (const { base, rank, scaling } of offeredSettings(corda)) {
      const [plain, same] = [pissa, corda].map((init) => initFactorsOf(init, { base, rank, scaling }));
      expect(same.A.data).toEqual(plain.A.data);
      expect(same.B.data).toEqual(plain.B.data);
      const measured = initFactorsOf(corda, { base, rank, scaling, secondMoment: identity(base.cols) });
      expect(frobenius(subtract(measured.delta, plain.delta)) / frobenius(base)).toBeLessThan(3e-7);
    }
    expect(initExplanation('corda')).toMatch(/PiSSA/);
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offeredSettings(corda)) {
      for (const samples of [3 * given.k, Math.ceil(given.k / 3)]) {
        const secondMoment = colouredMoment(given.k, samples);
        const { largest, bound } = initFactorsOf(corda, { ...given, secondMoment }).difference;
        expect(largest).toBeLessThanOrEqual(bound);
        expect(largest).toBeLessThan(1e-5);
      }
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(corda.unavailable?.({ d: 600, k: 512, rank: 512, inputs: true })).toBeNull();
    expect(corda.unavailable?.({ d: 600, k: 600, rank: 8 })).toMatch(/^CorDA .* here it is 600\. Use d = 512\.$/);
  });
});

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

/** The best rank-n approximation, negated: the direction of a good step. */
function downhill(G: Matrix64, n: number): Matrix64 {
  const { A, B } = balancedFactors(firstTriplets(svd(G), n), 1);
  return scale(multiply(B, A), -1);
}

describe('LoRA-GA', () => {
  it('spans the golden directions', () => {
    for (const { d, rank, scaling, W0, gradient, loraGa: wanted } of golden.cases) {
      const { A, B } = initFactorsOf(loraGa, {
        base: toFloat32(fromRows(W0)),
        rank,
        scaling,
        gradient: fromRows(gradient),
      });
      const size = Math.sqrt(d) / 16;
      expect(frobenius(subtract(projector(A, size), fromRows(wanted.projectorA)))).toBeLessThan(1e-6);
      expect(frobenius(subtract(projector(transpose(B), size), fromRows(wanted.projectorB)))).toBeLessThan(1e-6);
    }
  });

  it('takes a first small SGD step along the best rank-2r approximation of the gradient, cosine ≥ 0.999', () => {
    for (const { base, d, k, rank, scaling } of offeredSettings(loraGa)) {
      const G = gaussian(d, k, stream(2, 'G'));
      const { A, B } = initFactorsOf(loraGa, { base, rank, scaling, gradient: G });
      const b = singularValues(B)[0];
      const facts = { a: singularValues(A)[0], b, sigma1: singularValues(G)[0] };
      const q = curvature({ opt: 'sgd', ratio: 1, d, k, rank }, scaling, facts);
      // The part of second order in the rate is orthogonal to the rest and shrinks with it.
      expect(cosine(firstStep(A, B, scaling, G, 0.05 / q), downhill(G, 2 * rank))).toBeGreaterThan(0.999);
    }
  });

  it('has the step that its formula says at any rate: −η·s²·c²·(G₂ᵣ − η·s·U₁S₁S₂V₂ᵀ)', () => {
    for (const { base, d, k, rank, scaling } of offeredSettings(loraGa)) {
      const G = gaussian(d, k, stream(3, 'G'));
      const { A, B } = initFactorsOf(loraGa, { base, rank, scaling, gradient: G });
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
    for (const given of offeredSettings(loraGa)) {
      const gradient = gaussian(given.d, given.k, stream(4, 'G'));
      const { A, B, difference } = initFactorsOf(loraGa, { ...given, gradient });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([given.rank, given.k, given.d, given.rank]);
      expect(difference.largest).toBeLessThanOrEqual(difference.bound);
      expect(difference.largest).toBeLessThan(1e-5);
    }
  });

  it('has entries of the variance that it says', () => {
    for (const given of offeredSettings(loraGa)) {
      const { A, B } = initFactorsOf(loraGa, { ...given, gradient: gaussian(given.d, given.k, stream(5, 'G')) });
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
