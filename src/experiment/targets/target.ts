import type { AnyMatrix, Matrix32, Matrix64 } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import type { Stream } from '../../math/random.ts';
import type { DataKind } from '../settings/data-kind.ts';
import type { FactoredMatrix } from './factored-matrix.ts';

/** The free parameters that targets read, decided and checked. */
export interface TargetSettings {
  readonly d: number;
  readonly k: number;
  readonly truerank: number;
  readonly shape: string;
  readonly noise: number;
  readonly law: string;
  readonly rate: number;
  /** Share of each signal direction inside W₀'s leading subspace; null: independent of W₀. */
  readonly align: number | null;
  readonly picture: string;
  readonly edit: string;
  /** A matrix of one's own is scaled to σ₁ = 1. */
  readonly normalise: boolean;
}

export interface TargetContext {
  readonly settings: TargetSettings;
  /** A stream of its own for each purpose, derived from the seed: 'target', 'noise', … */
  readonly stream: (purpose: string) => Stream;
  /** The thin SVD of W₀, for `align`, up to min(d, k) = 512. Throws where the target brings its own W₀. */
  readonly baseTriplets: () => { readonly U: Matrix64; readonly V: Matrix64 };
  /** What `data` holds, or null: a drawing or painting of any size with values 0 … 1 (or NO_PAINT), or a matrix of any values. */
  readonly drawing: Matrix64 | null;
  /** The matrix that `data` holds as its factors, in the place of `drawing`. */
  readonly factored?: FactoredMatrix | null;
  readonly progress: OnProgress;
}

export interface BuiltTarget {
  /** ΔW*, rounded to float32 at most once. */
  readonly matrix: AnyMatrix;
  /** All min(d, k) singular values before that rounding, descending, where the construction fixes them. */
  readonly values?: Float64Array;
  /** ‖·‖_F of what the rounding took off; given with `values`. */
  readonly rounding?: number;
  /** The values count at every size: none are computed of the entries, as usually is done where that is quick. */
  readonly exact?: true;
  /** W₀, of a target that says `ownBase`. */
  readonly base?: Matrix32;
}

/** Refused: nothing can be learned from it, or it is not possible at this size. `why` is a sentence. */
export interface Refusal {
  readonly why: string;
  /** What would have it, where that is one setting. */
  readonly way?: Remedy;
}

/** A change of settings and what a button for it says. */
export interface Remedy {
  readonly label: string;
  readonly changes: Partial<Pick<TargetSettings, 'normalise'>>;
}

/** What only the samples of a target depend on: ΔW* is the same whatever they are. */
export const SAMPLE_PARAMS = ['samples', 'condition', 'labelnoise', 'batch'] as const;
export type SampleParam = (typeof SAMPLE_PARAMS)[number];

/** Paths of a picture 48 × 48: lines in the hue of ΔW*, dots in ink. */
export interface TargetSign {
  readonly lines: string;
  readonly dots?: string;
}

/** What every target says of itself: a file in this folder and its name in index.ts. */
interface TargetWords<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** One sentence. */
  readonly explanation: string;
  /** A few words for the caption below ΔW*: "a picture". */
  readonly caption: (s: TargetSettings & { readonly data: string }) => string;
  /** The keys of the parameter table that it reads beside d, k and seed. */
  readonly params: readonly (keyof TargetSettings | SampleParam | 'data')[];
  /** What `data` holds for it where it is not a matrix; left out: a drawing. */
  readonly takes?: Exclude<DataKind, 'matrix'>;
  /** W₀ belongs to what is learned, and comes with it; its rank. Left out: it is drawn, with full rank. */
  readonly ownBase?: { readonly rank: (d: number, k: number) => number };
  /** Smallest d and k, where a matrix of one entry would be zero. */
  readonly minSize?: number;
  /** Largest d and k, where more would take too long to make. */
  readonly maxSize?: number;
  /** Stands for it on its tile, where a small ΔW* would look like any other noise. */
  readonly sign?: TargetSign;
  /** Settings of the small ΔW* on its tile, where its own would hide in so few entries what it is. */
  readonly small?: Partial<Pick<TargetSettings, 'd' | 'k' | 'truerank' | 'noise' | 'align'>>;
}

type Build = (context: TargetContext) => BuiltTarget | Refusal;

/** ΔW* itself is what is learned. */
export interface MatrixTarget<Name extends string = string> extends TargetWords<Name> {
  readonly kind: 'matrix';
  /** `data`: it is the matrix in `data`. There is none without it, and d × k is the size of that matrix. */
  readonly from: 'settings' | 'data';
  readonly build: Build;
}

/** Learned from samples with inputs of their own; ΔW* is known, and seen only through them. */
export interface SampledTarget<Name extends string = string> extends TargetWords<Name> {
  readonly kind: 'samples';
  readonly build: Build;
}

/** A network with several adapted matrices. Nobody knows the ΔW* of any. */
export interface NetworkTarget<Name extends string = string> extends TargetWords<Name> {
  readonly kind: 'network';
  /** Names of the matrices that can be adapted. */
  readonly modules: readonly string[];
}

export type Target<Name extends string = string> = MatrixTarget<Name> | SampledTarget<Name> | NetworkTarget<Name>;

/** Keeps the name's literal type. */
export function target<const Name extends string>(it: MatrixTarget<Name>): MatrixTarget<Name>;
export function target<const Name extends string>(it: SampledTarget<Name>): SampledTarget<Name>;
export function target(it: Target): Target {
  return it;
}

/** True where the target is the matrix in `data` itself. */
export function isOwnMatrix(it: Target): boolean {
  return it.kind === 'matrix' && it.from === 'data';
}

/** What `data` has to hold for a target that reads it. */
export function dataKindOf(it: Target): DataKind {
  return isOwnMatrix(it) ? 'matrix' : (it.takes ?? 'drawing');
}

/** The progress of a part that takes from one fraction to another of the whole. */
export function subProgress(start: number, end: number, progress: OnProgress): OnProgress {
  return (fraction) => progress(start + (end - start) * fraction);
}

/** Told at least a few times a second what is being made, with the share of it that is done, 0 … 1. */
export type Report = (stage: string, fraction: number) => void;
