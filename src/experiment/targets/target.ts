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
  /** Blocks of rows of W₀ that turn, each by a rotation of its own. */
  readonly turns: number;
  /** An imported matrix is scaled to σ₁ = 1. */
  readonly normalise: boolean;
}

export interface TargetContext {
  readonly settings: TargetSettings;
  /** One stream per purpose, derived from the seed: 'target', 'noise', … */
  readonly stream: (purpose: string) => Stream;
  /** The thin SVD of W₀, for `align`, up to min(d, k) = 512. Throws if the target brings its own W₀. */
  readonly baseTriplets: () => { readonly U: Matrix64; readonly V: Matrix64 };
  /** The decoded `data`, or null: a drawing or painting of any size with values 0 … 1 (or NO_PAINT), or any matrix. */
  readonly drawing: Matrix64 | null;
  /** The factors of the matrix in `data`, instead of `drawing`. */
  readonly factored?: FactoredMatrix | null;
  readonly progress: OnProgress;
}

export interface BuiltTarget {
  /** ΔW*, rounded to float32 at most once. */
  readonly matrix: AnyMatrix;
  /** All min(d, k) singular values before that rounding, descending, if the construction fixes them. */
  readonly values?: Float64Array;
  /** ‖·‖_F of the rounding error; given with `values`. */
  readonly rounding?: number;
  /** The values hold at every size: none are computed from the entries, as is usual if that is quick. */
  readonly exact?: true;
  /** W₀, for a target with `ownBase`. */
  readonly base?: Matrix32;
}

/** Refused: nothing can be learned from it, or it is impossible at this size. `why` is a sentence. */
export interface Refusal {
  readonly why: string;
  /** A remedy, if one setting suffices. */
  readonly way?: Remedy;
}

export interface Remedy {
  readonly label: string;
  readonly changes: Partial<Pick<TargetSettings, 'normalise'>>;
}

/** Parameters that only affect the samples of a target: ΔW* does not depend on them. */
export const SAMPLE_PARAMS = ['samples', 'condition', 'labelnoise', 'batch'] as const;
export type SampleParam = (typeof SAMPLE_PARAMS)[number];

/** Parameters of networks. */
type NetworkParam = 'adapt' | 'others' | 'modules' | 'full';

/** Paths of a picture 48 × 48: lines in the hue of ΔW*, dots in ink. */
export interface TargetSign {
  readonly lines: string;
  readonly dots?: string;
}

type TargetGroup = 'full rank';

interface TargetWords<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly explanation: string;
  /** A few words for the caption below ΔW*: "a picture". */
  readonly caption: (s: TargetSettings & { readonly data: string }) => string;
  /** The parameter keys that it reads besides d, k and seed. */
  readonly params: readonly (keyof TargetSettings | SampleParam | NetworkParam | 'data')[];
  /** The kind of its `data` if not a matrix; default: a drawing. */
  readonly takes?: Exclude<DataKind, 'matrix'>;
  /** W₀ is part of the target, with this rank. Default: it is drawn, with full rank. */
  readonly ownBase?: { readonly rank: (d: number, k: number) => number };
  /** Smallest d and k, if a matrix of one entry would be zero. */
  readonly minSize?: number;
  /** Largest d and k, if more would take too long to make. */
  readonly maxSize?: number;
  /** Targets of a group share a tile, that of the chosen one; the others are chosen below it. */
  readonly group?: TargetGroup;
  /** Its sign on its tile, if a small ΔW* would look like any other noise. */
  readonly sign?: TargetSign;
  /** Settings of the small ΔW* on its tile, if its own would be unrecognisable in so few entries. */
  readonly small?: Partial<Pick<TargetSettings, 'd' | 'k' | 'truerank' | 'noise' | 'align'>>;
}

export interface MatrixTarget<Name extends string = string> extends TargetWords<Name> {
  readonly kind: 'matrix';
  /** `data`: the target is the matrix in `data`, which must be there and decides d × k. */
  readonly from: 'settings' | 'data';
}

export interface SampledTarget<Name extends string = string> extends TargetWords<Name> {
  readonly kind: 'samples';
}

/** A trained matrix of a network, d × k. */
export interface NetworkLayer {
  readonly name: string;
  readonly d: number;
  readonly k: number;
}

/** Coefficients of the proposed rates, by the kind of the optimiser (docs/model.md, "The learning rate"). */
export interface NetworkRates {
  /** min(0.02, adam/(s·√(max(d, k)·r)·max(a, b))), and sgd/(s²·max(0.4, λa² + b²)). */
  readonly adapter: Readonly<Record<'sgd' | 'momentum' | 'adam', number>>;
  /** The rates of full fine-tuning. */
  readonly full: Readonly<Record<'sgd' | 'momentum' | 'adam', number>>;
}

/** A pretrained network with several adapted matrices, each with an unknown ΔW*. */
export interface NetworkTarget<Name extends string = string> extends TargetWords<Name> {
  readonly kind: 'network';
  /** In the order of the forward pass. */
  readonly layers: readonly NetworkLayer[];
  /** The `modules` of a link that names none; default: all. */
  readonly usual?: string;
  readonly rates: NetworkRates;
  readonly batch: { readonly usual: number; readonly most: number };
  /** Default: as of other targets. */
  readonly steps?: number;
  /** Rows that an example has in each matrix: the positions of a sequence. Default: 1. */
  readonly positions?: (adapt: string) => number;
}

export type Target<Name extends string = string> = MatrixTarget<Name> | SampledTarget<Name> | NetworkTarget<Name>;

export function target<const Name extends string>(it: MatrixTarget<Name>): MatrixTarget<Name>;
export function target<const Name extends string>(it: SampledTarget<Name>): SampledTarget<Name>;
export function target<const Name extends string>(it: NetworkTarget<Name>): NetworkTarget<Name>;
export function target(it: Target): Target {
  return it;
}

/** "q" of "0.q": a link names a matrix without its block, and means it in every block. */
export const moduleOf = ({ name }: Pick<NetworkLayer, 'name'>) => name.slice(name.lastIndexOf('.') + 1);

/** The names that `modules` may have, in the order of the forward pass. */
export function moduleNames({ layers }: Pick<NetworkTarget, 'layers'>): readonly string[] {
  return [...new Set(layers.map(moduleOf))];
}

/** The layers that get an adapter: those of a link's `modules`, or the usual ones. */
export function adaptedLayers(
  { layers, usual = '' }: Pick<NetworkTarget, 'layers' | 'usual'>,
  modules: string,
): readonly NetworkLayer[] {
  const wanted = modules === '' ? usual : modules;
  return wanted === '' ? layers : layers.filter((layer) => wanted.split(',').includes(moduleOf(layer)));
}

export function isOwnMatrix(it: Target): boolean {
  return it.kind === 'matrix' && it.from === 'data';
}

export function dataKindOf(it: Target): DataKind {
  return isOwnMatrix(it) ? 'matrix' : (it.takes ?? 'drawing');
}

/** Maps the progress of a part to a range of the whole. */
export function subProgress(start: number, end: number, progress: OnProgress): OnProgress {
  return (fraction) => progress(start + (end - start) * fraction);
}

/** Called at least a few times a second with the current stage and its progress, 0 … 1. */
export type Report = (stage: string, fraction: number) => void;
