import type { Matrix32 } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { leadingValues, singularValues } from './factorisations.ts';
import type { BuiltTarget } from './target.ts';

/**
 * How singular values are known: all of them computed; all of them fixed by the construction of the matrix; or the
 * leading ones found by iteration.
 */
export type Knowledge = 'computed' | 'constructed' | 'leading';

/** What is known of a matrix's singular values. */
export interface KnownValues {
  /** Descending, in float64: all min(d, k), or the leading ones. */
  readonly values: Float64Array;
  readonly how: Knowledge;
  /**
   * By how much a value may be off, as a share of σ₁. Constructed values: a bound, from the rounding of the entries to
   * float32. Leading ones: a measure of what is open, see leadingValues.
   */
  readonly error: number;
  /** Of leading ones, by how much each may lie too low, as a share of σ₁: see leadingValues. */
  readonly open?: Float64Array;
}

/** How many values are found where not all are. */
export const LEADING_COUNT = 64;

/** Up to this min(d, k) all values are computed at any size of the other side, */
const SMALL_SIDE = 512;
/** and up to this max(d, k), where it takes a second. */
const LARGE_SIDE = 1024;
/** Golub–Kahan's own rounding. */
const COMPUTED = 1e-15;

/** Whether all singular values of a d × k matrix can be found in a second or two. */
export function canComputeAll(d: number, k: number): boolean {
  return Math.min(d, k) <= SMALL_SIDE || Math.max(d, k) <= LARGE_SIDE;
}

/** The singular values of ΔW*: computed up to a size, above it as far as its construction or an iteration tells them: so many leading ones. */
export function knownValues(
  matrix: Matrix32,
  constructed: Pick<BuiltTarget, 'values' | 'rounding' | 'exact'>,
  progress: OnProgress,
  leading = LEADING_COUNT,
): KnownValues {
  if (!constructed.exact && canComputeAll(matrix.rows, matrix.cols)) {
    return { values: singularValues(matrix, progress), how: 'computed', error: COMPUTED };
  }
  const { values, rounding } = constructed;
  if (values && rounding !== undefined) return { values, how: 'constructed', error: rounding / values[0] };
  return { ...leadingValues(matrix, leading, progress), how: 'leading' };
}
