/**
 * Measures of a spectrum. Every `sigma` holds singular values, not negative, the largest first. The sums are of σ/σ₁,
 * so that no size of matrix overflows or vanishes. docs/model.md defines every quantity.
 */

export type EffectiveRankKind = 'entropy' | 'entropy-squared' | 'participation' | 'stable';

/**
 * A real number between 1 and the count of non-zero values; 0 for the zero matrix, by convention.
 * `entropy`: exp(−Σ p ln p) with p = σ/Σσ (Roy and Vetterli 2007) · `entropy-squared`: the same with p = σ²/Σσ² ·
 * `participation`: (Σσ²)²/Σσ⁴ · `stable`: ‖M‖²_F/σ₁².
 */
export function effectiveRank(sigma: Float64Array, kind: EffectiveRankKind = 'entropy'): number {
  switch (kind) {
    case 'entropy':
      return perplexity(relative(sigma));
    case 'entropy-squared':
      return perplexity(relative(sigma).map((x) => x * x));
    case 'participation': {
      const squares = relative(sigma).map((x) => x * x);
      const total = sum(squares);
      return total === 0 ? 0 : (total * total) / sum(squares.map((x) => x * x));
    }
    case 'stable':
      return stableRank(sigma);
    default:
      throw new RangeError(`no effective rank of the kind ${kind satisfies never}`);
  }
}

/** ‖M‖²_F/σ₁² = Σσ²/σ₁²; 0 for the zero matrix. */
export function stableRank(sigma: Float64Array): number {
  return sum(relative(sigma).map((x) => x * x));
}

/** Number of singular values of a d × k matrix in float32 above rounding: σ_i > σ₁·max(d, k)·2⁻²³. */
export function numericalRank(sigma: Float64Array, d: number, k: number): number {
  const threshold = sigma.length === 0 ? 0 : sigma[0] * Math.max(d, k) * 2 ** -23;
  let count = 0;
  while (count < sigma.length && sigma[count] > threshold) count++;
  return count;
}

/**
 * Entry i: the Frobenius error √(Σ_{j>i} σ_j²) of the best rank-i approximation, i = 0 … n (Eckart and Young 1936).
 * Summed from the smallest value, so that a small tail keeps its digits; the last entry is 0.
 */
export function errorAtRank(sigma: Float64Array): Float64Array {
  const x = relative(sigma);
  const error = new Float64Array(x.length + 1);
  let square = 0;
  for (let i = x.length - 1; i >= 0; i--) {
    square += x[i] * x[i];
    error[i] = sigma[0] * Math.sqrt(square);
  }
  return error;
}

/** σ/σ₁; all zero if σ₁ is. */
function relative(sigma: Float64Array): Float64Array {
  const largest = sigma.length === 0 ? 0 : sigma[0];
  return largest > 0 ? sigma.map((x) => x / largest) : new Float64Array(sigma.length);
}

/** exp of the entropy of the weights, with 0·ln 0 = 0. */
function perplexity(weights: Float64Array): number {
  const total = sum(weights);
  if (total === 0) return 0;
  let entropy = 0;
  for (const weight of weights) {
    const p = weight / total;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return Math.exp(entropy);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const x of values) total += x;
  return total;
}

/** ‖U·diag(σ)·Vᵀ‖_F for orthonormal U and V, summed from the last, usually smallest, value. */
export function spectrumNorm(sigma: Float64Array): number {
  let sum = 0;
  for (let i = sigma.length - 1; i >= 0; i--) sum += sigma[i] * sigma[i];
  return Math.sqrt(sum);
}
