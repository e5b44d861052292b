import { errorAtRank } from '../math/spectra.ts';

/**
 * Eckart–Young: entry i is the smallest relative Frobenius error of a rank-i matrix, sqrt(Σ_{j>i} σ_j²)/‖M‖_F.
 * One entry more than singular values; the last is 0.
 */
export function floorOf(singularValues: Float64Array): Float64Array {
  const tail = errorAtRank(singularValues);
  return tail.map((error) => (tail[0] === 0 ? 0 : error / tail[0]));
}
