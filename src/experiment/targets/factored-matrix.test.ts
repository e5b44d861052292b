import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { resampleData } from '../layer/preview.ts';
import { floorAtRank } from '../layer/reach.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { anyFactors, makeFactors } from '../matrix-file/testing/factors.ts';
import { defaults } from '../settings/experiment.ts';
import type { FactoredMatrix } from './factored-matrix.ts';
import { resample } from './resample.ts';

function moduleOf(factors: FactoredMatrix, normalise = false, rank = 1, size = {}) {
  const { rows: d, cols: k } = factors;
  return prepareModule({ ...defaults(), target: 'matrix', d, k, rank, normalise, ...size }, factors);
}

function ready(...given: Parameters<typeof moduleOf>) {
  const module = moduleOf(...given);
  if ('why' in module) throw new Error(module.why);
  return module;
}

/** s·B·A in float64, entry by entry. */
function product({ rows, cols, B, A, scaling }: FactoredMatrix): Float64Array {
  return Float64Array.from({ length: rows * cols }, (_, at) => {
    const [i, j] = [Math.floor(at / cols), at % cols];
    let sum = 0;
    for (let p = 0; p < B.cols; p++) sum += B.data[i * B.cols + p] * A.data[p * cols + j];
    return sum * scaling;
  });
}

const worthLearning = anyFactors().filter(({ rows, cols }) => rows * cols > 1);

describe('a module’s ΔW as the target', () => {
  it('is s·B·A with its terms in their order, rounded once', () => {
    fc.assert(
      fc.property(worthLearning, (factors) => {
        expect(ready(factors).target.data).toEqual(Float32Array.from(product(factors)));
      }),
      { numRuns: 60 },
    );
  });

  it('has the singular values of its factors, which are those of the product', () => {
    fc.assert(
      fc.property(worthLearning, fc.boolean(), (factors, normalise) => {
        const { rows, cols } = factors;
        const { spectrum, target, targetNorm } = ready(factors, normalise);
        const whole = singularValues({ rows, cols, data: product(factors) });
        const factor = normalise ? 1 / whole[0] : 1;
        expect(spectrum.how).toBe('constructed');
        expect(spectrum.values.length).toBe(Math.min(rows, cols));
        for (const [i, value] of spectrum.values.entries())
          expect(Math.abs(value - factor * whole[i])).toBeLessThan(1e-12 * factor * whole[0]);
        for (const [i, value] of singularValues(target).entries())
          expect(Math.abs(value - spectrum.values[i])).toBeLessThanOrEqual(1e-6 * spectrum.values[0]);
        expect(spectrum.error).toBeLessThan(1e-6);
        expect(Math.hypot(...spectrum.values)).toBeCloseTo(targetNorm, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('has the Eckart–Young floor of its factors at every rank, and none from its own rank on', () => {
    const factors = makeFactors(40, 24, 6);
    const sigma = singularValues({ rows: 40, cols: 24, data: product(factors) });
    for (let rank = 1; rank <= 8; rank++) {
      const floor = Math.hypot(...sigma.slice(rank)) / Math.hypot(...sigma);
      if (rank < 6) expect(floorAtRank(ready(factors, false, rank))).toBeCloseTo(floor, 10);
      else expect(floorAtRank(ready(factors, false, rank))).toBe(0);
    }
  });

  it('is drawn small from its factors as it would be from its entries', () => {
    fc.assert(
      fc.property(worthLearning, (factors) => {
        const { rows, cols } = factors;
        const whole = resample({ rows, cols, data: product(factors) }, 7, 5);
        for (const [i, value] of resampleData(factors, 7, 5).data.entries())
          expect(value).toBeCloseTo(whole.data[i], 10);
      }),
      { numRuns: 30 },
    );
  });

  it('needs no decomposition of the product, however large that is', () => {
    const factors = makeFactors(1200, 1100, 4);
    const { spectrum } = ready(factors);
    expect([spectrum.how, spectrum.values.length, spectrum.values[3] > 0, spectrum.values[4]]).toEqual([
      'constructed',
      1100,
      true,
      0,
    ]);
  });

  const flat = { rows: 2, cols: 3, data: new Float32Array(6).fill(1) };
  it.each<[string, FactoredMatrix, boolean, object, string]>([
    ['another size', makeFactors(3, 4, 2), true, { d: 4 }, 'is 3 × 4, but d × k is 4 × 4'],
    ['zero', { ...makeFactors(3, 4, 2), B: { rows: 3, cols: 2, data: new Float32Array(6) } }, true, {}, 'is zero'],
    [
      'one number',
      { ...makeFactors(2, 2, 3), B: flat, A: { ...flat, rows: 3, cols: 2 } },
      true,
      {},
      'every number is 0.5',
    ],
    ['too small as it is', makeFactors(3, 4, 2, 1, 1e-9), false, {}, 'Scale it to σ₁ = 1'],
  ])('is refused in words where it is of %s', (_, factors, normalise, size, why) => {
    expect(moduleOf(factors, normalise, 1, size)).toMatchObject({ why: expect.stringContaining(why) });
  });
});
