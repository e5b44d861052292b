import { count } from '../numbers.ts';
import type { LayerSize } from '../settings/kinds.ts';

/** The settings of methods, decided and checked. */
export interface MethodSettings extends LayerSize {
  /** oft: rows of a block. */
  readonly block: number;
  /** lokr: "d₁xk₁", the size of C; empty: sizesOfC decides. */
  readonly factor: string;
  /** shira: trained entries. */
  readonly entries: number;
  /** ia3: `out` scales rows, `in` columns. */
  readonly side: string;
}

/** The trained numbers of a method as a matrix; its gradient and update norms are those of one of two streams. */
export interface OwnShape {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly stream: 'A' | 'B';
}

/** The settings that only some methods read. */
type MethodParam =
  | 'rank'
  | 'alpha'
  | 'scaling'
  | 'ratio'
  | 'init'
  | 'size'
  | 'norm'
  | 'block'
  | 'factor'
  | 'entries'
  | 'places'
  | 'side';

interface MethodWords<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** ΔW in a few signs. */
  readonly formula: string;
  readonly brief: string;
  readonly params: readonly MethodParam[];
  readonly own: (e: MethodSettings) => readonly OwnShape[];
  /** The largest rank that ΔW can have if W₀ has rank `base`. */
  readonly largestRank: (e: MethodSettings, base: number) => number;
  /** Multiply-adds of a step on a matrix target. */
  readonly cost: (e: MethodSettings) => number;
  /** What the gradient norms of each stream are of, as the charts write it; null: it has none. */
  readonly streams: { readonly A: string | null; readonly B: string };
  /** Why it is not to be had with these settings: a sentence. */
  readonly unavailable?: (e: MethodSettings) => string | null;
}

export interface AdapterMethod<Name extends string = string> extends Omit<MethodWords<Name>, 'unavailable'> {
  readonly unavailable: (e: MethodSettings) => string | null;
}

/** Entries of W₀ up to which methods besides LoRA keep ΔW as a whole in quick memory. */
const MOST_ENTRIES = 1024 * 1024;

export function method<const Name extends string>({ unavailable, ...it }: MethodWords<Name>): AdapterMethod<Name> {
  return {
    ...it,
    unavailable: (e) =>
      it.name !== 'lora' && e.d * e.k > MOST_ENTRIES
        ? `${it.label} is available up to ${count(MOST_ENTRIES)} entries of W₀; here they are ${count(e.d * e.k)}. Use d = k = 1,024, or LoRA.`
        : (unavailable?.(e) ?? null),
  };
}

/** The key of a method's numbers in files: W2, l and theta for W₂, ℓ and θ. */
export const fileKey = (name: string): string => name.replace('₂', '2').replace('ℓ', 'l').replace('θ', 'theta');

/** The largest divisor of n that is at most `most`. */
export function divisorUpTo(n: number, most: number): number {
  let divisor = Math.min(n, Math.max(1, Math.floor(most)));
  while (n % divisor > 0) divisor -= 1;
  return divisor;
}

export const divisorsOf = (n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => i + 1).filter((divisor) => n % divisor === 0);
