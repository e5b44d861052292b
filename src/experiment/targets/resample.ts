import { type Matrix64, multiply, scale, toFloat64, transpose, zeros } from '../../math/matrix.ts';
import { type DataMatrix, isFactored } from './factored-matrix.ts';

/** A picture at another size, d × k: each entry is the mean of the old picture, squares of one shade, over its cell. */
export function resample(picture: Matrix64, d: number, k: number): Matrix64 {
  const rows = blendRows(picture, d);
  const across = overlaps(k, picture.cols);
  const out = zeros(d, k);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) {
      const { first, shares } = across[j];
      let sum = 0;
      for (let n = 0; n < shares.length; n++) sum += rows.data[i * rows.cols + first + n] * shares[n];
      out.data[i * k + j] = sum;
    }
  }
  return out;
}

/** The mean over rows alone: d × columns of the picture. */
function blendRows(picture: Matrix64, d: number): Matrix64 {
  const columns = transpose(picture);
  const down = overlaps(d, picture.rows);
  const out = zeros(d, picture.cols);
  for (let i = 0; i < d; i++) {
    const { first, shares } = down[i];
    for (let j = 0; j < picture.cols; j++) {
      let sum = 0;
      for (let n = 0; n < shares.length; n++) sum += shares[n] * columns.data[j * columns.cols + first + n];
      out.data[i * picture.cols + j] = sum;
    }
  }
  return out;
}

interface Overlap {
  readonly first: number;
  /** The share of the new cell that each makes up, with sum 1. Integers until the last division. */
  readonly shares: readonly number[];
}

function overlaps(to: number, from: number): Overlap[] {
  return Array.from({ length: to }, (_, i) => {
    const first = Math.floor((i * from) / to);
    const shares: number[] = [];
    for (let j = first; j < from && j * to < (i + 1) * from; j++) {
      shares.push((Math.min((i + 1) * from, (j + 1) * to) - Math.max(i * from, j * to)) / from);
    }
    return { first, shares };
  });
}

/** Like resample: the means of s·B·A over cells are the product of those of B over rows and of A over columns. */
export function resampleData(drawn: DataMatrix, d: number, k: number): Matrix64 {
  if (!isFactored(drawn)) return resample(drawn, d, k);
  const { B, A, scaling } = drawn;
  return multiply(scale(resample(toFloat64(B), d, B.cols), scaling), resample(toFloat64(A), A.rows, k));
}
