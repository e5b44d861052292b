import { type AnyMatrix, type Matrix64, rangeScale, zeros } from '../matrix.ts';
import { dot } from '../products/vector.ts';
import type { Progress } from '../progress.ts';
import { gaussian, type Stream } from '../random.ts';
import { applyReflector, makeReflector, NEGLIGIBLE_SQUARE } from './reflector.ts';

/** A QR decomposition as it is worked out: columns one after another, reflections below the diagonal, R on and above. */
export interface Factored {
  readonly rows: number;
  readonly cols: number;
  readonly columns: Float64Array;
  /** One τ a reflection, min(rows, cols) of them. */
  readonly tau: Float64Array;
}

/** Copies p·m into columns one after another. */
export function scaledColumns(m: AnyMatrix, p: number): Float64Array {
  const { rows, cols, data } = m;
  const columns = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) columns[j * rows + i] = data[i * cols + j] * p;
  return columns;
}

/** Copies p·m row by row, which makes them the columns of p·mᵀ. */
export function scaledRows(m: AnyMatrix, p: number): Float64Array {
  const { data } = m;
  const rows = new Float64Array(data.length);
  for (let i = 0; i < rows.length; i++) rows[i] = data[i] * p;
  return rows;
}

/** Householder QR of columns of entries at most 1 in size, in place: column by column, no pivoting. */
export function factor(columns: Float64Array, rows: number, cols: number, progress?: Progress): Factored {
  const q = Math.min(rows, cols);
  const tau = new Float64Array(q);
  for (let j = 0; j < q; j++) {
    const start = j * rows + j;
    tau[j] = makeReflector(columns, start, (j + 1) * rows);
    applyReflector(columns, start, tau[j], columns, rows, j, j + 1, cols);
    // What is left of the work are the columns to the right, each in turn.
    const left = 1 - (j + 1) / cols;
    progress?.(1 - left * left);
  }
  return { rows, cols, columns, tau };
}

/** Replaces `target`, columns of the same number of rows, by Q·target: the reflections from the last to the first. */
export function applyQ(f: Factored, target: Float64Array, cols: number): void {
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
function upperTriangle(f: Factored, p: number): Matrix64 {
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
export function thinQr(m: AnyMatrix, progress?: Progress): { Q: Matrix64; R: Matrix64 } {
  const p = rangeScale(m);
  const f = factor(scaledColumns(m, p), m.rows, m.cols, progress && ((fraction) => progress(fraction / 2)));
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
  return upperTriangle(factor(scaledColumns(m, p), m.rows, m.cols), p);
}

/** R of the QR decomposition of mᵀ, whose columns are the rows of m: nothing is transposed. */
export function qrROfTransposed(m: AnyMatrix): Matrix64 {
  const p = rangeScale(m);
  return upperTriangle(factor(scaledRows(m, p), m.cols, m.rows), p);
}

/**
 * A rows × cols matrix with orthonormal columns, uniform among all such: Q of a Gaussian matrix drawn row by row (the
 * signs of R's diagonal make it uniform: Mezzadri, Notices of the AMS 54, 2007). Throws RangeError where rows < cols.
 */
export function orthonormal(rows: number, cols: number, source: Stream, progress?: Progress): Matrix64 {
  if (rows < cols) throw new RangeError(`no ${cols} orthonormal columns in ${rows} dimensions`);
  return thinQr(gaussian(rows, cols, source), progress).Q;
}

/**
 * QR with column pivoting, in place: each step takes the column with the largest remaining norm (the lowest index on
 * ties), so that the diagonal of R falls and a Jacobi iteration on it converges fast (Golub and Van Loan, section
 * 5.4). order[j] is the column of the input that went to place j.
 */
export function factorPivoted(columns: Float64Array, rows: number, cols: number): Factored & { order: Int32Array } {
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
      // What is left after such a cancellation is rounding error: measure again.
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
