import type { Matrix32 } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { leadingValues } from '../../math/spectral/leading-values.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import type { BuiltTarget } from './target.ts';

/** Source of singular values: computed; fixed by the construction of the matrix; or leading ones found by iteration. */
export type Knowledge = 'computed' | 'constructed' | 'leading';

export interface KnownValues {
  /** Descending, in float64: all min(d, k), or the leading ones. */
  readonly values: Float64Array;
  readonly how: Knowledge;
  /** Possible error of a value, as a share of σ₁: a bound from rounding if constructed; else see leadingValues. */
  readonly error: number;
  /** Of leading ones, by how much each may be too low, as a share of σ₁: see leadingValues. */
  readonly open?: Float64Array;
}

/** Number of leading values. */
export const LEADING_COUNT = 64;

/** Up to this min(d, k) all values are computed at any size of the other side, */
const SMALL_SIDE = 512;
/** and up to this max(d, k), where it takes a second. */
const LARGE_SIDE = 1024;
/** Golub–Kahan's own rounding. */
const COMPUTED = 1e-15;

/** Whether all singular values of a d × k matrix can be computed in a second or two. */
export function canComputeAll(d: number, k: number): boolean {
  return Math.min(d, k) <= SMALL_SIDE || Math.max(d, k) <= LARGE_SIDE;
}

/** The singular values of ΔW*: computed if small, else from its construction or, n leading ones, by iteration. */
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
