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
      for (let c = 0, j = i * cols; c < plane.cols; c++) {
        const stop = i * cols + Math.min(cols, (c + 1) * blockCols);
        for (; j < stop; j++) sums[c] += values[j];
      }
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
  multiply(rows.values, cols.values, s, r, plane);
  return plane;
}

/** plane = s·left·right, four terms a pass so that the running sums stay in registers. */
function multiply(left: Float64Array, right: Float64Array, s: number, r: number, { values, rows, cols }: Plane): void {
  const sums = new Float64Array(cols);
  const whole = r - (r % 4);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    const row = i * r;
    for (let p = 0; p < whole; p += 4) {
      const b0 = left[row + p];
      const b1 = left[row + p + 1];
      const b2 = left[row + p + 2];
      const b3 = left[row + p + 3];
      const a0 = p * cols;
      const a1 = a0 + cols;
      const a2 = a1 + cols;
      const a3 = a2 + cols;
      for (let j = 0; j < cols; j++)
        sums[j] += b0 * right[a0 + j] + b1 * right[a1 + j] + b2 * right[a2 + j] + b3 * right[a3 + j];
    }
    for (let p = whole; p < r; p++) {
      for (let j = 0; j < cols; j++) sums[j] += left[row + p] * right[p * cols + j];
    }
    for (let j = 0; j < cols; j++) values[i * cols + j] = s * sums[j];
  }
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

/** Means of up to `most` blocks of rows of B (d × r). */
function averagedRows(B: ArrayLike<number>, d: number, r: number, most: number) {
  const block = Math.ceil(d / most);
  const values = new Float64Array(Math.ceil(d / block) * r);
  for (let first = 0, to = 0; first < d; first += block, to += r) {
    const end = Math.min(d, first + block);
    for (let i = first; i < end; i++) for (let p = 0; p < r; p++) values[to + p] += B[i * r + p];
    for (let p = 0; p < r; p++) values[to + p] /= end - first;
  }
  return { block, values };
}

/** Means of up to `most` blocks of columns of A (r × k). */
function averagedCols(A: ArrayLike<number>, r: number, k: number, most: number) {
  const block = Math.ceil(k / most);
  const cols = Math.ceil(k / block);
  const values = new Float64Array(r * cols);
  for (let p = 0; p < r; p++) {
    for (let c = 0; c < cols; c++) {
      const end = Math.min(k, (c + 1) * block);
      let sum = 0;
      for (let j = c * block; j < end; j++) sum += A[p * k + j];
      values[p * cols + c] = sum / (end - c * block);
    }
  }
  return { block, values };
}
