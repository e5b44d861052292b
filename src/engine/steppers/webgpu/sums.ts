import type { Tiling } from '../../kernels/tiling.ts';
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

/** Below this share of ½‖ΔW*‖² and of ½s²·tr(BᵀB·AAᵀ) a loss from traces is never shown, */
const LEAST_SHARE = 2e-2;
/** nor where its error may be more than this share of it. */
const WANTED = 1e-5;
/** From so many times the least share on, losses may soon be too small for traces. */
const LOW = 5;
/** A float32 sum of n terms of one sign is off by about this times √n, as a share of it: 0.4·2⁻²⁴. */
const SUM_ERROR = 0.4 * 2 ** -24;

/**
 * The loss from traces is a difference of numbers as large as ½‖ΔW*‖² and ½s²·tr(BᵀB·AAᵀ), and loses the digits that it is
 * smaller than they. How small it may be is told by the errors of their float32 sums, three standard deviations of them:
 * of the parts of AAᵀ (for each rank), of a row of ΔW*·Aᵀ (for each row of B and rank, in `splits` parts; rows of normal
 * entries weigh like a third as many, but at a low rank all of them may be alike, as a checkerboard's are), and of a
 * workgroup's tree. Few ranks and rows average out little.
 */
export function leastShareOf({ d, k, rank, groupsA, groupsB }: Layout, { splits }: Pick<Tiling, 'splits'>): number {
  const gram = groupsA / 2 / rank;
  const unlike = Math.min(1, Math.max(3 / d, 1 / (rank * rank)));
  const product = (k * unlike) / (splits * splits * rank);
  const tree = 4 / groupsB;
  const error = SUM_ERROR * Math.sqrt(gram + product + tree);
  return Math.max(LEAST_SHARE, (3 * error) / WANTED);
}

/** Adds up a step's sums over its workgroups, in float64. `targetSquare` is ‖ΔW*‖². */
export interface Reader {
  readonly layout: Layout;
  readonly algebraic: boolean;
  readonly targetSquare: number;
  /** Of leastShareOf. */
  readonly leastShare: number;
}

/** `measured`: workgroups that measure the loss directly were sent. `sums`: from this step's first on. */
export function readSums(
  { layout, algebraic, targetSquare, leastShare }: Reader,
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
  const small = share < leastShare;
  const loss = small && measured ? total(groupsA + groupsB, groupsB, 0) / 2 : byTraces;
  return { loss, unsure: small && !measured, low: share < LOW * leastShare, ...norms };
}
