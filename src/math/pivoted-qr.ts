import type { Factored } from './qr.ts';
import { applyReflector, makeReflector, NEGLIGIBLE_SQUARE } from './reflector.ts';
import { dot } from './vector.ts';

/**
 * QR with column pivoting, in place: each step takes the column with the largest remaining norm (the lowest index on
 * ties), so that the diagonal of R falls and a Jacobi iteration on it converges fast (Golub and Van Loan, section
 * 5.4). order[j] is the column of the input that went to place j.
 */
export function factorPivoted(columns: Float64Array, rows: number, cols: number): Factored & { order: Int32Array } {
  const q = Math.min(rows, cols);
  const tau = new Float64Array(q);
  const order = Int32Array.from({ length: cols }, (_, j) => j);
  const squares = new Float64Array(cols);
  const reference = new Float64Array(cols);
  for (let j = 0; j < cols; j++) squares[j] = reference[j] = dot(columns, j * rows, j * rows, rows);
  for (let k = 0; k < q; k++) {
    let best = k;
    for (let j = k + 1; j < cols; j++) if (squares[j] > squares[best]) best = j;
    if (squares[best] < NEGLIGIBLE_SQUARE) {
      for (let j = k; j < cols; j++) columns.fill(0, j * rows + k, (j + 1) * rows);
      break;
    }
    if (best !== k) {
      swapColumns(columns, rows, k, best);
      squares[best] = squares[k];
      reference[best] = reference[k];
      const moved = order[k];
      order[k] = order[best];
      order[best] = moved;
    }
    const start = k * rows + k;
    tau[k] = makeReflector(columns, start, (k + 1) * rows);
    applyReflector(columns, start, tau[k], columns, rows, k, k + 1, cols);
    for (let j = k + 1; j < cols; j++) {
      const entry = columns[j * rows + k];
      squares[j] -= entry * entry;
      // What is left after such a cancellation is rounding error: measure again.
      if (squares[j] <= 1e-8 * reference[j]) {
        squares[j] = reference[j] = dot(columns, j * rows + k + 1, j * rows + k + 1, rows - k - 1);
      }
    }
  }
  return { rows, cols, columns, tau, order };
}

function swapColumns(columns: Float64Array, rows: number, a: number, b: number): void {
  for (let i = 0; i < rows; i++) {
    const kept = columns[a * rows + i];
    columns[a * rows + i] = columns[b * rows + i];
    columns[b * rows + i] = kept;
  }
}
