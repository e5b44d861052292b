import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orthonormal } from '../factor/qr.ts';
import { svd } from '../factor/svd.ts';
import golden from '../golden/spectra.json';
import {
  frobenius,
  leadingColumns,
  type Matrix64,
  multiply,
  scale,
  subtract,
  toFloat32,
  transpose,
  zeros,
} from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { isDescending, orthogonalityError, reconstructionError, spectrumError } from '../testing/checks.ts';
import { smallMatrix } from '../testing/hard-cases.ts';
import { fromRows, toRows } from '../testing/rows.ts';
import { productSpectrum, productSvd } from './product-svd.ts';
import { singularValues } from './singular-values.ts';
import { effectiveRank, errorAtRank, numericalRank, stableRank } from './spectra.ts';
import { closestCosines, intruderDimensions, subspaceAlignment } from './subspaces.ts';

/** Equal to 10 relative digits; values at the level of rounding count as zero. */
function expectClose(found: ArrayLike<number>, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  const size = Math.max(...wanted);
  for (let i = 0; i < wanted.length; i++) {
    const tolerance = Math.max(1e-10 * wanted[i], 1e-14 * size);
    expect(Math.abs(found[i] - wanted[i]), `entry ${i}: ${found[i]} for ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

describe.each(golden.cases)('golden values of $name', (wanted) => {
  const m = fromRows(wanted.matrix);

  it('singular values', () => {
    expectClose(singularValues(m), wanted.singularValues);
    expectClose(svd(m).S, wanted.singularValues);
  });

  it('ranks', () => {
    const sigma = singularValues(m);
    expectClose([effectiveRank(sigma), stableRank(sigma)], [wanted.effectiveRank, wanted.stableRank]);
  });

  it('errors', () => {
    expectClose(errorAtRank(singularValues(m)), wanted.errorAtRank);
    expectClose([errorAtRank(singularValues(m))[0]], [wanted.frobenius]);
  });
});

describe('effective rank', () => {
  it('of σ_i = 1/i, 16 values, is as published for each definition', () => {
    const sigma = Float64Array.from({ length: 16 }, (_, i) => 1 / (i + 1));
    expect(effectiveRank(sigma)).toBeCloseTo(10.58, 2);
    expect(effectiveRank(sigma, 'entropy-squared')).toBeCloseTo(3.87, 2);
    expect(effectiveRank(sigma, 'participation')).toBeCloseTo(2.32, 2);
    expect(effectiveRank(sigma, 'stable')).toBeCloseTo(1.58, 2);
  });

  const kinds = ['entropy', 'entropy-squared', 'participation', 'stable'] as const;

  it.each(kinds)('by %s lies between 1 and the number of values, and does not depend on the size', (kind) => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, (unsorted) => {
        const sigma = Float64Array.from(unsorted).sort().reverse();
        fc.pre(sigma[0] > 1e-300);
        const rank = effectiveRank(sigma, kind);
        expect(rank).toBeGreaterThan(1 - 1e-12);
        expect(rank).toBeLessThan(sigma.filter((x) => x > 0).length + 1e-12);
        expect(
          effectiveRank(
            sigma.map((x) => x * 1e300),
            kind,
          ),
        ).toBeCloseTo(rank, 8);
      }),
    );
  });

  it.each(kinds)('by %s of n equal values is n, of the zero matrix 0', (kind) => {
    expect(effectiveRank(new Float64Array(7).fill(1e-200), kind)).toBeCloseTo(7, 12);
    expect(effectiveRank(new Float64Array(7), kind)).toBe(0);
    expect(effectiveRank(new Float64Array(0), kind)).toBe(0);
  });
});

describe('numerical rank', () => {
  it('counts what stands out of float32 rounding', () => {
    expect(numericalRank(Float64Array.of(1, 1e-3, 1e-4, 1e-6), 8, 4)).toBe(4);
    expect(numericalRank(Float64Array.of(1, 1e-3, 1e-4, 1e-6), 8, 400)).toBe(3);
    expect(numericalRank(new Float64Array(4), 8, 4)).toBe(0);
    const m = toFloat32(multiply(gaussian(40, 3, stream(1, 'left')), gaussian(3, 30, stream(1, 'right'))));
    expect(numericalRank(singularValues(m), 40, 30)).toBe(3);
  });
});

describe('energy and error', () => {
  it('are shares of the same sum of squares', () => {
    const sigma = Float64Array.of(4, 3, 0);
    expect(Array.from(errorAtRank(sigma))).toEqual([5, 3, 0, 0]);
    expect(Array.from(errorAtRank(new Float64Array(2)))).toEqual([0, 0, 0]);
  });

  it('keep the digits of a small tail, at any size', () => {
    const error = errorAtRank(Float64Array.of(1, 3e-12, 4e-12).map((x) => x * 1e-290));
    expect(error[1] / 5e-302).toBeCloseTo(1, 12);
  });
});

describe('the spectrum of a product', () => {
  const size = fc.integer({ min: 1, max: 12 });

  it('is that of the formed product, with vectors and without, for every shape', () => {
    fc.assert(
      fc.property(size, size, size, fc.integer(), fc.constantFrom(0, 0, 1, 2), (d, r, k, seed, kind) => {
        const B = toFloat32(smallMatrix(d, r, seed, kind));
        const A = toFloat32(smallMatrix(r, k, seed + 1, 0));
        const s = 1.75;
        const product = scale(multiply(B, A), s);
        const q = Math.min(d, k, r);
        const { U, S, V } = productSvd(B, A, s);
        expect([U.rows, U.cols, S.length, V.rows, V.cols]).toEqual([d, q, q, k, q]);
        // Rounding is measured by the factors: their product may be far smaller if its terms cancel.
        const tolerance = 1e-14 * s * frobenius(B) * frobenius(A);
        const wanted = singularValues(product).subarray(0, q);
        expect(spectrumError(S, wanted) * wanted[0]).toBeLessThanOrEqual(tolerance);
        expect(spectrumError(productSpectrum(B, A, s), wanted) * wanted[0]).toBeLessThanOrEqual(tolerance);
        expect(orthogonalityError(U)).toBeLessThan(1e-14);
        expect(orthogonalityError(V)).toBeLessThan(1e-14);
        expect(reconstructionError(U, S, V, product) * S[0]).toBeLessThanOrEqual(tolerance);
      }),
      { numRuns: 200 },
    );
  });

  it('stays right above the size where the method changes', () => {
    const B = toFloat32(gaussian(60, 40, stream(4, 'B')));
    const A = toFloat32(gaussian(40, 50, stream(4, 'A')));
    const wanted = singularValues(multiply(B, A)).subarray(0, 40);
    expect(spectrumError(productSpectrum(B, A, 1), wanted)).toBeLessThan(1e-14);
  });

  it('of B = 0 is exactly zero, with orthonormal vectors all the same', () => {
    const B = zeros(9, 4);
    const A = gaussian(4, 7, stream(4, 'A'));
    expect(productSpectrum(B, A, 2)).toEqual(new Float64Array(4));
    const { U, S, V } = productSvd(B, A, 2);
    expect(S).toEqual(new Float64Array(4));
    expect(Math.max(orthogonalityError(U), orthogonalityError(V))).toBeLessThan(1e-14);
  });

  it('has the signs of the SVD: the largest entry of each left vector is positive', () => {
    const { U, V } = productSvd(gaussian(20, 5, stream(6, 'B')), gaussian(5, 30, stream(6, 'A')), -1);
    const whole = svd(scale(multiply(gaussian(20, 5, stream(6, 'B')), gaussian(5, 30, stream(6, 'A'))), -1));
    for (let j = 0; j < 5; j++) {
      for (let i = 0; i < 20; i++) expect(U.data[i * 5 + j]).toBeCloseTo(whole.U.data[i * 20 + j], 12);
      for (let i = 0; i < 30; i++) expect(V.data[i * 5 + j]).toBeCloseTo(whole.V.data[i * 20 + j], 12);
    }
  });

  it('is descending for factors of very different sizes', () => {
    const B = scale(gaussian(9, 4, stream(4, 'B')), 1e-30);
    const A = scale(gaussian(4, 7, stream(4, 'A')), 1e25);
    const spectrum = productSpectrum(B, A, 1);
    expect(isDescending(spectrum)).toBe(true);
    expect(spectrumError(spectrum, singularValues(multiply(B, A)).subarray(0, 4))).toBeLessThan(1e-14);
    expect(transpose(A).rows).toBe(7);
  });
});

const Q = orthonormal(12, 12, stream(1, 'basis'));
const U = leadingColumns(Q, 4);
const sigma = Float64Array.of(4, 3, 2, 1);

describe('subspace alignment', () => {
  it('of a matrix with itself is 1 at every rank', () => {
    for (const x of subspaceAlignment(U, sigma, U, sigma)) expect(x).toBeCloseTo(1, 12);
  });

  it('does not depend on the signs of the vectors or on their order inside the subspace', () => {
    const swapped = { ...U, data: U.data.slice() };
    for (let i = 0; i < 12; i++) {
      swapped.data[i * 4] = -U.data[i * 4 + 1];
      swapped.data[i * 4 + 1] = U.data[i * 4];
    }
    const [first, second, third] = subspaceAlignment(U, sigma, swapped, sigma);
    expect([first, second, third].map((x) => Math.round(x * 1e12) / 1e12)).toEqual([0, 1, 1]);
  });

  it('of orthogonal subspaces is 0', () => {
    const other = transpose({ ...Q, rows: 4, cols: 12, data: transpose(Q).data.slice(48, 96) });
    for (const x of subspaceAlignment(U, sigma, other, sigma)) expect(x).toBeCloseTo(0, 12);
  });

  it('is ‖U_iᵀÛ_i‖²_F/i, block by block', () => {
    const Uhat = orthonormal(12, 6, stream(2, 'other'));
    const sigmaHat = Float64Array.of(9, 7, 5, 3, 2, 1);
    const found = subspaceAlignment(U, sigma, Uhat, sigmaHat);
    expect(found).toHaveLength(4);
    for (let i = 1; i <= 4; i++) {
      const block = toRows(multiply(transpose(leadingColumns(U, i)), leadingColumns(Uhat, i))).flat();
      expect(found[i - 1]).toBeCloseTo(block.reduce((sum, x) => sum + x * x, 0) / i, 13);
    }
  });

  it('has gaps where neighbouring values of either agree within 0.1%', () => {
    const gaps = (a: readonly number[], b: readonly number[]) =>
      Array.from(subspaceAlignment(U, Float64Array.from(a), U, Float64Array.from(b)), Number.isNaN);
    expect(gaps([4, 3, 2, 1], [4, 3, 2.999, 1])).toEqual([false, true, false, false]);
    expect(gaps([4, 3.997, 2, 1], [4, 3, 2, 1])).toEqual([true, false, false, false]);
    expect(gaps([4, 3.99, 2, 1], [4, 3, 2, 1])).toEqual([false, false, false, false]);
    // Rank two: nothing is defined after it, and values of rounding size are no rank.
    expect(gaps([4, 3, 2, 1], [4, 3, 0, 0])).toEqual([false, false, true, true]);
    expect(gaps([4, 3, 2, 1], [4, 3, 5e-16, 2e-16])).toEqual([false, false, true, true]);
  });

  it('of a zero matrix is 0', () => {
    expect(subspaceAlignment(U, sigma, U, new Float64Array(4))).toEqual(new Float64Array(4));
    expect(subspaceAlignment(U, new Float64Array(4), U, sigma)).toEqual(new Float64Array(4));
    expect(subspaceAlignment(zeros(12, 0), new Float64Array(0), U, sigma)).toHaveLength(0);
  });
});

const add = (a: Matrix64, b: Matrix64) => subtract(a, scale(b, -1));

/** σ_i = i^−½ with random singular vectors, d × d. */
function powerLaw(d: number, seed: number): Matrix64 {
  const U = orthonormal(d, d, stream(seed, 'U'));
  for (let i = 0; i < U.data.length; i++) U.data[i] /= Math.sqrt(1 + (i % d));
  return multiply(U, transpose(orthonormal(d, d, stream(seed, 'V'))));
}

describe('intruder dimensions', () => {
  it('are none where nothing was added, and none where a known direction grew', () => {
    const W = gaussian(12, 9, stream(1, 'W'));
    const before = svd(W);
    expect(intruderDimensions(before, before)).toBe(0);
    for (const cosine of closestCosines(before, before)) expect(cosine).toBeCloseTo(1, 12);
    expect(intruderDimensions(before, svd(scale(W, 3)))).toBe(0);
  });

  it('are one where a strong direction comes in from outside the column space', () => {
    const d = 8;
    const W = zeros(d, 4);
    for (let j = 0; j < 4; j++) W.data[j * 4 + j] = 1 + j / 8;
    const update = zeros(d, 4);
    update.data[6 * 4 + 1] = 50;
    const after = svd(add(W, update));
    expect(intruderDimensions(svd(W), after)).toBe(1);
    expect(closestCosines(svd(W), after)[0]).toBeLessThan(0.05);
    expect(intruderDimensions(svd(W), after, { epsilon: 0 })).toBe(0);
    expect(
      closestCosines(svd(W), after)
        .subarray(1)
        .every((cosine) => cosine > 0.9),
    ).toBe(true);
  });

  it('count only vectors of singular values that are not zero', () => {
    const W = zeros(6, 6);
    W.data[0] = 1;
    expect(closestCosines(svd(W), svd(W))).toHaveLength(1);
    expect(intruderDimensions(svd(W), svd(zeros(6, 6)))).toBe(0);
  });

  it('number about 1, 4, 3, 0, 0 for updates of rank 1, 4, 16, 64 and all, of half the norm of a power law', () => {
    const seeds = [1, 2, 3, 4];
    const counts = seeds.map((seed) => countsOf(128, [1, 4, 16, 64, 128], seed));
    const means = counts[0].map((_, i) => counts.reduce((sum, row) => sum + row[i], 0) / seeds.length);
    // Counts of two seeds differ by one or two; means of 4 by about a half.
    for (const [i, wanted] of [1, 4, 3, 0, 0].entries()) {
      expect(Math.abs(means[i] - wanted), `${means}`).toBeLessThanOrEqual(1.5);
    }
    expect(means[0]).toBe(1);
    expect(Math.min(means[1], means[2])).toBeGreaterThan(means[0]);
    expect(Math.max(means[3], means[4])).toBeLessThan(means[0]);
  });
});

/** Intruders of a power-law W₀ after random updates of those ranks, of half its norm; rank d is dense. */
function countsOf(d: number, ranks: readonly number[], seed: number): number[] {
  const W = powerLaw(d, seed);
  const before = svd(W);
  return ranks.map((rank) => {
    const B = gaussian(d, rank, stream(seed, `B${rank}`));
    const update = rank === d ? B : multiply(B, gaussian(rank, d, stream(seed, `A${rank}`)));
    return intruderDimensions(before, svd(add(W, scale(update, (0.5 * frobenius(W)) / frobenius(update)))));
  });
}
