import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { svd } from '../factor/svd.ts';
import { scale, toFloat32, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { isDescending, spectrumError } from '../testing/checks.ts';
import { HARD_CASES, smallMatrix, withValues } from '../testing/hard-cases.ts';
import { partOf, quarterOf } from '../testing/part-of.ts';
import { fromRows } from '../testing/rows.ts';
import { largestSingularValue, singularValues } from './singular-values.ts';

const graded = Array.from({ length: 200 }, (_, i) => 0.9 ** i);

describe('singular values', () => {
  it.each(HARD_CASES)('of $name are those of the SVD, and of its construction', ({ matrix, values }) => {
    const found = singularValues(matrix);
    expect(isDescending(found)).toBe(true);
    expect(spectrumError(found, svd(matrix).S)).toBeLessThan(1e-14);
    if (values) expect(spectrumError(found, values)).toBeLessThan(1e-14);
  });

  it('of small matrices are those of the SVD', () => {
    const size = fc.integer({ min: 1, max: 14 });
    fc.assert(
      fc.property(size, size, fc.integer(), fc.integer({ min: 0, max: 4 }), (rows, cols, seed, kind) => {
        const m = smallMatrix(rows, cols, seed, kind);
        expect(spectrumError(singularValues(m), svd(m).S)).toBeLessThan(5e-15);
      }),
      { numRuns: quarterOf(200) },
    );
  });

  it('of a tridiagonal matrix are the known ones', () => {
    // diag 2, off-diagonals −1: σ_j = 4·sin²(jπ/(2n + 2)).
    const n = 100;
    const m = zeros(n, n);
    for (let i = 0; i < n; i++) {
      m.data[i * n + i] = 2;
      if (i > 0) m.data[i * n + i - 1] = -1;
      if (i + 1 < n) m.data[i * n + i + 1] = -1;
    }
    const wanted = Array.from({ length: n }, (_, i) => 4 * Math.sin(((n - i) * Math.PI) / (2 * n + 2)) ** 2);
    expect(spectrumError(singularValues(m), wanted)).toBeLessThan(5e-15);
    expect(
      spectrumError(
        singularValues(scale(m, 1e-308)),
        wanted.map((x) => x * 1e-308),
      ),
    ).toBeLessThan(1e-14);
  });

  it('of larger matrices are those of their construction, whatever the shape', () => {
    const shapes = [
      [200, 200],
      [260, 200],
      [200, 300],
    ];
    for (const [rows, cols] of partOf(shapes, 3, 1)) {
      expect(spectrumError(singularValues(withValues(rows, cols, graded)), graded)).toBeLessThan(5e-15);
    }
  });

  it('take float32, leave their input and accept emptiness', () => {
    const m = toFloat32(gaussian(40, 40, stream(1, 'values')));
    const before = m.data.slice();
    expect(spectrumError(singularValues(m), svd(m).S)).toBeLessThan(5e-15);
    expect(m.data).toEqual(before);
    expect(singularValues(zeros(0, 3))).toHaveLength(0);
  });

  it('tell how far they are, never backwards', () => {
    const seen: number[] = [];
    singularValues(gaussian(50, 50, stream(1, 'progress')), (fraction) => seen.push(fraction));
    expect(seen.every((x, i) => x >= 0 && x <= 1 && (i === 0 || x >= seen[i - 1]))).toBe(true);
    expect(seen.at(-1)).toBe(1);
  });

  it('refuse what is not finite', () => {
    expect(() => singularValues(fromRows([[1, Number.NaN]]))).toThrow(RangeError);
    expect(() => largestSingularValue(fromRows([[Infinity]]))).toThrow(RangeError);
  });
});

describe('the largest singular value', () => {
  it.each(HARD_CASES)('of $name is the first', ({ matrix }) => {
    expect(largestSingularValue(matrix)).toBe(singularValues(matrix)[0]);
  });

  it.each([
    ['graded', withValues(200, 220, graded), 1],
    ['two nearly equal', withValues(180, 180, [1, 1 - 1e-6, 0.999, 0.5]), 1],
    ['flat', withValues(170, 170, new Array<number>(170).fill(1)), 1],
    ['rank one', withValues(170, 240, [3]), 3],
    ['tiny', scale(withValues(170, 170, [1, 0.5, 0.25]), 1e-300), 1e-300],
    ['huge', scale(withValues(170, 170, [1, 0.5, 0.25]), 1e300), 1e300],
    ['zero', zeros(170, 170), 0],
  ])('of a large matrix, %s, is found by Lanczos', (_, matrix, wanted) => {
    const found = largestSingularValue(matrix);
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-12 * wanted);
    expect(largestSingularValue(matrix)).toBe(found);
  });

  it('of a large random matrix, where values crowd at the edge, is that of the full spectrum', () => {
    const shapes = [
      [200, 200],
      [161, 400],
      [400, 161],
    ];
    for (const [rows, cols] of partOf(shapes, 3, 1)) {
      const m = gaussian(rows, cols, stream(5, `${rows}`));
      const wanted = singularValues(m)[0];
      expect(Math.abs(largestSingularValue(m) / wanted - 1)).toBeLessThan(1e-12);
      expect(Math.abs(largestSingularValue(transpose(m)) / wanted - 1)).toBeLessThan(1e-12);
    }
  });
});
