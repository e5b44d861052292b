import { rounded } from '../written.ts';

/**
 * σ₁ of a matrix that is taken as it is. Above, squares of squares leave float32. Below, an Adam step, which is as large
 * as the rate however small the gradient, overshoots by so much at the derived rate that it counts as diverged.
 */
const [SMALLEST, LARGEST] = [1e-3, 1e6];

/** Why a matrix with this σ₁ cannot be trained as it is, a sentence; null where it can. */
export function unscaledFault(sigma1: number): string | null {
  if (sigma1 >= SMALLEST && sigma1 <= LARGEST) return null;
  return `The largest singular value of your matrix is ${rounded(sigma1, 2)}; as it is, it can be trained from ${SMALLEST} to ${LARGEST.toLocaleString('en')}: scale it to σ₁ = 1.`;
}
