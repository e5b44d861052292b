import { denseLoops } from '../dense/loops.ts';
import {
  type AnyMatrix,
  leadingColumns,
  type Matrix64,
  multiply,
  rangeScale,
  rowsOf,
  transpose,
  zeros,
} from '../matrix.ts';
import { dot, multiplyInto } from '../products.ts';
import type { OnProgress } from '../progress.ts';
import { gaussian, type Stream } from '../random.ts';

/**
 * Householder reflections H = I − τ·v·vᵀ on columns that lie one after another in memory: column j of a matrix of m
 * rows is data[j·m … j·m + m − 1]. v is scaled so that its first entry is 1, which is not stored (Golub and Van Loan,
 * Matrix Computations, 4th ed., section 5.1). Entries are expected to be at most 1 in size: see rangeScale.
 */

/** Vectors whose squared norm is below this count as zero: 10^-145 of the largest entry, far below any rounding. */
export const NEGLIGIBLE_SQUARE = 1e-290;

/**
 * Finds the reflection that takes x = data[start … end − 1] to (β, 0, …, 0). Writes β into data[start], the rest of v
 * after it, and returns τ; τ = 0 means H = I.
 */
export function makeReflector(data: Float64Array, start: number, end: number): number {
  const alpha = data[start];
  let rest = 0;
  for (let i = start + 1; i < end; i++) rest += data[i] * data[i];
  const square = alpha * alpha + rest;
  if (square < NEGLIGIBLE_SQUARE) {
    data.fill(0, start, end);
    return 0;
  }
  if (rest === 0) {
    data.fill(0, start + 1, end);
    return 0;
  }
  const norm = Math.sqrt(square);
  const beta = alpha > 0 ? -norm : norm;
  const first = alpha - beta;
  for (let i = start + 1; i < end; i++) data[i] /= first;
  data[start] = beta;
  return (beta - alpha) / beta;
}

/**
 * Applies H to columns `from` … `to` − 1 of data (m rows a column), rows `first` … m − 1. v lies in `vectors`, its
 * entry for row `first` at vStart. Four columns at a time, so that v is read once for all of them.
 */
export function applyReflector(
  vectors: Float64Array,
  vStart: number,
  tau: number,
  data: Float64Array,
  m: number,
  first: number,
  from: number,
  to: number,
): void {
  if (tau === 0) return;
  const n = m - first;
  const to4 = from + ((to - from) & ~3);
  for (let j = from; j < to4; j += 4) {
    const c0 = j * m + first;
    const c1 = c0 + m;
    const c2 = c1 + m;
    const c3 = c2 + m;
    let s0 = data[c0];
    let s1 = data[c1];
    let s2 = data[c2];
    let s3 = data[c3];
    for (let i = 1; i < n; i++) {
      const v = vectors[vStart + i];
      s0 += v * data[c0 + i];
      s1 += v * data[c1 + i];
      s2 += v * data[c2 + i];
      s3 += v * data[c3 + i];
    }
    s0 *= tau;
    s1 *= tau;
    s2 *= tau;
    s3 *= tau;
    data[c0] -= s0;
    data[c1] -= s1;
    data[c2] -= s2;
    data[c3] -= s3;
    for (let i = 1; i < n; i++) {
      const v = vectors[vStart + i];
      data[c0 + i] -= v * s0;
      data[c1 + i] -= v * s1;
      data[c2 + i] -= v * s2;
      data[c3 + i] -= v * s3;
    }
  }
  // With two or three left, too, one sum does not wait for another.
  const left = to - to4;
  if (left === 3) applyToThree(vectors, vStart, tau, data, m, n, to4 * m + first);
  else if (left === 2) applyToTwo(vectors, vStart, tau, data, n, to4 * m + first, (to4 + 1) * m + first);
  else if (left === 1) {
    const c = to4 * m + first;
    let s = data[c];
    for (let i = 1; i < n; i++) s += vectors[vStart + i] * data[c + i];
    s *= tau;
    data[c] -= s;
    for (let i = 1; i < n; i++) data[c + i] -= vectors[vStart + i] * s;
  }
}

