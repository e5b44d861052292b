import { thinQr } from '../../../math/factor/qr.ts';
import { type AnyMatrix, frobenius, multiply, subtract, toFloat64, transpose } from '../../../math/matrix.ts';

/** The spacing of float32 numbers near 1, 2⁻²³. */
export const SPACING = 1.1920928955078125e-7;

/** ‖M(I − A⁺A)‖ for a frozen A (r × k): the part of M outside the row space of A. */
export const outsideRows = (M: AnyMatrix, A: AnyMatrix): number =>
  outsideColumns(transpose(toFloat64(M)), transpose(toFloat64(A)));

/** ‖(I − BB⁺)M‖ for a frozen B (d × r): the part of M outside the column space of B. */
export function outsideColumns(M: AnyMatrix, B: AnyMatrix): number {
  const { Q } = thinQr(B);
  return frobenius(subtract(M, multiply(Q, multiply(transpose(Q), M))));
}
