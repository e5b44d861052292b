/**
 * How many leading directions a rule keeps of one spectrum, the largest singular value first; 0 for the zero matrix. The
 * last three are the rules of kohya's resize_lora.py as it defines them: the script itself then keeps one direction more.
 */

/** The smallest number whose Σσ² is at least so great a share of the whole. */
export function byEnergy(sigma: Float64Array, share: number): number {
  return smallest(sigma, share, (x) => x * x);
}

/** sv_fro: the smallest number whose Frobenius norm is at least t times the whole: Σσ² against t²·Σσ². */
export function byNorm(sigma: Float64Array, t: number): number {
  return smallest(sigma, t * t, (x) => x * x);
}

/** sv_cumulative: the smallest number whose Σσ is at least t times the whole. */
export function bySum(sigma: Float64Array, t: number): number {
  return smallest(sigma, t, (x) => x);
}

/** sv_ratio: the number of directions with σ > σ₁/t. */
export function byRatio(sigma: Float64Array, t: number): number {
  const largest = sigma.length === 0 ? 0 : sigma[0];
  if (!(largest > 0)) return 0;
  const threshold = largest / t;
  let count = 0;
  while (count < sigma.length && sigma[count] > threshold) count++;
  return count;
}

function smallest(sigma: Float64Array, share: number, weigh: (x: number) => number): number {
  const largest = sigma.length === 0 ? 0 : sigma[0];
  if (!(largest > 0)) return 0;
  let total = 0;
  for (const x of sigma) total += weigh(x / largest);
  let held = 0;
  for (let i = 0; i < sigma.length; i++) {
    held += weigh(sigma[i] / largest);
    if (held >= share * total) return i + 1;
  }
  return sigma.length;
}
