import { digits } from '../digits-target.ts';
import type { DigitLayer } from '../forward.ts';
import type { HandAdapter } from '../hand-adapter.ts';

/** ΔW of each matrix of the network of digits, d × k row by row, in the order of the forward pass. */
export type HandUpdate = readonly Float64Array[];

/** Σ s·B·A of adapters: the ΔW of one adapter whose A and B are theirs joined, of the sum of their ranks. */
export function summedUpdate(adapters: readonly HandAdapter[]): HandUpdate {
  return digits.layers.map(({ d, k }, l) => {
    const sum = new Float64Array(d * k);
    for (const { rank, scaling, layers } of adapters) {
      const { A, B } = layers[l];
      for (let i = 0; i < d; i++)
        for (let r = 0; r < rank; r++) {
          const b = scaling * B[i * rank + r];
          if (b !== 0) for (let j = 0; j < k; j++) sum[i * k + j] += b * A[r * k + j];
        }
    }
    return sum;
  });
}

/**
 * The sum of adapters as one: the rows of A and the columns of B joined, so that its rank is the sum of theirs and its s
 * is 1. Each A gets a largest entry of 1, which its B makes up for: at 8 bits none is rounded by the scale of another.
 */
export function joinedAdapter(adapters: readonly HandAdapter[]): HandAdapter {
  const rank = adapters.reduce((sum, one) => sum + one.rank, 0);
  const layers = digits.layers.map(({ d }, l) => {
    const parts = adapters.map(({ rank, scaling, layers }) => {
      const A = Array.from(layers[l].A);
      const most = Math.max(...A.map(Math.abs)) || 1;
      return { rank, A: A.map((x) => x / most), B: Array.from(layers[l].B, (x) => x * scaling * most) };
    });
    const row = (i: number) => parts.flatMap(({ rank, B }) => B.slice(i * rank, (i + 1) * rank));
    return { A: parts.flatMap(({ A }) => A), B: Array.from({ length: d }, (_, i) => row(i)).flat() };
  });
  return { rank, scaling: 1, layers };
}

/** W + weight·ΔW of each layer. */
export const withUpdate = (layers: readonly DigitLayer[], update: HandUpdate, weight = 1): readonly DigitLayer[] =>
  layers.map(({ d, k, W }, l) => ({ d, k, W: update[l].map((x, i) => W[i] + weight * x) }));

/**
 * TIES (Yadav et al. 2023, arXiv 2306.01708) of each matrix: of every ΔW the `density` of its entries with the largest
 * magnitude is kept; an entry takes the sign of the sum of what is kept there, and becomes the mean of those with it.
 * In slices: a matrix of one ΔW, or all of one matrix.
 */
export function* tiesUpdate(updates: readonly HandUpdate[], density: number): Generator<void, HandUpdate> {
  const merged: Float64Array[] = [];
  for (const [l, { d, k }] of digits.layers.entries()) {
    const kept: Float64Array[] = [];
    for (const update of updates) {
      kept.push(trimmed(update[l], density));
      yield;
    }
    merged.push(Float64Array.from({ length: d * k }, (_, i) => elected(kept, i)));
    yield;
  }
  return merged;
}

/** The mean of the entries that have the sign of their sum; 0 if that is 0. */
function elected(kept: readonly Float64Array[], i: number): number {
  let [above, below, positive, negative] = [0, 0, 0, 0];
  for (const values of kept) {
    const x = values[i];
    if (x > 0) {
      above++;
      positive += x;
    } else if (x < 0) {
      below++;
      negative += x;
    }
  }
  const sum = positive + negative;
  return sum > 0 ? positive / above : sum < 0 ? negative / below : 0;
}

/** Without its smallest entries, of which equal ones go together. */
function trimmed(values: Float64Array, density: number): Float64Array {
  const sizes = values.map(Math.abs).sort();
  const least = sizes[Math.max(0, sizes.length - Math.round(density * sizes.length))] ?? Number.POSITIVE_INFINITY;
  return values.map((x) => (Math.abs(x) >= least ? x : 0));
}
