import { type AnyMatrix, type Matrix64, rangeScale, zeros } from '../matrix.ts';
import { dot } from '../products/vector.ts';
import { drained, type Progress } from '../progress.ts';
import { orthogonaliseInSlices } from './jacobi.ts';
import { applyQ, factor, factorPivoted, lowerFromUpper, scaledColumns, scaledRows } from './qr.ts';
import { NEGLIGIBLE_SQUARE } from './reflector.ts';

/** M = U·diag(S)·Vᵀ, with q = min(rows, cols) of M. */
export interface Svd {
  /** rows × q, orthonormal columns. */
  readonly U: Matrix64;
  /** q values, not negative, the largest first. */
  readonly S: Float64Array;
  /** cols × q, orthonormal columns. */
  readonly V: Matrix64;
}

/**
 * Singular value decomposition by one-sided Jacobi in float64. Works for any finite matrix, rank-deficient and zero
 * ones included (U and V are completed to orthonormal columns); always ends. The largest entry of each left vector is
 * positive, the lowest index on ties. Throws RangeError on entries that are not finite.
 *
 * M·P = Q₁·R₁ with pivoting, R₁ᵀ = Q₂·R₂, and rotations J that make R₂ᵀ·J = X·Σ orthogonal give
 * M = (Q₁·X)·Σ·(P·Q₂·J)ᵀ. After the two QR steps the columns are sorted and nearer to orthogonal, which saves sweeps and
 * keeps small values accurate (Drmač and Veselić, SIAM J. Matrix Anal. 29, 2008).
 */
export function svd(m: AnyMatrix, progress?: Progress): Svd {
  return drained(svdInSlices(m, progress));
}

/** The SVD in slices of milliseconds, tenths of a second at most for 512 × 512, between which others have their turn. */
export function* svdInSlices(m: AnyMatrix, progress?: Progress): Generator<void, Svd> {
  const p = rangeScale(m);
  const tall = m.rows >= m.cols;
  const rows = tall ? m.rows : m.cols;
  const n = tall ? m.cols : m.rows;
  const first = factorPivoted(tall ? scaledColumns(m, p) : scaledRows(m, p), rows, n);
  yield;
  const second = factor(lowerFromUpper(first.columns, rows, n), n, n);
  const W = lowerFromUpper(second.columns, n, n);
  const J = identityColumns(n, n);
  yield;
  yield* orthogonaliseInSlices(W, n, n, J, n, progress);

  const sigma = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const square = dot(W, j * n, j * n, n);
    // The rotations pass such columns by, so they point nowhere in particular.
    sigma[j] = square < NEGLIGIBLE_SQUARE ? 0 : Math.sqrt(square);
  }
  const order = descending(sigma);
  const rank = sigma.filter((x) => x > 0).length;
  const X = new Float64Array(rows * n);
  const Y = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const from = order[j] * n;
    if (j < rank) for (let i = 0; i < n; i++) X[j * rows + i] = W[from + i] / sigma[order[j]];
    Y.set(J.subarray(from, from + n), j * n);
  }
  completeColumns(X, rows, n, rank, n);
  yield;
  applyQ(first, X, n);
  yield;
  applyQ(second, Y, n);
  unpivot(Y, n, first.order);
  const U = fromColumns(tall ? X : Y, m.rows, n);
  const V = fromColumns(tall ? Y : X, m.cols, n);
  const S = Float64Array.from(order, (j) => sigma[j] / p);
  fixSigns(U, V);
  progress?.(1);
  return { U, S, V };
}

function identityColumns(m: number, n: number): Float64Array {
  const columns = new Float64Array(m * n);
  for (let j = 0; j < n; j++) columns[j * m + j] = 1;
  return columns;
}

/** The places of the values from the largest to the smallest, the lowest place first among equals. */
function descending(values: Float64Array): number[] {
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
}

/** Row order[i] of the result is row i of the columns. */
function unpivot(columns: Float64Array, n: number, order: Int32Array): void {
  const moved = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) moved[order[i]] = columns[j * n + i];
    columns.set(moved, j * n);
  }
}

/**
 * Turns pairs of columns in place so that the largest entry of each left one is positive, the lowest index on ties.
 * Singular vectors are free in that sign, and the same matrix must give the same factors everywhere.
 */
export function fixSigns(U: Matrix64, V: Matrix64): void {
  const n = U.cols;
  const largest = new Float64Array(n);
  for (let i = 0; i < U.rows; i++) {
    for (let j = 0; j < n; j++) {
      if (Math.abs(U.data[i * n + j]) > Math.abs(largest[j])) largest[j] = U.data[i * n + j];
    }
  }
  for (const { data } of [U, V]) {
    for (let at = 0; at < data.length; at++) if (largest[at % n] < 0) data[at] = -data[at];
  }
}

function fromColumns(columns: Float64Array, rows: number, cols: number): Matrix64 {
  const m = zeros(rows, cols);
  for (let j = 0; j < cols; j++) for (let i = 0; i < rows; i++) m.data[i * cols + j] = columns[j * rows + i];
  return m;
}

/**
 * Columns 0 … done − 1 (rows entries each, one after another) are orthonormal and zero below row `span`; fills columns
 * done … cols − 1 so that all are orthonormal and none reaches below that row. Each new column starts from the unit
 * vector that lies farthest from those before it, the lowest index on ties, and is made orthogonal to them twice
 * ("twice is enough": Parlett, The Symmetric Eigenvalue Problem, section 6.9).
 */
export function completeColumns(columns: Float64Array, rows: number, span: number, done: number, cols: number): void {
  if (done === cols) return;
  const covered = new Float64Array(span);
  for (let j = 0; j < done; j++) addSquares(covered, columns, j * rows);
  for (let j = done; j < cols; j++) {
    const start = j * rows;
    let farthest = 0;
    for (let i = 1; i < span; i++) if (covered[i] < covered[farthest]) farthest = i;
    columns[start + farthest] = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const share = dot(columns, start, k * rows, span);
        for (let i = 0; i < span; i++) columns[start + i] -= share * columns[k * rows + i];
      }
      const norm = Math.sqrt(dot(columns, start, start, span));
      for (let i = 0; i < span; i++) columns[start + i] /= norm;
    }
    addSquares(covered, columns, start);
  }
}

function addSquares(covered: Float64Array, columns: Float64Array, start: number): void {
  for (let i = 0; i < covered.length; i++) covered[i] += columns[start + i] * columns[start + i];
}
