import type { Layout } from './packing.ts';

/** What one dispatch has measured of the state that it found, and of the update that it made. */
export interface Measured {
  readonly loss: number;
  /** True where the loss can only be had from workgroups that measure it directly, and none were sent. */
  readonly unsure: boolean;
  /** True where it soon may be. */
  readonly low: boolean;
  readonly gradNormA: number;
  readonly gradNormB: number;
  readonly updateNormA: number;
  readonly updateNormB: number;
}

/**
 * The loss from traces is a difference of numbers as large as ½‖ΔW*‖² and ½s²·tr(BᵀB·AAᵀ), and loses the digits that it
 * is smaller than they. Below this share of them it is not shown.
 */
const LEAST_SHARE = 2e-2;
const LOW_SHARE = 1e-1;

/** Adds up a step's sums over its workgroups, in float64. `targetSquare` is ‖ΔW*‖². */
export interface Reader {
  readonly layout: Layout;
  readonly algebraic: boolean;
  readonly targetSquare: number;
}

/** `measured`: workgroups that measure the loss directly were sent. `sums`: from this step's first on. */
export function readSums(
  { layout, algebraic, targetSquare }: Reader,
  sums: Float32Array,
  scaling: number,
  measured: boolean,
): Measured {
  const { groupsA, groupsB } = layout;
  const total = (first: number, count: number, field: number) => {
    let sum = 0;
    for (let group = first; group < first + count; group++) sum += sums[4 * group + field];
    return sum;
  };
  const square = total(groupsA, groupsB, 0);
  const norms = {
    gradNormA: Math.sqrt(total(0, groupsA, 1)),
    gradNormB: Math.sqrt(total(groupsA, groupsB, 1)),
    updateNormA: Math.sqrt(total(0, groupsA, 2)),
    updateNormB: Math.sqrt(total(groupsA, groupsB, 2)),
  };
  if (!algebraic) return { loss: square / 2, unsure: false, low: false, ...norms };

  // ‖E‖² = s²·tr(BᵀB·AAᵀ) − 2s⟨B, ΔW*·Aᵀ⟩ + ‖ΔW*‖² with s·tr(BᵀB·AAᵀ) = ⟨B, s·B·AAᵀ − ΔW*·Aᵀ⟩ + ⟨B, ΔW*·Aᵀ⟩
  const cross = total(groupsA, groupsB, 3);
  const product = scaling * (square + cross);
  const byTraces = (scaling * (square - cross) + targetSquare) / 2;
  const share = byTraces / (Math.max(product, targetSquare) / 2);
  const small = share < LEAST_SHARE;
  const loss = small && measured ? total(groupsA + groupsB, groupsB, 0) / 2 : byTraces;
  return { loss, unsure: small && !measured, low: share < LOW_SHARE, ...norms };
}
