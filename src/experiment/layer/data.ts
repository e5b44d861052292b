import type { Batches } from '../regression/batches.ts';
import { heldOutFloorOfSpan, trainingFloorOfSpan } from '../regression/floors.ts';
import { type Residuals, residualsOf } from '../regression/residuals.ts';
import type { Samples } from '../regression/samples.ts';
import type { Report } from '../targets/target.ts';
import type { CachedSamples } from './cache.ts';
import { goalOf } from './frozen.ts';
import type { KnownModule } from './module.ts';

/** What a layer trains on, where its target has samples. */
export interface LayerData extends Pick<Samples, 'X' | 'Y' | 'heldOut'>, Pick<Residuals, 'floorsByRank'> {
  readonly batches: Batches;
  /** What the adapter is to add to the outputs of the frozen weight: Y − W·X, rounded once to float32. */
  readonly residuals: Pick<Residuals, 'training' | 'heldOut'>;
  /** The smallest loss that the adapter of this layer can reach on all training samples, and on new ones on average. */
  readonly floors: { readonly training: number; readonly heldOut: number };
}

/** The data of a module whose matrices exist. */
export function dataOf(module: KnownModule, samples: CachedSamples, batch: number, report: Report): LayerData {
  const { frozen, frozenFactor, base, B, rank } = module;
  const { X, Y, heldOut, covariance, noise, batches } = samples;
  const goal = goalOf(module);
  const residuals =
    frozen === base ? samples.residuals(report) : residualsOf(frozen, goal, samples, samples.rowSpace(report), report);
  const { projected, floorsByRank } = residuals;
  const at = (list: Float64Array) => list[rank] ?? Number.NaN;
  const floors =
    frozenFactor === 'B'
      ? {
          training: projected ? trainingFloorOfSpan(B, projected) : Number.NaN,
          heldOut: heldOutFloorOfSpan(B, goal, covariance, noise),
        }
      : { training: at(floorsByRank.training), heldOut: at(floorsByRank.heldOut) };
  return { X, Y, heldOut, batches: batches(batch), residuals, floors, floorsByRank };
}
