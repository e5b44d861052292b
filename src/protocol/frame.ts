import type { Plane } from '../experiment/plane.ts';
import type { Change } from '../experiment/settings/tuned.ts';

/**
 * Everything since the last frame. Entry i belongs to step `from + i`; a step measured again after a change is sent
 * again. The last entry is the step on which the factors stand.
 */
export interface FrameMessage {
  readonly type: 'frame';
  readonly run: number;
  /** Counts the frames of a run, from 0. */
  readonly frame: number;
  readonly from: number;
  readonly loss: Float64Array;
  /** Frobenius norms of ∂L/∂A and ∂L/∂B before the update that follows. */
  readonly gradNormA: Float64Array;
  readonly gradNormB: Float64Array;
  /** Frobenius norms of the update that led to this step; 0 at step 0. */
  readonly updateNormA: Float64Array;
  readonly updateNormB: Float64Array;
  /** ‖ΔW − ΔW*‖_F/‖ΔW*‖_F. */
  readonly relativeError: Float64Array;
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** Singular values of s·B·A at the last entry, min(r, d, k) of them; null where this frame has none. */
  readonly spectrum: Float64Array | null;
  /** The same at other steps of the frame, ascending, with the losses: a fast run has more of them than frames. */
  readonly between: readonly {
    readonly step: number;
    readonly spectrum: Float64Array;
    readonly losses: FrameMessage['losses'];
  }[];
  /** ‖U_iᵀÛ_i‖²/i for i = 1 … r, left and right; NaN where the subspace is not defined; null where not computed. */
  readonly alignment: { readonly left: Float64Array; readonly right: Float64Array } | null;
  /** Of a regression target at the last entry, over all training samples and over those held out; null as the spectrum. */
  readonly losses: { readonly training: number; readonly heldOut: number } | null;
  readonly changes: readonly Change[];
  /** Mean seconds a step since the last frame, waiting left out. */
  readonly secondsPerStep: number;
}

/**
 * The largest entries of the blocks of a layer that is drawn in blocks, at a step whose frame was sent before: the only
 * thing about s·B·A that a page cannot work out from A and B without forming it. Comes some time after its frame, and
 * not for every frame.
 */
export interface ExtremesMessage {
  readonly type: 'extremes';
  readonly run: number;
  readonly step: number;
  /** W₀ + s·B·A, s·B·A and s·B·A − ΔW*. */
  readonly W: Plane;
  readonly dW: Plane;
  readonly E: Plane;
}
