import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { svd } from '../factor/svd.ts';
import { rangeScale, scale, zeros } from '../matrix.ts';
import { isDescending, spectrumError } from '../testing/checks.ts';
import { HARD_CASES, smallMatrix } from '../testing/hard-cases.ts';
import { bidiagonalise, bidiagonalValues, bisectValues, rowsOfSquare } from './bidiagonal.ts';

/** The dense matrix with diagonal d and superdiagonal e. */
function dense(d: Float64Array, e: Float64Array) {
  const n = d.length;
  const m = zeros(n, n);
  for (let i = 0; i < n; i++) {
    m.data[i * n + i] = d[i];
    if (i + 1 < n) m.data[i * n + i + 1] = e[i];
  }
  return m;
}

/** Entries in [−1, 1] with many zeros and many sizes, which make an iteration stall. */
const entry = fc.oneof(
  fc.constantFrom(0, 1, -1),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.integer({ min: -300, max: 0 }).map((k) => 10 ** k),
);
const bidiagonal = fc
  .integer({ min: 1, max: 24 })
  .chain((n) =>
    fc.tuple(fc.array(entry, { minLength: n, maxLength: n }), fc.array(entry, { minLength: n, maxLength: n })),
  )
  .map(([d, e]) => ({ d: Float64Array.from(d), e: Float64Array.from(e) }));

describe('bidiagonalise', () => {
  it.each(HARD_CASES.filter(({ matrix }) => matrix.rows === matrix.cols))('keeps the values of $name', ({ matrix }) => {
    const scaled = scale(matrix, rangeScale(matrix));
    const { d, e } = bidiagonalise(matrix.rows, rowsOfSquare(scaled.data, matrix.rows));
    expect(spectrumError(svd(dense(d, e)).S, svd(scaled).S)).toBeLessThan(1e-14);
  });

  it('keeps the values of small matrices of every size', () => {
    for (let n = 1; n <= 12; n++) {
      const m = smallMatrix(n, n, n, 0);
      const { d, e } = bidiagonalise(n, rowsOfSquare(m.data, n));
      expect(spectrumError(svd(dense(d, e)).S, svd(m).S)).toBeLessThan(2e-15);
    }
  });
});

describe('values of a bidiagonal matrix', () => {
  it('are found by QR, by bisection and by Jacobi alike', () => {
    fc.assert(
      fc.property(bidiagonal, ({ d, e }) => {
        const wanted = svd(dense(d, e)).S;
        fc.pre(wanted[0] > 1e-100); // The caller brings the largest entry near 1.
        const byBisection = bisectValues({ d, e });
        const byQr = bidiagonalValues({ d: d.slice(), e: e.slice() });
        expect(isDescending(byQr)).toBe(true);
        expect(spectrumError(byQr, wanted)).toBeLessThan(1e-14);
        expect(isDescending(byBisection)).toBe(true);
        expect(spectrumError(byBisection, wanted)).toBeLessThan(1e-14);
      }),
      { numRuns: 400 },
    );
  });

  it('settle for equal entries, zeros on the diagonal, and a single entry', () => {
    for (const [d, e] of [
      [1, 1],
      [0, 1],
      [1, 0],
      [0, 0],
    ]) {
      const n = 60;
      const b = { d: new Float64Array(n).fill(d), e: new Float64Array(n).fill(e) };
      const wanted = svd(dense(b.d, b.e)).S;
      expect(spectrumError(bisectValues(b), wanted)).toBeLessThan(1e-14);
      expect(spectrumError(bidiagonalValues(b), wanted)).toBeLessThan(1e-14);
    }
    expect(bidiagonalValues({ d: Float64Array.of(-2), e: Float64Array.of(9) })).toEqual(Float64Array.of(2));
  });
});
