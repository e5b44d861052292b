import type { Matrix32, Matrix64 } from '../../math/matrix.ts';
import type { Triplets } from '../inits/initialisation.ts';
import type { Batches } from '../regression/batches.ts';
import type { RowSpace } from '../regression/floors.ts';
import type { Residuals } from '../regression/residuals.ts';
import type { Samples } from '../regression/samples.ts';
import type { InputFacts } from '../settings/rate.ts';
import type { Drawn } from '../targets/factored/factored.ts';
import type { KnownValues } from '../targets/spectrum.ts';
import type { Report } from '../targets/target.ts';

/** The last W₀ and ΔW*: a change of rank, initialisation or α makes neither of them again. */
export interface LayerCache {
  base: CachedBase | null;
  target: CachedTarget | null;
  samples: CachedSamples | null;
}

export interface CachedBase {
  readonly key: string;
  readonly matrix: Matrix32;
  /** Its thin SVD, made when first asked for, where min(d, k) ≤ 512. */
  readonly triplets: (report: Report) => Triplets;
  /** Its n leading triplets, where its construction fixes them. */
  readonly leading?: (n: number) => Triplets;
}

/** ΔW* in float32 with its norm and what is known of its singular values. */
export interface CachedTarget {
  readonly key: string;
  readonly drawing: Drawn | null;
  readonly matrix: Matrix32;
  readonly norm: number;
  readonly known: KnownValues;
  /** W₀, where it comes with the target. */
  readonly base: CachedBase | null;
  /** Its thin SVD, made when first asked for. */
  readonly triplets: (report: Report) => Triplets;
}

/** The samples of a target, and what follows from them and W₀ alone. */
export interface CachedSamples extends Samples {
  readonly key: string;
  readonly facts: InputFacts;
  /** Standard deviation of the noise on each entry of a label. */
  readonly noise: number;
  readonly batches: (size: number) => Batches;
  /** ∂L/∂W at W = W₀ over the first batch of that size, d × k. */
  readonly gradient: (batch: number) => Matrix64;
  /** The row space of X, made when first asked for; null where it would take half a minute. */
  readonly rowSpace: (report: Report) => RowSpace | null;
  /** Where W₀ is left alone: the same for every rank and initialisation. Made when first asked for. */
  readonly residuals: (report: Report) => Residuals;
}

export function layerCache(): LayerCache {
  return { base: null, target: null, samples: null };
}