/** Columns that begin at c0, c0 + m and c0 + 2m; n rows. */
function applyToThree(
  vectors: Float64Array,
  vStart: number,
  tau: number,
  data: Float64Array,
  m: number,
  n: number,
  c0: number,
): void {
  const c1 = c0 + m;
  const c2 = c1 + m;
  let s0 = data[c0];
  let s1 = data[c1];
  let s2 = data[c2];
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    s0 += v * data[c0 + i];
    s1 += v * data[c1 + i];
    s2 += v * data[c2 + i];
  }
  s0 *= tau;
  s1 *= tau;
  s2 *= tau;
  data[c0] -= s0;
  data[c1] -= s1;
  data[c2] -= s2;
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    data[c0 + i] -= v * s0;
    data[c1 + i] -= v * s1;
    data[c2 + i] -= v * s2;
  }
}

function applyToTwo(
  vectors: Float64Array,
  vStart: number,
  tau: number,
  data: Float64Array,
  n: number,
  c0: number,
  c1: number,
): void {
  let s0 = data[c0];
  let s1 = data[c1];
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    s0 += v * data[c0 + i];
    s1 += v * data[c1 + i];
  }
  s0 *= tau;
  s1 *= tau;
  data[c0] -= s0;
  data[c1] -= s1;
  for (let i = 1; i < n; i++) {
    const v = vectors[vStart + i];
    data[c0 + i] -= v * s0;
    data[c1 + i] -= v * s1;
  }
}

/** The rows × cols matrix I − left·right, where I is the rectangular identity. */
export interface Reflections {
  /** rows × p */
  readonly left: Matrix64;
  /** p × cols */
  readonly right: Matrix64;
}

/**
 * A rows × cols matrix with orthonormal columns (rows if rows < cols): the product of `count` reflections in random
 * directions, applied to a rectangular identity. For sizes at which the QR of `orthonormal` would take too long; all
 * but 2·count of the square's singular directions are those of the identity. Drawn vector by vector.
 */
export function reflections(rows: number, cols: number, count: number, source: Stream): Reflections {
  if (rows < cols) {
    const { left, right } = reflections(cols, rows, count, source);
    return { left: transpose(right), right: transpose(left) };
  }
  const unit = unitRows(gaussian(count, rows, source));
  // Vᵀ times the identity is its leading columns, which saves a third of the work.
  return { left: transpose(unit), right: multiply(triangle(unit), leadingColumns(unit, cols)) };
}

/** Writes rows `first` … of the matrix into a block of zeros: a large one need never be held in float64. */
export function fillRows({ left, right }: Reflections, block: Matrix64, first: number): void {
  const { rows, cols, data } = block;
  multiplyInto(rowsOf(left, first, rows).data, right.data, data, rows, left.cols, cols);
  for (let i = 0; i < data.length; i++) data[i] = -data[i];
  for (let i = 0; i < rows && first + i < cols; i++) data[i * cols + first + i] += 1;
}

function unitRows(vectors: Matrix64): Matrix64 {
  const unit = zeros(vectors.rows, vectors.cols);
  for (let i = 0; i < vectors.rows; i++) {
    const start = i * vectors.cols;
    let largest = 0;
    for (let j = 0; j < vectors.cols; j++) largest = Math.max(largest, Math.abs(vectors.data[start + j]));
    if (largest === 0) continue;
    let square = 0;
    for (let j = 0; j < vectors.cols; j++) {
      const x = vectors.data[start + j] / largest;
      unit.data[start + j] = x;
      square += x * x;
    }
    const norm = Math.sqrt(square);
    for (let j = 0; j < vectors.cols; j++) unit.data[start + j] /= norm;
  }
  return unit;
}

/** T (p × p) in H₁ ⋯ H_p = I − V·T·Vᵀ for unit vectors: T_jj = 2, and column j above it is −2·T·Vᵀv_j. */
function triangle(unit: Matrix64): Matrix64 {
  const p = unit.rows;
  const G = multiply(unit, transpose(unit));
  const T = zeros(p, p);
  for (let j = 0; j < p; j++) {
    T.data[j * p + j] = 2;
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let l = i; l < j; l++) sum += T.data[i * p + l] * G.data[l * p + j];
      T.data[i * p + j] = -2 * sum;
    }
  }
  return T;
}

/** A QR decomposition in progress: columns one after another, reflections below the diagonal, R on and above. */
export interface QrFactors {
  readonly rows: number;
  readonly cols: number;
  readonly columns: Float64Array;
  /** One τ per reflection, min(rows, cols) of them. */
  readonly tau: Float64Array;
}

/** Columns that are written at a time, so that the cache lines of all of them stay in the processor's cache. */
const SIDE_BY_SIDE = 16;

