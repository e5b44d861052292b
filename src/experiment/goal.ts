import { type Matrix32, zeros32 } from '../math/matrix.ts';

export interface Weights {
  /** W₀, ΔW* and what stays beside the adapter, d × k. */
  readonly base: Matrix32;
  readonly target: Matrix32;
  readonly frozen: Matrix32;
}

/** What s·B·A is to become: ΔW* where W₀ stays, and what was taken out of W₀ on top where a start has moved it. */
export function goalOf({ base, frozen, target }: Weights): Matrix32 {
  if (frozen === base) return target;
  const goal = zeros32(target.rows, target.cols);
  for (let i = 0; i < goal.data.length; i++) goal.data[i] = target.data[i] + (base.data[i] - frozen.data[i]);
  return goal;
}
