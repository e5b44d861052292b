import { leadingColumns, multiply, transpose } from './matrix.ts';
import type { Svd } from './svd.ts';

/** Values below this share of the largest are rounding, and their vectors point nowhere in particular. */
const ROUNDING = 2.220446049250313e-16; // 2^-52

/**
 * For each of the `top` leading left singular vectors of a matrix, the largest |cosine| with any left singular vector of
 * the matrix it came from; fewer entries where the matrix has fewer singular values that stand out of rounding.
 * `before` and `after` are thin SVDs of matrices with the same number of rows.
 */
export function closestCosines(before: Pick<Svd, 'U'>, after: Pick<Svd, 'U' | 'S'>, top = 10): Float64Array {
  const rounding = after.S.length === 0 ? 0 : after.S[0] * after.U.rows * ROUNDING;
  const real = after.S.filter((value) => value > rounding).length;
  const count = Math.min(top, real);
  const cosines = multiply(transpose(before.U), leadingColumns(after.U, count));
  const closest = new Float64Array(count);
  for (let i = 0; i < cosines.data.length; i++) {
    closest[i % count] = Math.max(closest[i % count], Math.abs(cosines.data[i]));
  }
  return closest;
}

/**
 * Intruder dimensions (arXiv 2410.21228): how many of the top k left singular vectors of W₀ + ΔW have a largest |cosine|
 * with all left singular vectors of W₀ below ε. `before` is the thin SVD of W₀, `after` that of W₀ + ΔW.
 */
export function intruderDimensions(
  before: Pick<Svd, 'U'>,
  after: Pick<Svd, 'U' | 'S'>,
  { top = 10, epsilon = 0.5 }: { readonly top?: number; readonly epsilon?: number } = {},
): number {
  return closestCosines(before, after, top).filter((cosine) => cosine < epsilon).length;
}
