import { type AnyMatrix, frobenius } from '../../../math/matrix.ts';
import { drain } from '../../../math/progress.ts';
import { doraBest, hiraBest } from './best-found.ts';
import { ia3Rest, largestPlaces, lokrRest, loraRest, loraXsRest, oftRest, shiraRest } from './exact-floors.ts';
import { outsideColumns, outsideRows, SPACING } from './outside.ts';

/** Least ‖ΔW − ΔW*‖/‖ΔW*‖ of a method. `best`: the lowest found from several starts, which training may pass. */
export interface MethodFloor {
  readonly value: number;
  readonly kind: 'exact' | 'best';
}

/** ΔW* and W₀, d × k. */
export interface FloorMatrices {
  readonly wanted: AnyMatrix;
  readonly base: AnyMatrix;
}

/** What each method is set to. */
interface FloorSettings {
  readonly lora: { readonly rank: number };
  /** A (r × k) stays as drawn. */
  readonly 'b-only': { readonly A: AnyMatrix };
  /** B (d × r) stays as drawn. */
  readonly 'a-only': { readonly B: AnyMatrix };
  readonly dora: { readonly rank: number };
  /** Rows of a block, which divide d. */
  readonly oft: { readonly block: number };
  /** C is d₁ × k₁. */
  readonly lokr: { readonly factor: readonly [d1: number, k1: number] };
  readonly hira: { readonly rank: number };
  /** The trained entries, by their places i·k + j. */
  readonly shira: { readonly places: ArrayLike<number> };
  readonly ia3: { readonly side: 'out' | 'in' };
  readonly 'lora-xs': { readonly rank: number };
  readonly full: object;
}
export type FloorMethod = keyof FloorSettings;

type Rest<M extends FloorMethod> = (
  matrices: FloorMatrices,
  settings: FloorSettings[M],
) => number | Generator<void, number>;
type Rests = { readonly [M in FloorMethod]: { readonly kind: MethodFloor['kind']; readonly rest: Rest<M> } };

/** ‖ΔW − ΔW*‖_F of each. */
const RESTS = {
  lora: { kind: 'exact', rest: ({ wanted }, { rank }) => loraRest(wanted, rank) },
  'b-only': { kind: 'exact', rest: ({ wanted }, { A }) => outsideRows(wanted, A) },
  'a-only': { kind: 'exact', rest: ({ wanted }, { B }) => outsideColumns(wanted, B) },
  dora: { kind: 'best', rest: ({ wanted, base }, { rank }) => doraBest(wanted, base, rank) },
  oft: { kind: 'exact', rest: ({ wanted, base }, { block }) => oftRest(wanted, base, block) },
  lokr: { kind: 'exact', rest: ({ wanted }, { factor }) => lokrRest(wanted, ...factor) },
  hira: { kind: 'best', rest: ({ wanted, base }, { rank }) => hiraBest(wanted, base, rank) },
  shira: { kind: 'exact', rest: ({ wanted }, { places }) => shiraRest(wanted, places) },
  ia3: { kind: 'exact', rest: ({ wanted, base }, { side }) => ia3Rest(wanted, base, side) },
  'lora-xs': { kind: 'exact', rest: ({ wanted, base }, { rank }) => loraXsRest(wanted, base, rank) },
  full: { kind: 'exact', rest: () => 0 },
} as const satisfies Rests;

/** Whether the least error of a method is only the lowest found, which takes a second, and is no floor. */
export const isFound = (method: FloorMethod): boolean => RESTS[method].kind === 'best';

/** Multiply-adds of a round of a search, but for a factor: with more it takes longer than some ten seconds. */
const MOST_SEARCHED = { dora: 262_144, hira: 1_048_576 };

/** Whether the lowest error of a method at a rank is searched for, which then takes seconds. */
export function isSearched(
  method: 'dora' | 'hira',
  { d, k, rank }: { readonly d: number; readonly k: number; readonly rank: number },
): boolean {
  // hira solves r equations a row and a column.
  return d * k * (method === 'hira' ? rank * rank : rank) <= MOST_SEARCHED[method];
}

/**
 * The own floor of a method. Below what the rounding of ΔW* and W₀ to float32 leaves it counts as 0. Throws RangeError
 * if a size does not divide d or k.
 */
export const methodFloor = <M extends FloorMethod>(
  method: M,
  matrices: FloorMatrices,
  settings: FloorSettings[M],
): MethodFloor => drain(floorInSlices(method, matrices, settings));

/** The same in slices of milliseconds, between which others get their turn. */
export function* floorInSlices<M extends FloorMethod>(
  method: M,
  matrices: FloorMatrices,
  settings: FloorSettings[M],
): Generator<void, MethodFloor> {
  const norm = frobenius(matrices.wanted);
  const { kind, rest } = RESTS[method] as Rests[M];
  const found = rest(matrices, settings);
  const value = (typeof found === 'number' ? found : yield* found) / norm;
  const rounding = (SPACING * Math.max(norm, frobenius(matrices.base))) / norm;
  return { value: value < rounding ? 0 : value, kind };
}

export { largestPlaces };
