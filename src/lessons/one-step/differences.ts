import type { LayerFactors, Rows } from './one-step.ts';

/** What an entry is moved by, up and down. */
export const DIFFERENCE = 1e-4;

const moved = (M: Rows, row: number, col: number, by: number): Rows =>
  M.map((values, i) => (i === row ? values.map((v, j) => (j === col ? v + by : v)) : values));

/**
 * The gradient of a loss by central differences, (L(θ + h) − L(θ − h))/2h entry by entry: it knows nothing of the formula
 * that it checks. Exact but for rounding where the loss is at most quadratic in an entry.
 */
export function differences(loss: (factors: LayerFactors) => number, { A, B }: LayerFactors): LayerFactors {
  const over = (M: Rows, put: (changed: Rows) => LayerFactors): Rows =>
    M.map((row, i) =>
      row.map((_, j) => {
        const [up, down] = [DIFFERENCE, -DIFFERENCE].map((by) => loss(put(moved(M, i, j, by))));
        return (up - down) / (2 * DIFFERENCE);
      }),
    );
  return { A: over(A, (changed) => ({ A: changed, B })), B: over(B, (changed) => ({ A, B: changed })) };
}

/** max |a − b| over the entries of two matrices. */
export function largestDifference(a: Rows, b: Rows): number {
  return Math.max(...a.flatMap((row, i) => row.map((v, j) => Math.abs(v - b[i][j]))));
}
