import type { Status } from '../experiment/run-file/status.ts';
import type { Knowledge } from '../experiment/targets/spectrum.ts';
import type { EffectiveRankKind } from '../math/spectral/spectra.ts';

/** The per-step record of one run; every list has one entry a step, from step 0. */
export interface Curves {
  readonly length: number;
  readonly loss: ArrayLike<number>;
  readonly gradNormA: ArrayLike<number>;
  readonly gradNormB: ArrayLike<number>;
  readonly updateNormA: ArrayLike<number>;
  readonly updateNormB: ArrayLike<number>;
  readonly relativeError: ArrayLike<number>;
}

/** Singular values of ΔW at the steps of the kept frames, ascending in step. */
export interface Sampled {
  readonly steps: readonly number[];
  readonly spectra: readonly ArrayLike<number>[];
}

/** Loss over all training samples and over those held out, at some steps, ascending. */
export interface Losses {
  readonly steps: readonly number[];
  readonly training: ArrayLike<number>;
  readonly heldOut: ArrayLike<number>;
}

/** What a regression target trains on. */
export interface Samples {
  /** How many there are, how many are held out, and how many a step looks at. */
  readonly count: number;
  readonly heldOut: number;
  readonly batch: number;
  /** Condition number of the inputs, and standard deviation of the noise on an entry of a label. */
  readonly condition: number;
  readonly noise: number;
  readonly losses: Losses;
  /** The smallest losses within reach at the rank of the run; null where not known. */
  readonly floors: { readonly training: number | null; readonly heldOut: number | null };
}

/** The smallest relative error within reach of a run, null where not known, and what decides it. */
export interface Bound {
  readonly value: number | null;
  /** Its rank r; twice that, where the start has moved s₀·B₀·A₀ out of W₀; or the span of a frozen factor. */
  readonly by: 'rank' | 'moved' | 'frozen';
}

/** What the cursor of one of the two shared axes points at. */
export type Hover =
  | { readonly axis: 'rank'; readonly index: number }
  | { readonly axis: 'step'; readonly step: number };

/** Everything a chart may draw: one run at one moment, as plain data. */
export interface Scene {
  readonly status: Status;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  /** Step budget: the end of the step axis. */
  readonly budget: number;
  /** The step on show: the newest, or one looked back at. */
  readonly step: number;
  /** True while an earlier step than the newest is on show. */
  readonly lookingBack: boolean;
  readonly curves: Curves;
  readonly sampled: Sampled;
  /** Spectrum of ΔW at `step` (or the nearest kept frame before it); null before the matrices exist. */
  readonly spectrum: ArrayLike<number> | null;
  /** Entry i − 1: agreement of the leading i singular vectors of ΔW and ΔW*, 0 … 1; NaN where it is not defined. */
  readonly alignment: { readonly left: ArrayLike<number>; readonly right: ArrayLike<number> } | null;
  readonly target: {
    /** Singular values of ΔW*, descending: all of them, or the leading ones. */
    readonly values: ArrayLike<number>;
    readonly how: Knowledge;
    /** By how much a value may be off, as a share of σ₁. */
    readonly error: number;
    /** ‖ΔW*‖_F */
    readonly norm: number;
    /** Entry i: Frobenius error of the best rank-i approximation, over ‖ΔW*‖_F; one entry more than values. */
    readonly floor: ArrayLike<number>;
    /** Entry i: by how much that floor may lie too high; left out where all singular values are known. */
    readonly open?: ArrayLike<number>;
  } | null;
  readonly bound: Bound;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
  /** Null for a target without samples. */
  readonly samples: Samples | null;
  /** Which factor is exactly zero at the start. */
  readonly zeroAtStart: 'A' | 'B' | 'both' | null;
  readonly definition: EffectiveRankKind;
  /** The run that a restart has just replaced, kept pale until the next step; null otherwise. */
  readonly ghost: {
    readonly curves: Curves;
    readonly sampled: Sampled;
    readonly losses: Losses | null;
    readonly rank: number;
  } | null;
  readonly hover: Hover | null;
  /** Sentences in the place of the content where there is nothing to draw. */
  readonly empty: string | null;
}
