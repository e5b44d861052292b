import { type AnyMatrix, type Matrix32, type Matrix64, rowsOf, zeros, zeros32 } from '../../math/matrix.ts';
import type { Progress } from '../../math/progress.ts';

/** Rows made at a time: enough for a product to be fast, few enough to need little memory. */
const ROWS = 32;

/** A matrix in float32, each entry rounded once. */
export interface Rounded {
  readonly matrix: Matrix32;
  /** ‖what rounding took off‖_F: no singular value has moved by more (Weyl). */
  readonly rounding: number;
}

/** Blocks of rows of an m × n matrix, from the first to the last; `first` is the place of a block's first row. */
export function forBlocks(rows: number, visit: (first: number, count: number) => void, progress?: Progress): void {
  for (let first = 0; first < rows; first += ROWS) {
    visit(first, Math.min(ROWS, rows - first));
    progress?.(Math.min(1, (first + ROWS) / rows));
  }
}

/** Rounds a matrix that is made block by block, so that no float64 array of its size is needed. Blocks come as zeros. */
export function roundedBlocks(
  rows: number,
  cols: number,
  fill: (block: Matrix64, first: number) => void,
  progress?: Progress,
): Rounded {
  const matrix = zeros32(rows, cols);
  let square = 0;
  forBlocks(
    rows,
    (first, count) => {
      const block = zeros(count, cols);
      fill(block, first);
      square += round(block.data, rowsOf(matrix, first, count).data);
    },
    progress,
  );
  return { matrix, rounding: Math.sqrt(square) };
}

/** s·m rounded: s·x in float64, then to float32. */
export function roundedTimes(s: number, m: AnyMatrix): Matrix32 {
  const matrix = zeros32(m.rows, m.cols);
  for (let i = 0; i < m.data.length; i++) matrix.data[i] = s * m.data[i];
  return matrix;
}

/** Σ (x − fl32(x))² */
function round(from: Float64Array, to: Float32Array): number {
  let square = 0;
  for (let i = 0; i < from.length; i++) {
    to[i] = from[i];
    const off = from[i] - to[i];
    square += off * off;
  }
  return square;
}
