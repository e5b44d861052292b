import { describe, expect, it } from 'vitest';
import { multiply, scale } from '../math/matrix.ts';
import { gaussian, stream } from '../math/random.ts';
import { combine, productCells, productPlane, reduce } from './plane.ts';

const random = (rows: number, cols: number) => gaussian(rows, cols, stream(rows, `test ${cols}`));

describe('reduce', () => {
  it('leaves a small matrix as it is', () => {
    const m = random(5, 7);
    const plane = reduce(m.data, 5, 7, 256);
    expect(plane).toMatchObject({ rows: 5, cols: 7, blockRows: 1, blockCols: 1 });
    expect([...plane.values]).toEqual([...Float32Array.from(m.data)]);
  });

  it('averages blocks, smaller ones at the ends', () => {
    const plane = reduce([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 3, 5, 2);
    expect(plane).toMatchObject({ rows: 2, cols: 2, blockRows: 2, blockCols: 3 });
    expect([...plane.values]).toEqual([4.5, 7, 12, 14.5]);
  });

  it('keeps the sides apart', () => {
    expect(reduce(random(600, 3).data, 600, 3, 256)).toMatchObject({ rows: 200, cols: 3, blockRows: 3, blockCols: 1 });
  });
});

describe('productPlane', () => {
  it.each([
    [6, 9, 2, 256],
    [30, 17, 5, 8],
    [300, 64, 7, 256],
    [1, 1, 1, 256],
  ])('%i × %i, r = %i, at most %i cells: the means of the product', (d, k, r, most) => {
    const B = random(d, r);
    const A = random(r, k);
    const plane = productPlane(B.data, A.data, 1.5, d, k, r, most);
    const wanted = reduce(scale(multiply(B, A), 1.5).data, d, k, most);
    expect(plane).toMatchObject({ rows: wanted.rows, cols: wanted.cols, blockRows: wanted.blockRows });
    for (let i = 0; i < wanted.values.length; i++) expect(plane.values[i]).toBeCloseTo(wanted.values[i], 5);
  });

  it('spends at most 16 million multiply-adds', () => {
    for (const r of [1, 16, 64, 244, 245, 1024, 4096]) expect(r * productCells(r, 256) ** 2).toBeLessThanOrEqual(16e6);
    expect(productCells(64, 256)).toBe(256);
  });
});

it('combines planes of one shape', () => {
  const a = reduce([1, 2], 1, 2, 9);
  expect([...combine(a, -2, reduce([3, 5], 1, 2, 9)).values]).toEqual([-5, -8]);
  expect(() => combine(a, 1, reduce([3], 1, 1, 9))).toThrow(RangeError);
});
