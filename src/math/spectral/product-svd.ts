import {
  applyQ,
  factorQr,
  type QrFactors,
  qrR,
  qrROfTransposed,
  scaledColumns,
  scaledRows,
  thinQr,
} from '../factor/qr.ts';
import { fixSigns, type Svd, svd } from '../factor/svd.ts';
import { type AnyMatrix, type Matrix64, multiply, rangeScale, scale, toFloat64, transpose, zeros } from '../matrix.ts';
import { singularValues } from './singular-values.ts';

/**
 * The SVD of s·B·A for B (d × r) and A (r × k), without forming the d × k product: with thin QR B = Q_B·R_B and Aᵀ =
 * Q_A·R_A it is that of the small s·R_B·R_Aᵀ, turned by Q_B and Q_A. Computed in float64, whatever the element types. U
 * is d × q, V k × q, q = min(d, k, r). Signs as for svd. Throws RangeError on entries that are not finite.
 */
export function productSvd(B: AnyMatrix, A: AnyMatrix, s: number): Svd {
  const b = thinQr(B);
  const a = thinQr(transpose(toFloat64(A)));
  const inner = svd(core(b.R, a.R, s));
  const U = multiply(b.Q, inner.U);
  const V = multiply(a.Q, inner.V);
  fixSigns(U, V);
  return { U, S: inner.S, V };
}

/**
 * The leading n triplets of productSvd, at most min(d, k, r): the reflections of both QR decompositions turn n columns
 * each, and neither Q is formed, which takes a fraction of the time if n is small.
 */
export function leadingProductSvd(B: AnyMatrix, A: AnyMatrix, s: number, n: number): Svd {
  const [p, q] = [rangeScale(B), rangeScale(A)];
  const b = factorQr(scaledColumns(B, p), B.rows, B.cols);
  const a = factorQr(scaledRows(A, q), A.cols, A.rows);
  const inner = svd(core(upper(b, p), upper(a, q), s));
  const count = Math.min(n, inner.S.length);
  const [U, V] = [turned(b, inner.U, count), turned(a, inner.V, count)];
  fixSigns(U, V);
  return { U, S: inner.S.slice(0, count), V };
}

/** R of a QR decomposition of p·m, divided by p. */
function upper(f: QrFactors, p: number): Matrix64 {
  const R = zeros(f.tau.length, f.cols);
  for (let i = 0; i < R.rows; i++)
    for (let j = i; j < R.cols; j++) R.data[i * R.cols + j] = f.columns[j * f.rows + i] / p;
  return R;
}

/** Q times the first n columns of m. */
function turned(f: QrFactors, m: Matrix64, n: number): Matrix64 {
  const columns = new Float64Array(f.rows * n);
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < n; j++) columns[j * f.rows + i] = m.data[i * m.cols + j];
  applyQ(f, columns, n);
  return transpose({ rows: n, cols: f.rows, data: columns });
}

/** The min(d, k, r) singular values of s·B·A, the largest first: productSvd without the vectors. */
export function productSpectrum(B: AnyMatrix, A: AnyMatrix, s: number): Float64Array {
  return singularValues(core(qrR(B), qrROfTransposed(A), s));
}

function core(RB: Matrix64, RA: Matrix64, s: number): Matrix64 {
  return scale(multiply(RB, transpose(RA)), s);
}
