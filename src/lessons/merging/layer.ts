import type { Plane } from '../../charts/matrices/plane.ts';
import { type MergeResult, mergeInSlices, mergingInputs, STORAGES } from '../../experiment/layer/merging.ts';
import { drain } from '../../math/progress.ts';
import { stream } from '../../math/random.ts';

/** A layer W₀ + s·B·A: W₀ d × k, A r × k, B d × r, row by row. */
export interface RunLayer {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly W0: Float32Array;
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly scaling: number;
}

export const planeOf = (values: Float32Array, rows: number, cols: number): Plane => ({
  ...{ values, rows, cols, blockRows: 1, blockCols: 1 },
});

/** W₀ + s·Σ bᵢaᵢ over the first `folded` columns of B and rows of A. */
export function foldedWeight({ d, k, rank, W0, A, B, scaling }: RunLayer, folded: number): Float32Array {
  const sum = Float64Array.from(W0);
  for (let i = 0; i < d; i++)
    for (let q = 0; q < Math.min(folded, rank); q++) {
      const b = scaling * B[i * rank + q];
      for (let j = 0; j < k; j++) sum[i * k + j] += b * A[q * k + j];
    }
  return Float32Array.from(sum);
}

/** B and A, the first `folded` columns and rows blank. */
export function unfolded({ k, rank, A, B }: RunLayer, folded: number) {
  return {
    A: A.map((value, i) => (Math.floor(i / k) < folded ? 0 : value)),
    B: B.map((value, i) => (i % rank < folded ? 0 : value)),
  };
}

const INPUTS = 16;

/** Merged at once, on the inputs of the lab's own merge. */
export function mergedLayer({ d, k, rank, W0, A, B, scaling }: RunLayer, storage: keyof typeof STORAGES): MergeResult {
  const layer = {
    W: { rows: d, cols: k, data: W0 },
    A: { rows: rank, cols: k, data: A },
    B: { rows: d, cols: rank, data: B },
    scaling,
  };
  return drain(mergeInSlices(layer, mergingInputs(k, INPUTS, stream(1, 'merging inputs')), STORAGES[storage]));
}

/** What a merge into bfloat16 leaves of ΔW, and what it rounds away: kept + lost = ΔW. */
export function roundedUpdate(layer: RunLayer) {
  const { merged, lost: share, size } = mergedLayer(layer, 'bfloat16');
  const stored = STORAGES.bfloat16.round(layer.W0);
  const update = foldedWeight({ ...layer, W0: new Float32Array(layer.W0.length) }, layer.rank);
  const kept = merged.data.map((value, i) => value - stored[i]);
  return { update, kept, lost: update.map((value, i) => value - kept[i]), share, size };
}