/** Copies p·m into columns, one after another if there is no `stride` of numbers between their beginnings. */
export function scaledColumns(
  m: AnyMatrix,
  p: number,
  columns: Float64Array = new Float64Array(m.rows * m.cols),
  stride = m.rows,
): Float64Array {
  const { rows, cols, data } = m;
  for (let first = 0; first < cols; first += SIDE_BY_SIDE) {
    const end = Math.min(cols, first + SIDE_BY_SIDE);
    for (let i = 0; i < rows; i++) for (let j = first; j < end; j++) columns[j * stride + i] = data[i * cols + j] * p;
  }
  return columns;
}

/** Copies p·m row by row, which makes them the columns of p·mᵀ. */
export function scaledRows(m: AnyMatrix, p: number): Float64Array {
  const { data } = m;
  const rows = new Float64Array(data.length);
  for (let i = 0; i < rows.length; i++) rows[i] = data[i] * p;
  return rows;
}

/** Columns of p·m, or of p·mᵀ if m is wide, one after another: never more columns than rows. */
export const tallColumns = (m: AnyMatrix, p: number): Float64Array =>
  m.rows >= m.cols ? scaledColumns(m, p) : scaledRows(m, p);

/** Householder QR of columns of entries at most 1 in size, in place: column by column, no pivoting. */
export function factorQr(columns: Float64Array, rows: number, cols: number, progress?: OnProgress): QrFactors {
  const q = Math.min(rows, cols);
  const tau = new Float64Array(q);
  for (let j = 0; j < q; j++) {
    const start = j * rows + j;
    tau[j] = makeReflector(columns, start, (j + 1) * rows);
    applyReflector(columns, start, tau[j], columns, rows, j, j + 1, cols);
    // The remaining work is the columns to the right, each in turn.
    const left = 1 - (j + 1) / cols;
    progress?.(1 - left * left);
  }
  return { rows, cols, columns, tau };
}

/** Replaces `target`, columns of the same number of rows, by Q·target: the reflections from the last to the first. */
export function applyQ(f: QrFactors, target: Float64Array, cols: number): void {
  for (let j = f.tau.length - 1; j >= 0; j--) {
    applyReflector(f.columns, j * f.rows + j, f.tau[j], target, f.rows, j, 0, cols);
  }
}

/** The n × n upper triangle of columns of m rows, transposed: the columns of a lower triangle. */
export function lowerFromUpper(columns: Float64Array, m: number, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let j = 0; j < n; j++) for (let i = 0; i <= j; i++) lower[i * n + j] = columns[j * m + i];
  return lower;
}

/** R (q × n) divided by p, each row's sign such that the diagonal is not negative. */
function upperTriangle(f: QrFactors, p: number): Matrix64 {
  const R = zeros(f.tau.length, f.cols);
  for (let i = 0; i < R.rows; i++) {
    const sign = f.columns[i * f.rows + i] < 0 ? -1 : 1;
    for (let j = i; j < f.cols; j++) {
      const r = f.columns[j * f.rows + i];
      R.data[i * f.cols + j] = r === 0 ? 0 : (sign * r) / p;
    }
  }
  return R;
}

/**
 * Thin QR: m (rows × n) = Q·R, Q rows × q with orthonormal columns, R q × n upper triangular with diagonal ≥ 0,
 * q = min(rows, n). Q is orthonormal for rank-deficient and zero matrices too. Throws RangeError on entries that are
 * not finite.
 */
export function thinQr(m: AnyMatrix, progress?: OnProgress): { Q: Matrix64; R: Matrix64 } {
  const p = rangeScale(m);
  const loops = denseLoops(m.rows * m.cols * m.cols);
  if (loops) {
    const { Q, R } = loops.thinQr(m, p, progress);
    const q = Math.min(m.rows, m.cols);
    return { Q: { rows: m.rows, cols: q, data: Q }, R: { rows: q, cols: m.cols, data: R } };
  }
  const f = factorQr(scaledColumns(m, p), m.rows, m.cols, progress && ((fraction) => progress(fraction / 2)));
  const q = f.tau.length;
  const columns = new Float64Array(m.rows * q);
  for (let j = 0; j < q; j++) columns[j * m.rows + j] = f.columns[j * m.rows + j] < 0 ? -1 : 1;
  // Column j of the identity is untouched by the reflections after j, so reflection j need not look left of it.
  for (let j = q - 1; j >= 0; j--) {
    applyReflector(f.columns, j * m.rows + j, f.tau[j], columns, m.rows, j, j, q);
    const done = 1 - j / q;
    progress?.((1 + done * done) / 2);
  }
  const Q = zeros(m.rows, q);
  for (let j = 0; j < q; j++) for (let i = 0; i < m.rows; i++) Q.data[i * q + j] = columns[j * m.rows + i];
  return { Q, R: upperTriangle(f, p) };
}

