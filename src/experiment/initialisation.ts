import type { AnyMatrix, Matrix32, Matrix64 } from '../math/matrix.ts';
import type { Stream } from '../math/random.ts';

/** Thin SVD of a reference update, singular values in descending order. */
export interface Triplets {
  readonly U: Matrix64;
  readonly S: Float64Array;
  readonly V: Matrix64;
}

export interface StartContext {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  /** The free standard deviation of `symmetric`. */
  readonly sigma: number;
  /** Streams of their own for A and B, derived from the seed; A is drawn row by row, B column by column. */
  readonly streamA: Stream;
  readonly streamB: Stream;
  readonly base: Matrix32;
  /** The SVD of the reference update ΔW*, made when first asked for. */
  readonly reference: () => Triplets;
}

export interface Start {
  /** r × k */
  readonly A: AnyMatrix;
  /** d × r */
  readonly B: AnyMatrix;
}

/** How a factor starts, for the corner picture: 'noise' entries, exactly 'zero', 'ordered' directions. */
export type Filling = 'noise' | 'zero' | 'ordered';

/** One initialisation: a file in inits/ and a line in its index. */
export interface Initialisation<Name extends string = string> {
  readonly name: Name;
  /** Place in lists, from 1. */
  readonly place: number;
  /** What lists show. */
  readonly label: string;
  /** A short name for the few that have a tile of their own in the rail; the others are in the list. */
  readonly tile?: string;
  /** One sentence. */
  readonly explanation: string;
  /** Paper or library it comes from. */
  readonly source: string;
  /** Entry variance of A and B in words with this experiment's numbers: "variance 1/(3k) = 0.0052". */
  readonly variance: (c: Pick<StartContext, 'd' | 'k' | 'rank' | 'sigma'>) => {
    readonly A: string;
    readonly B: string;
  };
  readonly filling: { readonly A: Filling; readonly B: Filling };
  /** The keys of the parameter table that it reads beside rank and seed. */
  readonly params: readonly 'sigma'[];
  /** True where it needs the SVD of ΔW*: then min(d, k) is bounded. */
  readonly needsReference?: boolean;
  /** Where it cannot be had for a setting: why, and the nearest setting that can. */
  readonly unavailable?: (c: Pick<StartContext, 'd' | 'k' | 'rank'>) => string | null;
  readonly draw: (context: StartContext) => Start;
}

/** Keeps the name's literal type. */
export function initialisation<const Name extends string>(it: Initialisation<Name>): Initialisation<Name> {
  return it;
}
