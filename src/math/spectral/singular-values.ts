import { denseLoops, type Fill, type VectorTimes } from '../dense/loops.ts';
import { factorPivoted, factorQr, lowerFromUpper, scaledColumns, scaledRows, tallColumns } from '../factor/qr.ts';
import { orthogonalise } from '../factor/svd.ts';
import { type AnyMatrix, type Matrix64, rangeScale } from '../matrix.ts';
import { dot } from '../products.ts';
import type { OnProgress } from '../progress.ts';
import { stream } from '../random.ts';
import { bidiagonalise, bidiagonalValues, rowsOfSquare } from './bidiagonal.ts';

/** Steps between two checks of the estimate. */
const CHECK = 8;
/** Steps that most matrices need, about. */
const EXPECTED = 32;

/**
 * σ₁ of p·M, rows × cols, whose entries are at most about 1 in size, by Golub–Kahan–Lanczos bidiagonalisation from a fixed start
 * with full reorthogonalisation (Golub and Van Loan, section 10.4). The estimate only rises; it counts as settled if
 * eight steps add less than 10⁻¹⁵ of it, or if the vectors span an invariant space.
 */
export function lanczosLargest(
  rows: number,
  cols: number,
  { times, transposeTimes }: VectorTimes,
  p = 1,
  progress?: OnProgress,
): number {
  const limit = Math.min(rows, cols);
  const V: Float64Array[] = [];
  const U: Float64Array[] = [];
  const d = new Float64Array(limit);
  const e = new Float64Array(limit);
  let v = startVector(cols);
  let estimate = 0;
  for (let k = 0; k < limit; k++) {
    // The number of steps is unknown beforehand.
    progress?.(k / (k + EXPECTED));
    V.push(v);
    const u = times(scaled(v, p));
    orthogonaliseAgainst(u, U);
    d[k] = normalise(u);
    U.push(u);
    v = transposeTimes(scaled(u, p));
    orthogonaliseAgainst(v, V);
    e[k] = normalise(v);
    const settled = k + 1 === limit || Math.min(d[k], e[k]) <= 1e-14 * Math.max(estimate, d[0]);
    if (!settled && (k + 1) % CHECK !== 0) continue;
    const before = estimate;
    estimate = largestOf(d, e, k + 1);
    if (settled || estimate - before <= 1e-15 * estimate) return estimate;
  }
  return estimate;
}

/** The largest singular value of the leading steps; the last e, which leads out of them, only adds to the estimate. */
function largestOf(d: Float64Array, e: Float64Array, steps: number): number {
  return bidiagonalValues({ d: d.slice(0, steps), e: e.slice(0, steps) })[0];
}

function startVector(n: number): Float64Array {
  const source = stream(0, 'lanczos');
  const v = Float64Array.from({ length: n }, () => source.normal());
  normalise(v);
  return v;
}

/** Divides x by its norm, which is returned; a zero vector stays. */
function normalise(x: Float64Array): number {
  const norm = Math.sqrt(dot(x, 0, 0, x.length));
  if (norm > 0) for (let i = 0; i < x.length; i++) x[i] /= norm;
  return norm;
}

function orthogonaliseAgainst(x: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const b of basis) {
      let share = 0;
      for (let i = 0; i < x.length; i++) share += b[i] * x[i];
      for (let i = 0; i < x.length; i++) x[i] -= share * b[i];
    }
  }
}

/** p·x for a power of two: (p·m)·x and m·(p·x) have the same bits, and so no copy of the matrix is needed. */
function scaled(x: Float64Array, p: number): Float64Array {
  return p === 1 ? x : x.map((xi) => p * xi);
}

/** Entries from which products with some dozens of vectors are worth a copy of the matrix. */
const MANY = 65536;

function vectorTimes(M: Matrix64): VectorTimes {
  const loops = M.data.length < MANY ? null : denseLoops(M.data.length);
  const plain = { times: (v: Float64Array) => timesBy(M, v), transposeTimes: (u: Float64Array) => transposeBy(M, u) };
  return loops?.timesVectors(M) ?? plain;
}

