import { type Matrix32, toFloat32 } from '../../math/matrix.ts';
import type { Report } from '../targets/target.ts';
import type { Covariance } from './covariance.ts';
import { heldOutFloors, onRowSpace, type Projected, type RowSpace, trainingFloors } from './floors.ts';
import { residualLabels } from './loss.ts';
import type { SampleSet } from './samples.ts';

/** What the adapter beside one frozen weight W is to give, and the least losses that it can come to. */
export interface Residuals {
  /** Y − W·X of the training samples and of those held out, d × n, formed in float64 and rounded once. */
  readonly training: Matrix32;
  readonly heldOut: Matrix32;
  /** The training ones on the row space of X; null where X takes too long to decompose. */
  readonly projected: Projected | null;
  /** By rank, 0 …; the training ones are empty where they are not known. */
  readonly floorsByRank: { readonly training: Float64Array; readonly heldOut: Float64Array };
}

export interface DrawnSamples extends SampleSet {
  readonly heldOut: SampleSet;
  readonly covariance: Covariance;
  /** Standard deviation of the noise on each entry of a label. */
  readonly noise: number;
}

/**
 * The residuals of `samples` for W (d × k). `goal` is what s·B·A is to become, d × k; `space` the row space of X, null
 * where it is not known.
 */
export function residualsOf(
  W: Matrix32,
  goal: Matrix32,
  samples: DrawnSamples,
  space: RowSpace | null,
  report: Report,
): Residuals {
  const { X, Y, heldOut, covariance, noise } = samples;
  const labels = (set: SampleSet) => residualLabels(W, set, (fraction) => report('residual labels', fraction));
  const floors = (fraction: number) => report('floors of the losses', fraction);
  const R = labels({ X, Y });
  const projected = space && onRowSpace(R, space, (fraction) => report('residual labels on the inputs', fraction));
  return {
    training: toFloat32(R),
    heldOut: toFloat32(labels(heldOut)),
    projected,
    floorsByRank: {
      training: projected ? trainingFloors(projected, X.rows, floors) : new Float64Array(0),
      heldOut: heldOutFloors(goal, covariance, noise, floors),
    },
  };
}
