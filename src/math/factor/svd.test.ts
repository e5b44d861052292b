import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyMatrix,
  frobenius,
  leadingColumns,
  maxAbs,
  multiply,
  scale,
  subtract,
  toFloat32,
  transpose,
  zeros,
} from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { isDescending, orthogonalityError, reconstructionError, spectrumError } from '../testing/checks.ts';
import { HARD_CASES, smallMatrix, withValues } from '../testing/hard-cases.ts';
import { fromRows, toRows } from '../testing/rows.ts';
import { orthonormal } from './qr.ts';
import { completeColumns, type Svd, svd } from './svd.ts';

function expectSvd(m: AnyMatrix): Svd {
  const q = Math.min(m.rows, m.cols);
  const found = svd(m);
  const { U, S, V } = found;
  expect([U.rows, U.cols, S.length, V.rows, V.cols]).toEqual([m.rows, q, q, m.cols, q]);
  expect(isDescending(S)).toBe(true);
  expect(orthogonalityError(U)).toBeLessThan(1e-13);
  expect(orthogonalityError(V)).toBeLessThan(1e-13);
  expect(reconstructionError(U, S, V, m)).toBeLessThan(1e-13);
  for (const column of toRows(transpose(U))) {
    const sizes = column.map(Math.abs);
    expect(column[sizes.indexOf(Math.max(...sizes))]).toBeGreaterThan(0);
  }
  return found;
}

describe('svd', () => {
  it.each(HARD_CASES)('holds for $name', ({ matrix, values }) => {
    const { S } = expectSvd(matrix);
    if (values) expect(spectrumError(S, values)).toBeLessThan(1e-14);
  });

  it('holds for small matrices of every shape', () => {
    const size = fc.integer({ min: 1, max: 14 });
    fc.assert(
      fc.property(size, size, fc.integer(), fc.integer({ min: 0, max: 4 }), (rows, cols, seed, kind) => {
        expectSvd(smallMatrix(rows, cols, seed, kind));
      }),
      { numRuns: 300 },
    );
  });

  it('takes entries of any size', () => {
    const entry = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e306, max: 1e306 });
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry, entry), { minLength: 1, maxLength: 5 }), (rows) => {
        const largest = maxAbs(fromRows(rows));
        fc.pre(largest === 0 || largest > 1e-290); // Below, a float64 has not enough digits left to hold σ.
        expectSvd(fromRows(rows));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps relative digits of small values where rows differ in size only', () => {
    // diag(1, 1e-20, 1e-40)·M for a well-conditioned M: the determinant, exact by hand, fixes the product of all σ.
    const m = fromRows([
      [2, 1, 0],
      [1e-20, 3e-20, 1e-20],
      [0, 1e-40, 2e-40],
    ]);
    const { S } = svd(m);
    expect((S[0] * S[1] * S[2]) / 8e-60).toBeCloseTo(1, 13);
    expect(S[0]).toBeCloseTo(Math.sqrt(5), 14);
  });

  it('gives the best approximation of every rank (Eckart and Young)', () => {
    const size = fc.integer({ min: 2, max: 9 });
    fc.assert(
      fc.property(size, size, fc.integer(), (rows, cols, seed) => {
        const m = smallMatrix(rows, cols, seed, 0);
        const { U, S, V } = svd(m);
        for (let rank = 1; rank < S.length; rank++) {
          const kept = fromRows(toRows(U).map((row) => row.map((x, j) => (j < rank ? x * S[j] : 0))));
          const best = frobenius(subtract(m, multiply(kept, transpose(V))));
          expect(best).toBeCloseTo(Math.sqrt(S.slice(rank).reduce((sum, x) => sum + x * x, 0)), 12);
          // No other matrix of the rank comes nearer: here, a projection of m on random columns.
          const Q = svd(gaussian(rows, rank, stream(seed, 'rival'))).U;
          const rival = frobenius(subtract(m, multiply(Q, multiply(transpose(Q), m))));
          expect(rival).toBeGreaterThanOrEqual(best * (1 - 1e-12));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives transposed factors for the transpose', () => {
    const m = smallMatrix(9, 6, 4, 0);
    expect(spectrumError(svd(transpose(m)).S, svd(m).S)).toBeLessThan(1e-15);
  });

  it('takes float32, does not touch its input, and gives the same bits again', () => {
    const m = toFloat32(smallMatrix(8, 8, 2, 0));
    const before = m.data.slice();
    expect(expectSvd(m)).toEqual(svd(m));
    expect(m.data).toEqual(before);
  });

  it('gives the same bits for a matrix times a power of two', () => {
    const m = smallMatrix(9, 7, 3, 0);
    const { U, S, V } = svd(m);
    expect(svd(scale(m, 2 ** 60))).toEqual({ U, S: S.map((x) => x * 2 ** 60), V });
  });

  it('completes the vectors of a zero matrix to unit vectors', () => {
    expect(toRows(svd(zeros(3, 2)).U)).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  it('holds as far as numbers can where they lose their digits, at 1e-320', () => {
    const m = scale(smallMatrix(6, 6, 1, 0), 1e-320);
    const { U, S, V } = svd(m);
    expect(Math.max(orthogonalityError(U), orthogonalityError(V))).toBeLessThan(1e-14);
    const wanted = svd(scale(m, 2 ** 100)).S.map((x) => x * 2 ** -100);
    for (let i = 0; i < 6; i++) expect(Math.abs(S[i] - wanted[i])).toBeLessThanOrEqual(5e-324);
  });

  it('accepts a matrix without entries', () => {
    expect(svd(zeros(0, 3))).toMatchObject({ U: { rows: 0, cols: 0 }, V: { rows: 3, cols: 0 } });
  });

  it('tells how far it is, from 0 to 1, never backwards', () => {
    const seen: number[] = [];
    svd(
      withValues(
        40,
        40,
        Array.from({ length: 40 }, (_, i) => 0.8 ** i),
      ),
      (fraction) => seen.push(fraction),
    );
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.every((x, i) => x >= 0 && x <= 1 && (i === 0 || x >= seen[i - 1]))).toBe(true);
    expect(seen.at(-1)).toBe(1);
  });

  it('refuses what is not finite', () => {
    for (const x of [Number.NaN, Infinity, -Infinity]) expect(() => svd(fromRows([[1, x]]))).toThrow(RangeError);
  });
});

it('completes orthonormal columns, which stay, and goes no lower than the given row', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 0, max: 3 }), fc.nat(), fc.nat());
  fc.assert(
    fc.property(sizes, fc.integer(), ([span, below, some, more], seed) => {
      const cols = 1 + (more % span);
      const done = some % (cols + 1);
      const rows = span + below;
      const columns = new Float64Array(rows * cols);
      const Q = transpose(leadingColumns(orthonormal(span, span, stream(seed, 'given')), done));
      for (let j = 0; j < done; j++) columns.set(Q.data.subarray(j * span, (j + 1) * span), j * rows);
      const before = columns.slice(0, done * rows);
      completeColumns(columns, rows, span, done, cols);
      expect(columns.slice(0, done * rows)).toEqual(before);
      expect(orthogonalityError(transpose({ rows: cols, cols: rows, data: columns }))).toBeLessThan(1e-14);
      for (let j = 0; j < cols; j++) {
        for (let i = span; i < rows; i++) expect(columns[j * rows + i]).toBe(0);
      }
    }),
  );
});
