import { type DenseLoops, denseLoops } from './dense/loops.ts';

/** A matrix as drawn: its own entries, or one number per block if there are too many. */
export interface Plane {
  /** Row-major. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly cols: number;
  /** Rows and columns of a block, 1 if every cell is one entry. The last blocks may be smaller. */
  readonly blockRows: number;
  readonly blockCols: number;
}

/** Summaries of the blocks of a matrix. */
export interface Reduction {
  readonly mean: Plane;
  /** The entry that is largest in size, with its sign; null if every cell is one entry. */
  readonly extreme: Plane | null;
}

/** Largest number of drawn cells per side. */
export const MAX_CELLS = 256;
/** Multiply-adds that a frame can afford for one product. */
const MOST_WORK = 16e6;

/**
 * Most cells per side of s·B·A: r·cells² multiply-adds make its plane. Planes to compare with it are reduced to the
 * same.
 */
export function productCells(r: number, max = MAX_CELLS): number {
  return Math.max(1, Math.min(max, Math.floor(Math.sqrt(MOST_WORK / r))));
}

/** A plane of zeros for a rows × cols matrix, with at most `max` rows and columns. */
export function emptyPlane(rows: number, cols: number, max: number): Plane {
  const blockRows = Math.ceil(rows / max);
  const blockCols = Math.ceil(cols / max);
  const height = Math.ceil(rows / blockRows);
  const width = Math.ceil(cols / blockCols);
  return { values: new Float32Array(height * width), rows: height, cols: width, blockRows, blockCols };
}

/** A row-major matrix in at most `max` rows and columns of blocks. If none is needed, the entries are not copied. */
export function reduce(values: Float32Array, rows: number, cols: number, max: number): Reduction {
  if (rows <= max && cols <= max) return { mean: { values, rows, cols, blockRows: 1, blockCols: 1 }, extreme: null };
  const mean = emptyPlane(rows, cols, max);
  const extreme = { ...mean, values: new Float32Array(mean.values.length) };
  const { blockRows, blockCols } = mean;
  const sums = new Float64Array(mean.cols);
  const take = denseLoops(values.length)?.takeBlocks ?? takeBlocks;
  for (let block = 0; block < mean.rows; block++) {
    sums.fill(0);
    const from = block * mean.cols;
    const end = Math.min(rows, (block + 1) * blockRows);
    const part = values.subarray(block * blockRows * cols, end * cols);
    take(part, cols, blockCols, sums, extreme.values.subarray(from, from + mean.cols));
    const height = end - block * blockRows;
    for (let c = 0; c < mean.cols; c++) {
      const width = Math.min(cols, (c + 1) * blockCols) - c * blockCols;
      mean.values[from + c] = sums[c] / (height * width);
    }
  }
  return { mean, extreme };
}

/**
 * Takes `values`, rows of `cols` entries, into a row of cells, each `width` columns wide: their sums, and the entry of
 * each that is largest in size, as takeExtremes does.
 */
const takeBlocks: DenseLoops['takeBlocks'] = (values, cols, width, sums, extremes) => {
  const cells = { values: extremes, cols: extremes.length, blockCols: width };
  for (let at = 0; at < values.length; at += cols) {
    addRow(values, at, cols, width, sums);
    takeExtremes(values, at, cols, cells, 0);
  }
};

/** The largest entries of a row-major matrix of `cols` columns, in the blocks of a plane of it. */
export function extremesIn(blocks: Plane, values: Float32Array, cols: number): Plane {
  const plane = { ...blocks, values: new Float32Array(blocks.values.length) };
  for (let at = 0, row = 0; at < values.length; at += cols, row++)
    takeExtremes(values, at, cols, plane, Math.floor(row / blocks.blockRows) * blocks.cols);
  return plane;
}

function addRow(values: Float32Array, at: number, cols: number, blockCols: number, sums: Float64Array): void {
  for (let c = 0, j = 0; c < sums.length; c++) {
    const stop = Math.min(cols, j + blockCols);
    let sum = sums[c];
    for (; j < stop; j++) sum += values[at + j];
    sums[c] = sum;
  }
}

/**
 * Takes `cols` entries from `at` on, a row of a matrix, into the row of cells of `plane` that begins at `into`: a cell
 * keeps the entry that is largest in size, the first of equals. NaN is skipped.
 */
export function takeExtremes(
  values: Float32Array | Float64Array,
  at: number,
  cols: number,
  { values: cells, cols: width, blockCols }: Pick<Plane, 'values' | 'cols' | 'blockCols'>,
  into: number,
): void {
  for (let c = 0, j = 0; c < width; c++) {
    const stop = Math.min(cols, j + blockCols);
    let best = cells[into + c];
    let size = Math.abs(best);
    for (; j < stop; j++) {
      const v = values[at + j];
      const s = Math.abs(v);
      if (s > size) {
        best = v;
        size = s;
      }
    }
    cells[into + c] = best;
  }
}
