import { type Matrix64, multiply, transpose, zeros } from '../math/matrix.ts';

/**
 * A picture at another size, d × k: each new entry is the mean of the old picture over the new cell's area, old entries
 * being squares of one shade. Enlarging shows these squares.
 */
export function resample(picture: Matrix64, d: number, k: number): Matrix64 {
  return multiply(multiply(overlaps(d, picture.rows), picture), transpose(overlaps(k, picture.cols)));
}

/** to × from: the share of each old cell in each new one, rows adding up to 1. Whole numbers until the last division. */
function overlaps(to: number, from: number): Matrix64 {
  const m = zeros(to, from);
  for (let i = 0; i < to; i++) {
    for (let j = Math.floor((i * from) / to); j < from && j * to < (i + 1) * from; j++) {
      const length = Math.min((i + 1) * from, (j + 1) * to) - Math.max(i * from, j * to);
      m.data[i * from + j] = length / from;
    }
  }
  return m;
}
