import { qrR, qrROfTransposed, thinQr } from '../factor/qr.ts';
import { fixSigns, type Svd, svd } from '../factor/svd.ts';
import { type AnyMatrix, type Matrix64, multiply, scale, toFloat64, transpose } from '../matrix.ts';
import { singularValues } from './singular-values.ts';

/**
 * The SVD of s·B·A for B (d × r) and A (r × k), without forming the d × k product: with thin QR B = Q_B·R_B and
 * Aᵀ = Q_A·R_A it is that of the small s·R_B·R_Aᵀ, turned by Q_B and Q_A. Worked out in float64, whatever the element
 * types. U is d × q, V k × q, q = min(d, k, r). Signs as for svd. Throws RangeError on entries that are not finite.
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

/** The min(d, k, r) singular values of s·B·A, the largest first: productSvd without the vectors. */
export function productSpectrum(B: AnyMatrix, A: AnyMatrix, s: number): Float64Array {
  return singularValues(core(qrR(B), qrROfTransposed(A), s));
}

function core(RB: Matrix64, RA: Matrix64, s: number): Matrix64 {
  return scale(multiply(RB, transpose(RA)), s);
}
