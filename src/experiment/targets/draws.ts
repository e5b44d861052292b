/**
 * Initial fillings of the factors. A is drawn row by row and B column by column, each value at unit size and scaled
 * after: the draw at rank r is the first r rows or columns of the draw at any higher rank, before its scale.
 */

import { type AnyMatrix, type Matrix32, type Matrix64, rowsOf, transpose, zeros, zeros32 } from '../../math/matrix.ts';
import { multiplyInto } from '../../math/products.ts';
import type { OnProgress } from '../../math/progress.ts';
import type { Stream } from '../../math/random.ts';

/** Rows made at a time: enough for a product to be fast, few enough to need little memory. */
const ROWS = 32;

export interface RoundedMatrix {
  readonly matrix: Matrix32;
  /** ‖the rounding error‖_F: no singular value has moved by more (Weyl). */
  readonly rounding: number;
}

/** Blocks of `size` rows of a matrix, in order; `first` is the index of a block's first row. */
export function visitBlocks(
  rows: number,
  visit: (first: number, count: number) => void,
  progress?: OnProgress,
  size = ROWS,
): void {
  for (let first = 0; first < rows; first += size) {
    visit(first, Math.min(size, rows - first));
    progress?.(Math.min(1, (first + size) / rows));
  }
}

/** Rounds a matrix block by block, so that no float64 array of its size is needed. Blocks come as zeros. */
export function roundedBlocks(
  rows: number,
  cols: number,
  fill: (block: Matrix64, first: number) => void,
  progress?: OnProgress,
): RoundedMatrix {
  const matrix = zeros32(rows, cols);
  let square = 0;
  visitBlocks(
    rows,
    (first, count) => {
      const block = zeros(count, cols);
      fill(block, first);
      // The sum is part of a run file: it is taken in the smaller blocks.
      visitBlocks(count, (from, some) => {
        square += round(rowsOf(block, from, some).data, rowsOf(matrix, first + from, some).data);
      });
    },
    progress,
    4 * ROWS,
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

/** U·diag(σ)·Vᵀ, d × k, for U d × n and V k × n. */
export function compose(U: Matrix64, sigma: Float64Array, V: Matrix64): Matrix64 {
  const out = zeros(U.rows, V.rows);
  composer(U, sigma, V)(out, 0);
  return out;
}

/** U·diag(σ) and Vᵀ. */
export function factorsOf(U: Matrix64, sigma: Float64Array, V: Matrix64): readonly [Matrix64, Matrix64] {
  const scaled = zeros(U.rows, U.cols);
  for (let i = 0; i < U.data.length; i++) scaled.data[i] = U.data[i] * sigma[i % U.cols];
  return [scaled, transpose(V)];
}

/** Makes U·diag(σ)·Vᵀ in blocks: writes its rows from `first` on into a block of zeros. */
export function composer(U: Matrix64, sigma: Float64Array, V: Matrix64): (block: Matrix64, first: number) => void {
  const [scaled, across] = factorsOf(U, sigma, V);
  return ({ rows, data }, first) =>
    multiplyInto(rowsOf(scaled, first, rows).data, across.data, data, rows, U.cols, V.rows);
}

/** σ_i = ratio^(i−1), by repeated multiplication. */
export function geometric(n: number, ratio: number): Float64Array {
  const sigma = new Float64Array(n);
  for (let i = 0, value = 1; i < n; i++, value *= ratio) sigma[i] = value;
  return sigma;
}

/** Factor that gives a matrix of a Frobenius norm the wanted one; 1 for zero, which stays zero. */
export function normFactor(wanted: number, present: number): number {
  return present === 0 ? 1 : wanted / present;
}

/** block += s·rows of m from row `first` on. */
export function addRows(block: Matrix64, s: number, m: Matrix64, first: number): void {
  const start = first * m.cols;
  for (let i = 0; i < block.data.length; i++) block.data[i] += s * m.data[start + i];
}

/** rows × cols entries N(0, deviation²), row by row. */
export function normalRows(rows: number, cols: number, deviation: number, stream: Stream): Matrix64 {
  const m = zeros(rows, cols);
  stream.normals(m.data, deviation);
  return m;
}

/** rows × cols entries N(0, 1), row by row, of a matrix so large that its progress is shown. */
export function normalBlocks(rows: number, cols: number, stream: Stream, progress: OnProgress): Matrix64 {
  const m = zeros(rows, cols);
  visitBlocks(rows, (first, count) => stream.normals(rowsOf(m, first, count).data, 1), progress);
  return m;
}

/** rows × cols entries U(−bound, bound), row by row; their variance is bound²/3. */
export function uniformRows(rows: number, cols: number, bound: number, stream: Stream): Matrix64 {
  const m = zeros(rows, cols);
  for (let i = 0; i < m.data.length; i++) m.data[i] = bound * (2 * stream.uniform() - 1);
  return m;
}

/** rows × cols entries N(0, deviation²), column by column. */
export function normalColumns(rows: number, cols: number, deviation: number, stream: Stream): Matrix64 {
  return transpose(normalRows(cols, rows, deviation, stream));
}

/** rows × cols entries U(−bound, bound), column by column. */
export function uniformColumns(rows: number, cols: number, bound: number, stream: Stream): Matrix64 {
  return transpose(uniformRows(cols, rows, bound, stream));
}
