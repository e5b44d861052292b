import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import type { Entries, Pack } from '../steppers/stepper.ts';

/** Largest singular values of A and B, or bounds of them from above. */
export interface Reach {
  readonly a: number;
  readonly b: number;
}

/** σ₁ of A, r × k, and of B, d × r. */
export function exactReach({ A, B }: Pack, { d, k, rank }: Readonly<Record<'d' | 'k' | 'rank', number>>): Reach {
  return {
    a: largestSingularValue({ rows: rank, cols: k, data: A }),
    b: largestSingularValue({ rows: d, cols: rank, data: B }),
  };
}

/** A bound after the first `count` steps, or before them: an update moves σ₁ by no more than its Frobenius norm. */
export function reachAround({ a, b }: Reach, { updateNormA, updateNormB }: Entries, count: number): Reach {
  const moved = (norms: Float64Array) => norms.subarray(0, count).reduce((sum, norm) => sum + norm, 0);
  return { a: a + moved(updateNormA), b: b + moved(updateNormB) };
}

export const largest = ({ a, b }: Reach): number => Math.max(a, b);
