import type { Matrix32, Matrix64 } from '../math/matrix.ts';
import type { Facts } from './rate.ts';

/** What is known of the singular values of ΔW*. */
export interface TargetSpectrum {
  /** All min(d, k) singular values of the float32 ΔW*, descending, in float64. */
  readonly values: Float64Array;
  /** Leading left (d × n) and right (k × n) singular vectors, where they were worth making; else null. */
  readonly vectors: { readonly U: Matrix64; readonly V: Matrix64 } | null;
}

/** The matrices that a link stands for, bit for bit the same everywhere. */
export interface Layer {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** W₀, d × k, frozen. */
  readonly base: Matrix32;
  /** ΔW*, d × k. */
  readonly target: Matrix32;
  /** ‖ΔW*‖_F of the float32 target. */
  readonly targetNorm: number;
  readonly spectrum: TargetSpectrum;
  /** Initial factors: A is r × k, B is d × r. */
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly facts: Facts;
}