/** R alone of the thin QR, the same bits at about half the cost. */
export function qrR(m: AnyMatrix): Matrix64 {
  const p = rangeScale(m);
  const loops = denseLoops(m.rows * m.cols * m.cols);
  if (loops) return { rows: Math.min(m.rows, m.cols), cols: m.cols, data: loops.upperTriangle(m, p, false) };
  return upperTriangle(factorQr(scaledColumns(m, p), m.rows, m.cols), p);
}

/** R of the QR decomposition of mᵀ, whose columns are the rows of m: nothing is transposed. */
export function qrROfTransposed(m: AnyMatrix): Matrix64 {
  const p = rangeScale(m);
  const loops = denseLoops(m.rows * m.rows * m.cols);
  if (loops) return { rows: Math.min(m.rows, m.cols), cols: m.rows, data: loops.upperTriangle(m, p, true) };
  return upperTriangle(factorQr(scaledRows(m, p), m.cols, m.rows), p);
}

/**
 * A rows × cols matrix with orthonormal columns, uniform among all such: Q of a Gaussian matrix drawn row by row (the
 * signs of R's diagonal make it uniform: Mezzadri, Notices of the AMS 54, 2007). Throws RangeError if rows < cols.
 */
export function orthonormal(rows: number, cols: number, source: Stream, progress?: OnProgress): Matrix64 {
  if (rows < cols) throw new RangeError(`no ${cols} orthonormal columns in ${rows} dimensions`);
  const m = gaussian(rows, cols, source);
  const loops = denseLoops(rows * cols * cols);
  return loops ? { rows, cols, data: loops.orthonormal(m, rangeScale(m), progress) } : thinQr(m, progress).Q;
}

/**
 * QR with column pivoting, in place: each step takes the column with the largest remaining norm (the lowest index on
 * ties), so that the diagonal of R falls and a Jacobi iteration on it converges fast (Golub and Van Loan, section 5.4).
 * order[j] is the input column at position j.
 */
export function factorPivoted(columns: Float64Array, rows: number, cols: number): QrFactors & { order: Int32Array } {
  const q = Math.min(rows, cols);
  const tau = new Float64Array(q);
  const order = Int32Array.from({ length: cols }, (_, j) => j);
  const squares = new Float64Array(cols);
  const reference = new Float64Array(cols);
  for (let j = 0; j < cols; j++) squares[j] = reference[j] = dot(columns, j * rows, j * rows, rows);
  for (let k = 0; k < q; k++) {
    let best = k;
    for (let j = k + 1; j < cols; j++) if (squares[j] > squares[best]) best = j;
    if (squares[best] < NEGLIGIBLE_SQUARE) {
      for (let j = k; j < cols; j++) columns.fill(0, j * rows + k, (j + 1) * rows);
      break;
    }
    if (best !== k) {
      swapColumns(columns, rows, k, best);
      squares[best] = squares[k];
      reference[best] = reference[k];
      const moved = order[k];
      order[k] = order[best];
      order[best] = moved;
    }
    const start = k * rows + k;
    tau[k] = makeReflector(columns, start, (k + 1) * rows);
    applyReflector(columns, start, tau[k], columns, rows, k, k + 1, cols);
    for (let j = k + 1; j < cols; j++) {
      const entry = columns[j * rows + k];
      squares[j] -= entry * entry;
      // The rest after such a cancellation is rounding error: measure again.
      if (squares[j] <= 1e-8 * reference[j]) {
        squares[j] = reference[j] = dot(columns, j * rows + k + 1, j * rows + k + 1, rows - k - 1);
      }
    }
  }
  return { rows, cols, columns, tau, order };
}

function swapColumns(columns: Float64Array, rows: number, a: number, b: number): void {
  for (let i = 0; i < rows; i++) {
    const kept = columns[a * rows + i];
    columns[a * rows + i] = columns[b * rows + i];
    columns[b * rows + i] = kept;
  }
}
