import { type Matrix32, multiply, rowsOf, toFloat64, zeros32 } from '../../math/matrix.ts';
import type { KnownModule } from './module.ts';

/** Rows at a time, so that a large layer needs no second d × k matrix in float64. */
const ROWS = 64;

/**
 * W_frozen = fl32(W₀ − s·B·A): what stays beside an adapter that has taken over a part of W₀, so that W_frozen + s·B·A is
 * W₀ again. Formed in float64 from the float32 W₀ (d × k), A (r × k) and B (d × r), and rounded once.
 */
export function frozenBase(base: Matrix32, A: Matrix32, B: Matrix32, scaling: number): Matrix32 {
  const frozen = zeros32(base.rows, base.cols);
  const a = toFloat64(A);
  for (let first = 0; first < base.rows; first += ROWS) {
    const product = multiply(rowsOf(B, first, Math.min(ROWS, base.rows - first)), a).data;
    const at = first * base.cols;
    for (let i = 0; i < product.length; i++) frozen.data[at + i] = base.data[at + i] - scaling * product[i];
  }
  return frozen;
}

interface Moving extends Pick<KnownModule, 'base' | 'frozen'> {
  readonly wanted: Pick<KnownModule['wanted'], 'matrix'>;
}

/** What s·B·A is to become: ΔW* where W₀ stays, and what was taken out of W₀ on top where an initialisation has moved it. */
export function goalOf({ base, frozen, wanted }: Moving): Matrix32 {
  const target = wanted.matrix;
  if (frozen === base) return target;
  const goal = zeros32(target.rows, target.cols);
  for (let i = 0; i < goal.data.length; i++) goal.data[i] = target.data[i] + (base.data[i] - frozen.data[i]);
  return goal;
}
