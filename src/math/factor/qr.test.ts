import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyMatrix,
  leadingColumns,
  leadingRows,
  type Matrix64,
  maxAbs,
  multiply,
  rangeScale,
  rowsOf,
  scale,
  subtract,
  toFloat32,
  toFloat64,
  transpose,
  zeros,
} from '../matrix.ts';
import { gaussian, type Stream, stream } from '../random.ts';
import { singularValues } from '../spectral/singular-values.ts';
import { orthogonalityError, spectrumError } from '../testing/checks.ts';
import { HARD_CASES, smallMatrix } from '../testing/hard-cases.ts';
import { fromRows } from '../testing/rows.ts';
import { fillRows, orthonormal, qrR, qrROfTransposed, reflections, thinQr } from './qr.ts';

/** The largest entry of Q·R − M, as a share of M's largest. */
function backwardError(Q: Matrix64, R: Matrix64, M: AnyMatrix): number {
  const p = rangeScale(M);
  return maxAbs(subtract(multiply(Q, scale(R, p)), scale(M, p))) / Math.max(maxAbs(scale(M, p)), 1e-300);
}

function expectQr(m: AnyMatrix): void {
  const q = Math.min(m.rows, m.cols);
  const { Q, R } = thinQr(m);
  expect([Q.rows, Q.cols, R.rows, R.cols]).toEqual([m.rows, q, q, m.cols]);
  expect(orthogonalityError(Q)).toBeLessThan(1e-14);
  expect(backwardError(Q, R, m)).toBeLessThan(1e-14);
  for (let i = 0; i < q; i++) {
    expect(R.data[i * m.cols + i]).toBeGreaterThanOrEqual(0);
    for (let j = 0; j < i; j++) expect(R.data[i * m.cols + j]).toBe(0);
  }
  expect(qrR(m)).toEqual(R);
  expect(qrROfTransposed(transpose(toFloat64(m)))).toEqual(R);
}

describe('thin QR', () => {
  it.each(HARD_CASES)('holds for $name', ({ matrix }) => expectQr(matrix));

  it('holds for small matrices of every shape', () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, fc.integer(), fc.integer({ min: 0, max: 4 }), (rows, cols, seed, kind) => {
        expectQr(smallMatrix(rows, cols, seed, kind));
      }),
      { numRuns: 200 },
    );
  });

  it('is right by hand', () => {
    const { Q, R } = thinQr(
      fromRows([
        [-3, 1],
        [4, 2],
      ]),
    );
    expect(
      maxAbs(
        subtract(
          R,
          fromRows([
            [5, 1],
            [0, 2],
          ]),
        ),
      ),
    ).toBeLessThan(1e-15);
    expect(
      maxAbs(
        subtract(
          Q,
          fromRows([
            [-0.6, 0.8],
            [0.8, 0.6],
          ]),
        ),
      ),
    ).toBeLessThan(1e-15);
  });

  it('takes float32 and does not touch its input', () => {
    const m = toFloat32(smallMatrix(6, 4, 1, 0));
    const before = m.data.slice();
    expectQr(m);
    expect(m.data).toEqual(before);
  });

  it('gives the same bits for a matrix times a power of two', () => {
    const m = smallMatrix(9, 5, 3, 0);
    const { Q, R } = thinQr(m);
    const other = thinQr(scale(m, 2 ** -40));
    expect(other.Q).toEqual(Q);
    expect(other.R).toEqual(scale(R, 2 ** -40));
  });

  it('refuses what is not finite', () => {
    expect(() => thinQr(fromRows([[1, Number.NaN]]))).toThrow(RangeError);
    expect(() => qrR(fromRows([[1, -Infinity]]))).toThrow(RangeError);
  });
});

describe('orthonormal', () => {
  it.each([
    [1, 1],
    [5, 5],
    [40, 7],
    [64, 64],
  ])('%d × %d has orthonormal columns', (rows, cols) => {
    const Q = orthonormal(rows, cols, stream(1, 'orthonormal'));
    expect([Q.rows, Q.cols]).toEqual([rows, cols]);
    expect(orthogonalityError(Q)).toBeLessThan(1e-14);
  });

  it('favours no direction', () => {
    // E[q_ij²] = 1/rows for every entry, and E[q_ij] = 0: the signs of R's diagonal matter for the latter.
    const n = 2000;
    const source = stream(2, 'haar');
    let first = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const { data } = leadingRows(orthonormal(3, 3, source), 1);
      first += data[0] / n;
      square += (data[0] * data[0]) / n;
    }
    expect(Math.abs(first)).toBeLessThan(4 * Math.sqrt(1 / 3 / n));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / n));
  });

  it('cannot have more columns than rows', () => {
    expect(() => orthonormal(3, 4, stream(1, 'A'))).toThrow(RangeError);
  });
});

function identity(n: number): Matrix64 {
  const m = zeros(n, n);
  for (let i = 0; i < n; i++) m.data[i * n + i] = 1;
  return m;
}

/** H₁ ⋯ H_p, multiplied out. */
function product(vectors: Matrix64): Matrix64 {
  let H = identity(vectors.cols);
  for (let i = 0; i < vectors.rows; i++) {
    const v = fromRows([Array.from(vectors.data.subarray(i * vectors.cols, (i + 1) * vectors.cols))]);
    const square = v.data.reduce((sum, x) => sum + x * x, 0);
    H = multiply(H, subtract(identity(vectors.cols), scale(multiply(transpose(v), v), 2 / square)));
  }
  return H;
}

/** The whole matrix, made in blocks of three rows. */
function whole(rows: number, cols: number, count: number, purpose: Stream): Matrix64 {
  const drawn = reflections(rows, cols, count, purpose);
  const m = zeros(rows, cols);
  for (let first = 0; first < rows; first += 3) {
    fillRows(drawn, rowsOf(m, first, Math.min(3, rows - first)), first);
  }
  return m;
}

describe('reflections', () => {
  it('make orthonormal columns, or rows where those are fewer', () => {
    expect(orthogonalityError(whole(40, 40, 8, stream(3, 'target')))).toBeLessThan(1e-14);
    expect(orthogonalityError(whole(40, 25, 8, stream(3, 'target')))).toBeLessThan(1e-14);
    expect(orthogonalityError(transpose(whole(25, 40, 8, stream(3, 'target'))))).toBeLessThan(1e-14);
    const flat = singularValues(whole(50, 40, 64, stream(3, 'target')));
    expect(spectrumError(flat, new Array<number>(40).fill(1))).toBeLessThan(1e-14);
  });

  it('are the product of the drawn directions', () => {
    const vectors = gaussian(4, 7, stream(4, 'target'));
    const wanted = leadingColumns(product(vectors), 5);
    expect(maxAbs(subtract(whole(7, 5, 4, stream(4, 'target')), wanted))).toBeLessThan(1e-14);
  });
});
