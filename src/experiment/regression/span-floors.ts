import { thinQr } from '../../math/factor/qr.ts';
import {
  type AnyMatrix,
  frobenius,
  type Matrix64,
  multiply,
  subtract,
  toFloat64,
  transpose,
} from '../../math/matrix.ts';
import { type Covariance, colour } from './covariance.ts';
import type { Projected } from './floors.ts';

/**
 * Floors where B is frozen and only A trains, as in mica: the updates are those whose columns lie in the span of B
 * (d × r, of rank r), so that the part of the wanted update outside it stays whatever A does. With Q·T = B:
 * ½‖(I − Q·Qᵀ)·ΔW*·C^½‖² + ½·d·noise² for the expected loss on new samples.
 */
export function heldOutFloorOfSpan(B: AnyMatrix, update: AnyMatrix, covariance: Covariance, noise: number): number {
  const weighted = transpose(colour(covariance, transpose(toFloat64(update))));
  return 0.5 * outsideSpan(B, weighted) + 0.5 * update.rows * noise * noise;
}

/** The same of the training loss: ½‖R − R·P‖²/n + ½‖(I − Q·Qᵀ)·R·P‖²/n, with R (d × n), n and P as in floors.ts. */
export function trainingFloorOfSpan(B: AnyMatrix, { inside, outside, n }: Projected): number {
  return (outside + outsideSpan(B, inside)) / (2 * n);
}

/** ‖(I − Q·Qᵀ)·M‖². */
function outsideSpan(B: AnyMatrix, M: Matrix64): number {
  const { Q } = thinQr(B);
  const norm = frobenius(subtract(M, multiply(Q, multiply(transpose(Q), M))));
  return norm * norm;
}
