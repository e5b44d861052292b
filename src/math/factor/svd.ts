import { type AnyMatrix, type Matrix64, rangeScale, zeros } from '../matrix.ts';
import { dot } from '../products.ts';
import { drain, type OnProgress } from '../progress.ts';
import { applyQ, factorPivoted, factorQr, lowerFromUpper, NEGLIGIBLE_SQUARE, tallColumns } from './qr.ts';

/** More sweeps than any matrix needs: convergence is quadratic, most take four to seven. */
const MAX_SWEEPS = 40;
/** Columns of one tile: two tiles and their rotations stay in the processor's cache. */
const TILE = 16;

/**
 * One-sided Jacobi: rotates pairs of the n columns of W (m rows each, one after another) until all are orthogonal, and
 * turns the columns of V (vRows each) along. Then W = U·Σ. Pass an empty V to leave it out.
 *
 * Two columns count as orthogonal when their cosine is below √m·2^-52. Pairs are taken tile by tile in a fixed order
 * (Hestenes 1958; Demmel and Veselić, SIAM J. Matrix Anal. 13, 1992, on its accuracy). Entries of W are expected to be
 * at most about 1 in size. Returns the number of sweeps.
 */
export function orthogonalise(...columns: Parameters<typeof orthogonaliseInSlices>): number {
  return drain(orthogonaliseInSlices(...columns));
}

/** Orthogonalises columns tile by tile: between two tiles (a millisecond or two) other work gets its turn. */
function* orthogonaliseInSlices(
  W: Float64Array,
  m: number,
  n: number,
  V: Float64Array,
  vRows: number,
  progress?: OnProgress,
): Generator<void, number> {
  const tolerance = Math.sqrt(m) * 2.220446049250313e-16;
  const squares = new Float64Array(n);
  let remaining = 1;
  for (let sweep = 1; sweep <= MAX_SWEEPS; sweep++) {
    for (let j = 0; j < n; j++) squares[j] = squaredNorm(W, j * m, m);
    let largestCosine = 0;
    for (let p0 = 0; p0 < n; p0 += TILE) {
      const p1 = Math.min(n, p0 + TILE);
      for (let q0 = p0; q0 < n; q0 += TILE) {
        const cosine = rotateTiles(W, m, V, vRows, squares, tolerance, p0, p1, q0, Math.min(n, q0 + TILE));
        if (cosine > largestCosine) largestCosine = cosine;
        yield;
      }
      progress?.(1 - remaining * (1 - (p0 / n) * 0.5));
    }
    if (largestCosine <= tolerance) return sweep;
    remaining /= 2;
  }
  return MAX_SWEEPS;
}

/** One visit to every pair with one column in each tile. Returns the largest cosine met. */
function rotateTiles(
  W: Float64Array,
  m: number,
  V: Float64Array,
  vRows: number,
  squares: Float64Array,
  tolerance: number,
  p0: number,
  p1: number,
  q0: number,
  q1: number,
): number {
  let largest = 0;
  for (let p = p0; p < p1; p++) {
    for (let q = Math.max(q0, p + 1); q < q1; q++) {
      const a = squares[p];
      const b = squares[q];
      if (a < NEGLIGIBLE_SQUARE || b < NEGLIGIBLE_SQUARE) continue;
      const c = dot(W, p * m, q * m, m);
      const cosine = Math.abs(c) / (Math.sqrt(a) * Math.sqrt(b));
      if (cosine > largest) largest = cosine;
      if (cosine <= tolerance) continue;
      const t = tangent((b - a) / (2 * c));
      const cos = 1 / Math.sqrt(1 + t * t);
      const sin = cos * t;
      const half = sin / (1 + cos);
      rotate(W, p * m, q * m, m, sin, half);
      if (vRows > 0) rotate(V, p * vRows, q * vRows, vRows, sin, half);
      squares[p] = a - t * c;
      squares[q] = b + t * c;
      // If most of a norm cancels, the formula keeps too few digits of it.
      if (squares[p] < 0.1 * a) squares[p] = squaredNorm(W, p * m, m);
      if (squares[q] < 0.1 * b) squares[q] = squaredNorm(W, q * m, m);
    }
  }
  return largest;
}

/** The smaller root of t² + 2ζt − 1 = 0: the tangent of the angle, at most 45°, that makes the pair orthogonal. */
function tangent(zeta: number): number {
  const size = Math.abs(zeta);
  const t = size > 1e8 ? 0.5 / size : 1 / (size + Math.sqrt(1 + size * size));
  return zeta < 0 ? -t : t;
}

function squaredNorm(x: Float64Array, p: number, n: number): number {
  return dot(x, p, p, n);
}

function rotate(x: Float64Array, p: number, q: number, n: number, sin: number, half: number): void {
  for (let i = 0; i < n; i++) {
    const a = x[p + i];
    const b = x[q + i];
    x[p + i] = a - sin * (b + half * a);
    x[q + i] = b + sin * (a - half * b);
  }
}

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
 * Singular value decomposition by one-sided Jacobi in float64. Works for any finite matrix, including rank-deficient
 * and zero ones (U and V are completed to orthonormal columns); always ends. The largest entry of each left vector is
 * positive, the lowest index on ties. Throws RangeError on entries that are not finite.
 *
 * M·P = Q₁·R₁ with pivoting, R₁ᵀ = Q₂·R₂, and rotations J that make R₂ᵀ·J = X·Σ orthogonal give M = (Q₁·X)·Σ·(P·Q₂·J)ᵀ.
 * After the two QR steps the columns are sorted and nearer to orthogonal, which saves sweeps and keeps small values
 * accurate (Drmač and Veselić, SIAM J. Matrix Anal. 29, 2008).
 */
export function svd(m: AnyMatrix, progress?: OnProgress): Svd {
  return drain(svdInSlices(m, progress));
}

/** The SVD in slices of milliseconds, tenths of a second at most for 512 × 512, between which others get their turn. */
export function* svdInSlices(m: AnyMatrix, progress?: OnProgress): Generator<void, Svd> {
  const p = rangeScale(m);
  const tall = m.rows >= m.cols;
  const rows = tall ? m.rows : m.cols;
  const n = tall ? m.cols : m.rows;
  const first = factorPivoted(tallColumns(m, p), rows, n);
  yield;
  const second = factorQr(lowerFromUpper(first.columns, rows, n), n, n);
  const W = lowerFromUpper(second.columns, n, n);
  const J = identityColumns(n, n);
  yield;
  yield* orthogonaliseInSlices(W, n, n, J, n, progress);

  const sigma = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const square = dot(W, j * n, j * n, n);
    // The rotations skip such columns, so their direction is arbitrary.
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

/** The indices of the values from the largest to the smallest, the lowest index first among equals. */
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
 * vector farthest from those before it, the lowest index on ties, and is made orthogonal to them twice ("twice is
 * enough": Parlett, The Symmetric Eigenvalue Problem, section 6.9).
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
