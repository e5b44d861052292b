/**
 * Fillings of the starting factors. A is drawn row by row and B column by column, each value drawn at unit size and
 * scaled after: the draw at rank r is the first r rows or columns of the draw at any higher rank, before its scale.
 */

import { type Matrix64, rowsOf, transpose, zeros } from '../../math/matrix.ts';
import type { Progress } from '../../math/progress.ts';
import type { Stream } from '../../math/random.ts';
import { forBlocks } from './rounded.ts';

/** rows × cols entries N(0, deviation²), row by row. */
export function normalRows(rows: number, cols: number, deviation: number, stream: Stream): Matrix64 {
  const m = zeros(rows, cols);
  fillNormal(m, deviation, stream);
  return m;
}

/** Fills a matrix that is there with normal numbers of that standard deviation. */
export function fillNormal({ data }: Matrix64, deviation: number, stream: Stream): void {
  for (let i = 0; i < data.length; i++) data[i] = deviation * stream.normal();
}

/** rows × cols entries N(0, 1), row by row, of a matrix so large that its progress is shown. */
export function normalBlocks(rows: number, cols: number, stream: Stream, progress: Progress): Matrix64 {
  const m = zeros(rows, cols);
  forBlocks(rows, (first, count) => fillNormal(rowsOf(m, first, count), 1, stream), progress);
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