/** Two running sums per row, two rows at a time. */
function timesBy(M: Matrix64, v: Float64Array): Float64Array {
  const { rows, cols, data } = M;
  const out = new Float64Array(rows);
  const pairs = cols - (cols % 2);
  const last = cols % 2 === 1 ? v[cols - 1] : 0;
  for (let i = 0; i < rows; i += 2) {
    // With an odd number of rows the last is taken twice.
    const a = i * cols;
    const b = Math.min(i + 1, rows - 1) * cols;
    let [a0, a1, b0, b1] = [0, 0, 0, 0];
    for (let j = 0; j < pairs; j += 2) {
      const x = v[j];
      const y = v[j + 1];
      a0 += data[a + j] * x;
      a1 += data[a + j + 1] * y;
      b0 += data[b + j] * x;
      b1 += data[b + j + 1] * y;
    }
    if (cols % 2 === 1) {
      a0 += data[a + cols - 1] * last;
      b0 += data[b + cols - 1] * last;
    }
    out[i] = a0 + a1;
    if (i + 1 < rows) out[i + 1] = b0 + b1;
  }
  return out;
}

/** Row after row, four of them per pass. */
function transposeBy(M: Matrix64, u: Float64Array): Float64Array {
  const { rows, cols, data } = M;
  const out = new Float64Array(cols);
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    const a = i * cols;
    const b = a + cols;
    const c = b + cols;
    const d = c + cols;
    const u0 = u[i];
    const u1 = u[i + 1];
    const u2 = u[i + 2];
    const u3 = u[i + 3];
    for (let j = 0; j < cols; j++) {
      out[j] = out[j] + u0 * data[a + j] + u1 * data[b + j] + u2 * data[c + j] + u3 * data[d + j];
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j] += u[i] * data[i * cols + j];
  }
  return out;
}

/** Up to this size Jacobi is fast enough, and keeps small values of a graded matrix to many relative digits. */
const JACOBI_SIZE = 32;
/** Above this size Lanczos finds the largest value faster than a full spectrum does. */
const EXACT_SIZE = 160;

/**
 * The min(rows, cols) singular values, the largest first, without vectors. Absolute accuracy about 10⁻¹⁵·σ₁; up to size
 * 32 also relative accuracy if rows or columns differ in size only. Always ends. Throws RangeError on entries that are
 * not finite.
 */
export function singularValues(m: AnyMatrix, progress?: OnProgress): Float64Array {
  const p = rangeScale(m);
  const tall = m.rows >= m.cols;
  const rows = tall ? m.rows : m.cols;
  const n = tall ? m.cols : m.rows;
  if (n === 0) return new Float64Array(0);
  const values = n <= JACOBI_SIZE ? byJacobi(tallColumns(m, p), rows, n) : byQr(m, p, rows, n, progress);
  for (let i = 0; i < n; i++) values[i] /= p;
  progress?.(1);
  return values;
}

function byJacobi(columns: Float64Array, rows: number, n: number): Float64Array {
  const first = factorPivoted(columns, rows, n);
  const second = factorQr(lowerFromUpper(first.columns, rows, n), n, n);
  const W = lowerFromUpper(second.columns, n, n);
  orthogonalise(W, n, n, new Float64Array(0), 0);
  const values = new Float64Array(n);
  for (let j = 0; j < n; j++) values[j] = Math.sqrt(dot(W, j * n, j * n, n));
  return values.sort().reverse();
}

function byQr(m: AnyMatrix, p: number, rows: number, n: number, progress?: OnProgress): Float64Array {
  // Columns one after another are the rows of the transpose, which has the same singular values.
  const fill: Fill = (A, stride) => scaledColumns(m, p, A, stride);
  if (rows === n) return bidiagonalValues(bidiagonalise(n, fill, progress));
  const share = rows / (rows + n);
  const first = progress && ((fraction: number) => progress(share * fraction));
  const rest = progress && ((fraction: number) => progress(share + (1 - share) * fraction));
  const square = lowerFromUpper(factorQr(tallColumns(m, p), rows, n, first).columns, rows, n);
  return bidiagonalValues(bidiagonalise(n, rowsOfSquare(square, n), rest));
}

/** σ₁ to about 10⁻¹² of itself or better: from the full spectrum up to size 160, by Lanczos above. */
export function largestSingularValue(m: AnyMatrix, progress?: OnProgress): number {
  if (Math.min(m.rows, m.cols) <= EXACT_SIZE) return m.data.length === 0 ? 0 : singularValues(m)[0];
  const p = rangeScale(m);
  const { rows, cols, data } = m;
  // A large float64 matrix is read in place, unless its scale could take a vector out of the range of float64.
  if (data instanceof Float64Array && p > 1e-100 && p < 1e100) {
    return lanczosLargest(rows, cols, vectorTimes({ rows, cols, data }), p, progress) / p;
  }
  return lanczosLargest(rows, cols, vectorTimes({ rows, cols, data: scaledRows(m, p) }), 1, progress) / p;
}
