/** A matrix as it is painted: its own entries, or the means of blocks of them where there are too many. */
export interface Plane {
  /** Row-major. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly cols: number;
  /** Rows and columns of a block, 1 where nothing was averaged. The last blocks may be smaller. */
  readonly blockRows: number;
  readonly blockCols: number;
}

/** Multiply-adds that a frame can afford for one product. */
const MOST_WORK = 16e6;

/** Means of blocks, so that at most `most` rows and columns are left. */
export function reduce(values: ArrayLike<number>, rows: number, cols: number, most: number): Plane {
  const blockRows = Math.ceil(rows / most);
  const blockCols = Math.ceil(cols / most);
  const plane = emptyPlane(rows, cols, blockRows, blockCols);
  if (blockRows === 1 && blockCols === 1) {
    for (let i = 0; i < rows * cols; i++) plane.values[i] = values[i];
    return plane;
  }
  const sums = new Float64Array(plane.cols);
  for (let block = 0; block < plane.rows; block++) {
    sums.fill(0);
    const end = Math.min(rows, (block + 1) * blockRows);
    for (let i = block * blockRows; i < end; i++) {
      for (let j = 0; j < cols; j++) sums[(j / blockCols) | 0] += values[i * cols + j];
    }
    const height = end - block * blockRows;
    for (let c = 0; c < plane.cols; c++) {
      const width = Math.min(cols, (c + 1) * blockCols) - c * blockCols;
      plane.values[block * plane.cols + c] = sums[c] / (height * width);
    }
  }
  return plane;
}

/**
 * s·B·A (B d × r, A r × k) as a plane, without ever forming d × k entries: the mean of a block of a product is the mean
 * of its rows of B times the mean of its columns of A. Fewer cells where r·cells² would pass 16 million.
 */
export function productPlane(
  B: ArrayLike<number>,
  A: ArrayLike<number>,
  s: number,
  d: number,
  k: number,
  r: number,
  most: number,
): Plane {
  const cells = productCells(r, most);
  const rows = averagedRows(B, d, r, cells);
  const cols = averagedCols(A, r, k, cells);
  const plane = emptyPlane(d, k, rows.block, cols.block);
  const sums = new Float64Array(plane.cols);
  for (let i = 0; i < plane.rows; i++) {
    sums.fill(0);
    for (let p = 0; p < r; p++) {
      const b = s * rows.values[i * r + p];
      if (b === 0) continue;
      const start = p * plane.cols;
      for (let j = 0; j < plane.cols; j++) sums[j] += b * cols.values[start + j];
    }
    plane.values.set(sums, i * plane.cols);
  }
  return plane;
}

/** How many cells a side of s·B·A has at most: planes that are to be compared with it are reduced to the same. */
export function productCells(r: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(Math.sqrt(MOST_WORK / r))));
}

/** a + factor·b, cell by cell. Throws RangeError where the shapes differ. */
export function combine(a: Plane, factor: number, b: Plane): Plane {
  if (a.rows !== b.rows || a.cols !== b.cols)
    throw new RangeError(`planes of ${a.rows} × ${a.cols} and ${b.rows} × ${b.cols} cells cannot be combined`);
  const values = new Float32Array(a.values.length);
  for (let i = 0; i < values.length; i++) values[i] = a.values[i] + factor * b.values[i];
  return { ...a, values };
}

function emptyPlane(rows: number, cols: number, blockRows: number, blockCols: number): Plane {
  const height = Math.ceil(rows / blockRows);
  const width = Math.ceil(cols / blockCols);
  return { values: new Float32Array(height * width), rows: height, cols: width, blockRows, blockCols };
}

function averagedRows(B: ArrayLike<number>, d: number, r: number, most: number) {
  const block = Math.ceil(d / most);
  const values = new Float64Array(Math.ceil(d / block) * r);
  for (let i = 0; i < d; i++) {
    const to = Math.floor(i / block);
    const height = Math.min(d, (to + 1) * block) - to * block;
    for (let p = 0; p < r; p++) values[to * r + p] += B[i * r + p] / height;
  }
  return { block, values };
}

function averagedCols(A: ArrayLike<number>, r: number, k: number, most: number) {
  const block = Math.ceil(k / most);
  const cols = Math.ceil(k / block);
  const values = new Float64Array(r * cols);
  for (let j = 0; j < k; j++) {
    const to = Math.floor(j / block);
    const width = Math.min(k, (to + 1) * block) - to * block;
    for (let p = 0; p < r; p++) values[p * cols + to] += A[p * k + j] / width;
  }
  return { block, values };
}
