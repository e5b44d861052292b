import { bidiagonalise } from '../factor/bidiagonal.ts';
import { orthogonalise } from '../factor/jacobi.ts';
import { factor, factorPivoted, lowerFromUpper, scaledColumns, scaledRows } from '../factor/qr.ts';
import { type AnyMatrix, rangeScale } from '../matrix.ts';
import { dot } from '../products/vector.ts';
import type { Progress } from '../progress.ts';
import { bidiagonalValues } from './bidiagonal-values.ts';
import { lanczosLargest } from './lanczos.ts';

/** Up to this size Jacobi is fast enough, and keeps small values of a graded matrix to many relative digits. */
const JACOBI_SIZE = 32;
/** Above this size Lanczos finds the largest value faster than a full spectrum does. */
const EXACT_SIZE = 160;

/**
 * The min(rows, cols) singular values, the largest first, without vectors. Absolute accuracy about 10⁻¹⁵·σ₁; up to
 * size 32 also relative accuracy where rows or columns differ in size only. Always ends. Throws RangeError on entries
 * that are not finite.
 */
export function singularValues(m: AnyMatrix, progress?: Progress): Float64Array {
  const p = rangeScale(m);
  const tall = m.rows >= m.cols;
  const rows = tall ? m.rows : m.cols;
  const n = tall ? m.cols : m.rows;
  if (n === 0) return new Float64Array(0);
  const columns = tall ? scaledColumns(m, p) : scaledRows(m, p);
  const values = n <= JACOBI_SIZE ? byJacobi(columns, rows, n) : byQr(columns, rows, n, progress);
  for (let i = 0; i < n; i++) values[i] /= p;
  progress?.(1);
  return values;
}

function byJacobi(columns: Float64Array, rows: number, n: number): Float64Array {
  const first = factorPivoted(columns, rows, n);
  const second = factor(lowerFromUpper(first.columns, rows, n), n, n);
  const W = lowerFromUpper(second.columns, n, n);
  orthogonalise(W, n, n, new Float64Array(0), 0);
  const values = new Float64Array(n);
  for (let j = 0; j < n; j++) values[j] = Math.sqrt(dot(W, j * n, j * n, n));
  return values.sort().reverse();
}

function byQr(columns: Float64Array, rows: number, n: number, progress?: Progress): Float64Array {
  // Columns one after another are the rows of the transpose, which has the same singular values.
  if (rows === n) return bidiagonalValues(bidiagonalise(columns, n, progress));
  const share = rows / (rows + n);
  const first = progress && ((fraction: number) => progress(share * fraction));
  const rest = progress && ((fraction: number) => progress(share + (1 - share) * fraction));
  const square = lowerFromUpper(factor(columns, rows, n, first).columns, rows, n);
  return bidiagonalValues(bidiagonalise(square, n, rest));
}

/** σ₁ to about 10⁻¹² of itself or better: from the full spectrum up to size 160, by Lanczos above. */
export function largestSingularValue(m: AnyMatrix, progress?: Progress): number {
  if (Math.min(m.rows, m.cols) <= EXACT_SIZE) return m.data.length === 0 ? 0 : singularValues(m)[0];
  const p = rangeScale(m);
  const { rows, cols, data } = m;
  // A large float64 matrix is read where it is, unless its scale could take a vector out of the range of float64.
  if (data instanceof Float64Array && p > 1e-100 && p < 1e100) {
    return lanczosLargest({ rows, cols, data }, p, progress) / p;
  }
  return lanczosLargest({ rows, cols, data: scaledRows(m, p) }, 1, progress) / p;
}
