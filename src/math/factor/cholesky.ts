import { type Matrix64, zeros } from '../matrix.ts';
import { dot } from '../products.ts';

/**
 * C⁻¹·V for a symmetric positive definite C (n × n) and V (n × m), by C = L·Lᵀ (Cholesky) and two triangular solves.
 * Reads C's lower triangle. Throws RangeError if C is not positive definite or V has another number of rows.
 */
export function solvePositive(C: Matrix64, V: Matrix64): Matrix64 {
  if (V.rows !== C.rows) throw new RangeError(`cannot solve ${C.rows}×${C.cols} for ${V.rows} rows`);
  const n = C.rows;
  const L = cholesky(C);
  const X = zeros(n, V.cols);
  X.data.set(V.data);
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < i; p++) subtractRow(X, i, p, L[i * n + p]);
    divideRow(X, i, L[i * n + i]);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let p = i + 1; p < n; p++) subtractRow(X, i, p, L[p * n + i]);
    divideRow(X, i, L[i * n + i]);
  }
  return X;
}

/** The lower triangle L with C = L·Lᵀ, row-major. */
function cholesky(C: Matrix64): Float64Array {
  const n = C.rows;
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) L[i * n + j] = (C.data[i * n + j] - dot(L, i * n, j * n, j)) / L[j * n + j];
    const square = C.data[i * n + i] - dot(L, i * n, i * n, i);
    if (!(square > 0)) throw new RangeError('the matrix is not positive definite');
    L[i * n + i] = Math.sqrt(square);
  }
  return L;
}

/** Row i −= factor · row p */
function subtractRow(X: Matrix64, i: number, p: number, factor: number): void {
  const m = X.cols;
  for (let j = 0; j < m; j++) X.data[i * m + j] -= factor * X.data[p * m + j];
}

function divideRow(X: Matrix64, i: number, by: number): void {
  const m = X.cols;
  for (let j = 0; j < m; j++) X.data[i * m + j] /= by;
}
