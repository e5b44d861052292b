import { emptyPlane, MAX_CELLS, type Plane, productCells, reduce } from '../../math/plane.ts';

export { extremesIn, type Plane, productCells, reduce } from '../../math/plane.ts';

/** Means of blocks of rows of B (d × r) and of columns of A (r × k); the means of s·B·A depend on nothing else. */
export interface Halves {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly r: number;
  /** The shape of the product's plane. */
  readonly plane: Plane;
}

export function halvesOf(
  B: ArrayLike<number>,
  A: ArrayLike<number>,
  d: number,
  k: number,
  r: number,
  max?: number,
): Halves {
  const plane = emptyPlane(d, k, productCells(r, max));
  const { blockRows, blockCols } = plane;
  return { left: averagedRows(B, d, r, blockRows), right: averagedCols(A, r, k, blockCols), r, plane };
}

/** The mean of a block of s·B·A is the mean of its rows of B times that of its columns of A: no d × k entries. */
export function productPlane({ left, right, r, plane }: Halves, s: number): Plane {
  const product = { ...plane, values: new Float32Array(plane.values.length) };
  multiply(left, right, s, r, product);
  return product;
}

/** A and B as planes; if the rank is too large to be drawn row by row, averaged over it too. */
export function factorPlanes({ left, right, r, plane }: Halves): { readonly A: Plane; readonly B: Plane } {
  const { rows, cols, blockRows, blockCols } = plane;
  const A = reduce(Float32Array.from(right), r, cols, MAX_CELLS).mean;
  const B = reduce(Float32Array.from(left), rows, r, MAX_CELLS).mean;
  return { A: { ...A, blockCols }, B: { ...B, blockRows } };
}

/** plane = s·left·right, four terms per pass so that the running sums stay in registers. */
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
      // Most runs start with B = 0, on a page that has just loaded and whose code is not optimised yet.
      if (b0 === 0 && b1 === 0 && b2 === 0 && b3 === 0) continue;
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

/** a + factor·b, entry by entry. Throws RangeError if the shapes differ. */
export function combine(a: Plane, factor: number, b: Plane): Plane {
  if (a.rows !== b.rows || a.cols !== b.cols)
    throw new RangeError(`planes of ${a.rows} × ${a.cols} and ${b.rows} × ${b.cols} cells cannot be combined`);
  const values = new Float32Array(a.values.length);
  for (let i = 0; i < values.length; i++) values[i] = a.values[i] + factor * b.values[i];
  return { ...a, values };
}

function averagedRows(B: ArrayLike<number>, d: number, r: number, block: number): Float64Array {
  const values = new Float64Array(Math.ceil(d / block) * r);
  for (let first = 0, to = 0; first < d; first += block, to += r) {
    const end = Math.min(d, first + block);
    for (let i = first; i < end; i++) for (let p = 0; p < r; p++) values[to + p] += B[i * r + p];
    for (let p = 0; p < r; p++) values[to + p] /= end - first;
  }
  return values;
}

function averagedCols(A: ArrayLike<number>, r: number, k: number, block: number): Float64Array {
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
  return values;
}
