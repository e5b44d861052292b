import type { Matrix32 } from '../../math/matrix.ts';
import type { Progress } from '../../math/progress.ts';
import type { Stream } from '../../math/random.ts';
import type { Triplets } from '../inits/initialisation.ts';

export interface BaseContext {
  readonly d: number;
  readonly k: number;
  /** The stream 'W0' of the seed. */
  readonly stream: Stream;
  readonly progress: Progress;
}

export interface BuiltBase {
  /** W₀, d × k, each entry rounded once to float32. */
  readonly matrix: Matrix32;
  /** Its n leading triplets before that rounding, n up to min(d, k), where the construction fixes them. */
  readonly leading?: (n: number) => Triplets;
}

/** One kind of W₀: a file in this folder and its name in index.ts. A target may bring its own instead. */
export interface Base<Name extends string = string> {
  readonly name: Name;
  readonly label: string;
  /** One sentence. */
  readonly explanation: string;
  /** True where it knows its leading triplets at any size. */
  readonly exact?: true;
  readonly build: (context: BaseContext) => BuiltBase;
}

/** Keeps the name's literal type. */
export function base<const Name extends string>(it: Base<Name>): Base<Name> {
  return it;
}
