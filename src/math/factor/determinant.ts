import { type Matrix64, rangeScale } from '../matrix.ts';

/**
 * The sign of the determinant of a square matrix, −1, 0 or 1, by Gaussian elimination with partial pivoting (Golub and
 * Van Loan, Matrix Computations, 4th ed., section 3.4). Throws RangeError if the matrix is not square or not finite.
 */
export function determinantSign(m: Matrix64): -1 | 0 | 1 {
  const n = m.rows;
  if (m.cols !== n) throw new RangeError(`a ${m.rows}×${m.cols} matrix has no determinant`);
  const scaling = rangeScale(m);
  const rows = m.data.map((x) => x * scaling);
  let sign: -1 | 1 = 1;
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let i = p + 1; i < n; i++) if (Math.abs(rows[i * n + p]) > Math.abs(rows[best * n + p])) best = i;
    const pivot = rows[best * n + p];
    if (pivot === 0) return 0;
    if (best !== p) {
      sign = sign === 1 ? -1 : 1;
      for (let j = p; j < n; j++) {
        const kept = rows[p * n + j];
        rows[p * n + j] = rows[best * n + j];
        rows[best * n + j] = kept;
      }
    }
    if (pivot < 0) sign = sign === 1 ? -1 : 1;
    for (let i = p + 1; i < n; i++) {
      const factor = rows[i * n + p] / pivot;
      for (let j = p + 1; j < n; j++) rows[i * n + j] -= factor * rows[p * n + j];
    }
  }
  return sign;
}
