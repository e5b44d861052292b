import { describe, expect, it } from 'vitest';
import { type Matrix64, multiply, transpose, zeros } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { fromRows, toRows } from '../../math/testing/rows.ts';
import { resample } from './resample.ts';

/** to × from: the share of each old cell in each new one. */
function shares(to: number, from: number): Matrix64 {
  const m = zeros(to, from);
  for (let i = 0; i < to; i++) {
    for (let j = 0; j < from; j++) {
      const length = Math.min((i + 1) * from, (j + 1) * to) - Math.max(i * from, j * to);
      if (length > 0) m.data[i * from + j] = length / from;
    }
  }
  return m;
}

describe('a picture at another size', () => {
  it('averages by area when it shrinks', () => {
    const picture = fromRows([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(toRows(resample(picture, 1, 2))).toEqual([[2.5, 4.5]]);
    const [[left, right]] = toRows(resample(fromRows([[3, 6, 9]]), 1, 2)); // cells of 1½ squares
    expect(left).toBeCloseTo(4, 14);
    expect(right).toBeCloseTo(8, 14);
  });

  it('shows squares when it grows, and blends only cells that straddle an edge', () => {
    expect(toRows(resample(fromRows([[0, 1]]), 2, 4))).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]);
    const [row] = toRows(resample(fromRows([[0, 1]]), 1, 3));
    expect(row[1]).toBeCloseTo(0.5, 14);
  });

  it('leaves a picture of the right size as it is', () => {
    const picture = fromRows([
      [0.1, 0.7, 0.3],
      [0.9, 0.2, 0.4],
    ]);
    expect(toRows(resample(picture, 2, 3))).toEqual(toRows(picture));
  });

  it('is the product with the shares of cells, bit for bit', () => {
    const picture = gaussian(13, 9, stream(1, 'picture'));
    for (const [d, k] of [
      [40, 31],
      [5, 4],
      [13, 27],
      [1, 1],
    ]) {
      const wanted = multiply(multiply(shares(d, 13), picture), transpose(shares(k, 9)));
      expect(toRows(resample(picture, d, k))).toEqual(toRows(wanted));
    }
  });
});
