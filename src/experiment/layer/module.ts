import type { Matrix32, Matrix64 } from '../../math/matrix.ts';
import type { Facts } from '../settings/rate.ts';
import type { KnownValues } from '../targets/spectrum.ts';
import type { OutputDifference } from './output-difference.ts';

/** What is known of the singular values and vectors of the float32 ΔW*. */
export interface TargetSpectrum extends KnownValues {
  /** All min(d, k) left (d × n) and right (k × n) singular vectors, where they were worth making; else null. */
  readonly vectors: { readonly U: Matrix64; readonly V: Matrix64 } | null;
}

/** What a module is to learn. */
export interface Wanted {
  /** ΔW*, d × k. */
  readonly matrix: Matrix32;
  /** ‖ΔW*‖_F of the float32 matrix. */
  readonly norm: number;
  readonly spectrum: TargetSpectrum;
}

/** One adapted weight: its matrices are bit for bit the same everywhere. */
export interface Module {
  /** Of the weight, as run files have it. */
  readonly name: string;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** W₀, d × k. */
  readonly base: Matrix32;
  /** What stays beside the adapter: W₀, or what is left of it where the initialisation has moved a part into the adapter. */
  readonly frozen: Matrix32;
  /** Initial factors: A is r × k, B is d × r. */
  readonly A: Matrix32;
  readonly B: Matrix32;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
  /** Such an initialisation, and how far the module's output is from that of W₀; null where W₀ is left alone. */
  readonly moved: Moved | null;
  readonly facts: Facts;
  /** Null where nobody knows ΔW*. */
  readonly wanted: Wanted | null;
}

/** A module whose ΔW* is known. */
export interface KnownModule extends Module {
  readonly wanted: Wanted;
}

/** ΔW = W − W₀ = s·B·A − s₀·B₀·A₀ where an initialisation has moved a part of W₀. */
export interface Moved {
  /** s₀, of the start. */
  readonly scaling: number;
  readonly output: OutputDifference;
  /** Where ΔW* is known: the least ‖ΔW − ΔW*‖/‖ΔW*‖ within reach, and by how much it may lie too high. */
  readonly reach: Reach | null;
}

export interface Reach {
  readonly floor: number;
  readonly open: number;
}
