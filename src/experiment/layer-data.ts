import type { Matrix32 } from '../math/matrix.ts';
import { goalOf, type Weights } from './goal.ts';
import type { KeptSamples } from './layer-cache.ts';
import type { Batches } from './regression/batches.ts';
import { heldOutFloors, trainingFloors } from './regression/floors.ts';
import { residualLabels } from './regression/loss.ts';
import type { Samples } from './regression/samples.ts';
import { heldOutFloorOfSpan, trainingFloorOfSpan } from './regression/span-floors.ts';

/** What a layer trains on, where its target has samples. */
export interface LayerData extends Pick<Samples, 'X' | 'Y' | 'heldOut'> {
  readonly batches: Batches;
  /** The smallest loss that the adapter of this layer can reach on all training samples, and on new ones on average. */
  readonly floors: { readonly training: number; readonly heldOut: number };
  /** The same by rank, 0 … where W₀ is left alone: as far as they are known. */
  readonly floorsByRank: { readonly training: Float64Array; readonly heldOut: Float64Array };
}

/** Up to this min(k, samples) the floor of the training loss is worked out. */
const LARGEST_FLOOR = 512;

interface Started extends Weights {
  readonly rank: number;
  readonly B: Matrix32;
  readonly frozenFactor: 'A' | 'B' | null;
}

/** The data of a layer whose matrices exist. */
export function dataOf(layer: Started, samples: KeptSamples, batch: number): LayerData {
  const { frozen, frozenFactor, B, rank } = layer;
  const { X, Y, heldOut, covariance, noise, batches } = samples;
  const R = residualLabels(frozen, { X, Y });
  const goal = goalOf(layer);
  // A decomposition of X: above this it takes half a minute, and nobody would hear of it meanwhile.
  const known = Math.min(X.rows, X.cols) <= LARGEST_FLOOR;
  const floorsByRank = {
    training: known ? trainingFloors(R, X) : new Float64Array(0),
    heldOut: heldOutFloors(goal, covariance, noise),
  };
  const at = (list: Float64Array) => list[rank] ?? Number.NaN;
  const floors =
    frozenFactor === 'B'
      ? {
          training: known ? trainingFloorOfSpan(B, R, X) : Number.NaN,
          heldOut: heldOutFloorOfSpan(B, goal, covariance, noise),
        }
      : { training: at(floorsByRank.training), heldOut: at(floorsByRank.heldOut) };
  return { X, Y, heldOut, batches: batches(batch), floors, floorsByRank };
}
