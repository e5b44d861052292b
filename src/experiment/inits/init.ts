import type { AnyMatrix, Matrix32, Matrix64 } from '../../math/matrix.ts';
import type { Stream } from '../../math/random.ts';
import { round } from '../numbers.ts';
import type { LayerSize } from '../settings/kinds.ts';

/** Thin SVD of a reference update, singular values in descending order. */
export interface Triplets {
  readonly U: Matrix64;
  readonly S: Float64Array;
  readonly V: Matrix64;
}

export interface InitContext extends LayerSize {
  readonly scaling: number;
  readonly sigma: number;
  /** A of an initialisation with this parameter is multiplied by it. */
  readonly size: number;
  /** Separate streams for A and B, derived from the seed; A is drawn row by row, B column by column. */
  readonly streamA: Stream;
  readonly streamB: Stream;
  readonly base: Matrix32;
  /** The SVD of the reference update ΔW*, computed on first call. */
  readonly reference: () => Triplets;
  /** Streams for everything but A and B, derived from the seed and a name. */
  readonly stream: (purpose: string) => Stream;
  /** The thin SVD of W₀, if min(d, k) ≤ 512. */
  readonly baseTriplets: () => Triplets;
  /** The n leading triplets of W₀: of its thin SVD up to min(d, k) = 512, of a subspace iteration above (n ≤ 64). */
  readonly leadingBase: (n: number) => Triplets;
  /** The n leading triplets of ∂L/∂W at step 0 over the first batch (of −ΔW* on matrix targets); sizes as above. */
  readonly leadingGradient: (n: number) => Triplets;
  /** The thin SVD of a matrix that only this initialisation needs, with its progress; default: computed directly. */
  readonly decompose?: (m: Matrix64) => Triplets;
  /** C = XXᵀ/n of the training inputs, k × k. null: the inputs are white, and C would be I. */
  readonly secondMoment: (() => Matrix64) | null;
  /** The n leading triplets of C, U being its eigenvectors; sizes as above, with k for min(d, k). null as above. */
  readonly leadingInputs: ((n: number) => Triplets) | null;
  /** The n leading triplets of W₀ − Q, sizes as above, if Q is frozen in the place of W₀; else null. */
  readonly leadingLoss: ((n: number) => Triplets) | null;
  /** Factors of a file: the run starts from scale·B·A. null or left out: the data holds none. */
  readonly given?: GivenFactors | null;
}

export interface GivenFactors extends InitFactors {
  readonly scale: number;
}

export interface InitFactors {
  /** r × k */
  readonly A: AnyMatrix;
  /** d × r */
  readonly B: AnyMatrix;
}

export type InitNeed = 'reference' | 'base' | 'inputs' | 'gradient' | 'quantised' | 'file';

export interface InitSettings extends LayerSize {
  /** Whether the target has its own inputs; default: it has none, and they count as white. */
  readonly inputs?: boolean;
  /** False if ΔW* is unknown; default: known. */
  readonly reference?: boolean;
  /** The rank of W₀; default: the smaller of d and k. */
  readonly baseRank?: (d: number, k: number) => number;
  /** How W₀ is stored; default: as it is. */
  readonly quant?: BaseStorage;
}

export type BaseStorage = 'none' | 'nf4';

export interface NearestSetting {
  readonly target?: string;
  readonly d?: number;
  readonly k?: number;
  readonly rank?: number;
  readonly quant?: BaseStorage;
}

/** Initial filling of a factor, for the corner picture: 'noise' entries, exactly 'zero', 'ordered' directions. */
export type FactorFilling = 'noise' | 'zero' | 'ordered';

/** Settings named in the texts on A and B; `exactBase`: the directions of W₀ are known at any size. */
export type VarianceSettings = Pick<InitContext, 'd' | 'k' | 'rank' | 'sigma'> & { readonly exactBase?: boolean };

export interface Init<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  readonly short?: string;
  readonly brief: string;
  /** Entry variance of A and B in words with this experiment's numbers: "variance 1/(3k) = 0.0052". */
  readonly variance: (c: VarianceSettings) => {
    readonly A: string;
    readonly B: string;
  };
  readonly filling: { readonly A: FactorFilling; readonly B: FactorFilling };
  /** `size` if a factor on A is offered, since B is zero and the output stays unchanged. */
  readonly params: readonly ('sigma' | 'size')[];
  /** Its inputs; default: random numbers, or nothing at all. */
  readonly needs?: readonly InitNeed[];
  /** True if part of W₀ goes into the adapter: the frozen weight is then frozenBase(W₀, A, B, s). */
  readonly moves?: true;
  /** What is quantised beside it, if it needs that: W₀, or the rest W₀ − s·B·A. */
  readonly quantises?: 'base' | 'rest';
  readonly frozen?: 'B';
  /** Why it is unavailable for a setting: a sentence that names the nearest setting with it. */
  readonly unavailable?: (c: InitSettings) => string | null;
  /** The first clause of that, without its subject: "needs task inputs". */
  readonly reason?: (c: InitSettings) => string | null;
  /** That nearest setting, for a click; null if it is available. */
  readonly nearest?: (c: InitSettings) => NearestSetting | null;
}

export function shortName({ short, label }: Pick<Init, 'short' | 'label'>): string {
  return short ?? label;
}

/** `params` left out: none. */
type InitEntry<Name extends string> = Omit<Init<Name>, 'params'> & { readonly params?: Init['params'] };

export function defineInit<const Name extends string>(it: InitEntry<Name>): Init<Name> {
  return { params: [], ...it };
}

/** "variance 1/(3k) = 0.0052": the formula and its value to two significant digits, or one number if they agree. */
export function variance(formula: string, value: number): string {
  const number = round(value, 2);
  return formula === number ? `variance ${number}` : `variance ${formula} = ${number}`;
}
