import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, leadingColumns, type Matrix64, multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { composer } from '../targets/draws.ts';
import { builtBases } from './built-bases.ts';
import { SIZES } from './testing/sizes.ts';

const LARGE: typeof SIZES = [
  [600, 40],
  [513, 520],
  [530, 514],
];

function built(name: 'gaussian' | 'decay', d: number, k: number, seed = 1) {
  return builtBases[name]({ d, k, stream: stream(seed, 'W0'), progress: () => {} });
}

describe('a decaying W₀', () => {
  it.each([...SIZES, ...partOf(LARGE, 3, 1)])('of %i × %i has σᵢ = c/√i and the norm √d', (d, k) => {
    const { matrix } = built('decay', d, k);
    const values = singularValues(matrix);
    // Each entry is rounded by up to 2⁻²⁴ of its size, which moves no singular value by more than that share of the norm.
    const max = frobenius(matrix) / 2 ** 24;
    expect(Math.abs(frobenius(matrix) - Math.sqrt(d))).toBeLessThan(max);
    const c = Math.sqrt(d / values.reduce((sum, _, i) => sum + 1 / (i + 1), 0));
    expect(Math.max(...values.map((v, i) => Math.abs(v - c / Math.sqrt(i + 1))))).toBeLessThan(max);
  });

  it.each([...SIZES, ...partOf(LARGE, 3, 2)])(
    'of %i × %i knows its directions: those that an SVD finds, signs included',
    (d, k) => {
      const { matrix, leading } = built('decay', d, k);
      const size = Math.min(d, k);
      const n = Math.min(size, 12);
      const all = leading?.(size);
      const few = leading?.(n);
      if (!all || !few) throw new Error('not known');
      expect(orthogonalityError(all.U)).toBeLessThan(1e-13);
      expect(orthogonalityError(all.V)).toBeLessThan(1e-13);
      const product: Matrix64 = { rows: d, cols: k, data: new Float64Array(d * k) };
      composer(all.U, all.S, all.V)(product, 0);
      expect(frobenius(subtract(product, matrix)) / frobenius(matrix)).toBeLessThan(2 ** -24);
      for (const side of ['U', 'V'] as const)
        expect(frobenius(subtract(few[side], leadingColumns(all[side], n)))).toBeLessThan(1e-13);
      if (size > 100) return;
      const found = svd(matrix);
      for (const side of ['U', 'V'] as const)
        expect(frobenius(subtract(leadingColumns(found[side], n), few[side]))).toBeLessThan(1e-5);
    },
  );

  it('has other directions with another seed, spread over all entries', () => {
    for (const [d, k] of [
      [64, 64],
      [513, 520],
    ]) {
      const [one, two] = [1, 2].map((seed) => built('decay', d, k, seed));
      const [a, b] = [one.leading?.(8), two.leading?.(8)];
      if (!a || !b) throw new Error('not known');
      const share = frobenius(multiply(transpose(a.U), b.U)) ** 2 / 8;
      expect(share).toBeLessThan(d === 64 ? 0.4 : 0.9);
      expect(frobenius(subtract(one.matrix, two.matrix))).toBeGreaterThan(0.9 * Math.sqrt(d));
    }
  });
});

it('a Gaussian W₀ has entries of variance 1/k and knows no directions', () => {
  const { matrix, leading } = built('gaussian', 128, 64);
  expect(frobenius(scale(matrix, 8)) ** 2 / matrix.data.length).toBeCloseTo(1, 1);
  expect(leading).toBeUndefined();
});
