import { exp, log } from '../../../math/elementary.ts';
import type { FloatArray } from './kernels.ts';

/**
 * Mean cross-entropy in nats of n rows of m logits against their answers, −Σ log softmax(z)ᵢ/n. Writes ∂L/∂z into
 * `gradient` (n × m): (softmax(z) − e)/n. exp and log are the project's own, so that every browser has the same bits.
 */
export function crossEntropy(
  logits: FloatArray,
  answers: ArrayLike<number>,
  n: number,
  m: number,
  gradient: FloatArray,
): number {
  let loss = 0;
  const weights = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    const row = i * m;
    let largest = logits[row];
    for (let j = 1; j < m; j++) largest = Math.max(largest, logits[row + j]);
    let sum = 0;
    for (let j = 0; j < m; j++) {
      weights[j] = exp(logits[row + j] - largest);
      sum += weights[j];
    }
    for (let j = 0; j < m; j++) gradient[row + j] = (weights[j] / sum - (j === answers[i] ? 1 : 0)) / n;
    loss += log(sum) + largest - logits[row + answers[i]];
  }
  return loss / n;
}

/** The index of the largest of each row's m logits; the lowest on ties. */
export function largestOf(logits: FloatArray, n: number, m: number): Uint8Array {
  return Uint8Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let j = 1; j < m; j++) if (logits[i * m + j] > logits[i * m + best]) best = j;
    return best;
  });
}
