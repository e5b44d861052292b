import type { AnyMatrix, Matrix64 } from '../../math/matrix.ts';

/** A picture at another size, d × k: each entry is the mean of the old picture, squares of one shade, over its cell. */
export function resample(picture: AnyMatrix, d: number, k: number): Matrix64 {
  const rows = blendRows(picture, d);
  const across = overlaps(k, picture.cols);
  const out = { rows: d, cols: k, data: new Float64Array(d * k) };
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
function blendRows({ rows, cols, data }: AnyMatrix, d: number): Matrix64 {
  const down = overlaps(d, rows);
  const out = { rows: d, cols, data: new Float64Array(d * cols) };
  for (let i = 0; i < d; i++) {
    const { first, shares } = down[i];
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let n = 0; n < shares.length; n++) sum += shares[n] * data[(first + n) * cols + j];
      out.data[i * cols + j] = sum;
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
