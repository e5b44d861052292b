import { describe, expect, it } from 'vitest';
import { productCells, reduce, takeExtremes } from './plane.ts';
import { gaussian, stream } from './random.ts';

const random = (rows: number, cols: number) =>
  Float32Array.from(gaussian(rows, cols, stream(rows, `test ${cols}`)).data);

describe('reduce', () => {
  it('leaves a small matrix as it is', () => {
    const m = random(5, 7);
    const { mean, extreme } = reduce(m, 5, 7, 256);
    expect(mean).toEqual({ values: m, rows: 5, cols: 7, blockRows: 1, blockCols: 1 });
    expect(extreme).toBeNull();
  });

  it('averages blocks, smaller ones at the ends, and keeps the sign of the largest', () => {
    const { mean, extreme } = reduce(Float32Array.of(1, 2, 3, 4, 5, 6, 7, -8, 9, 10, 11, 12, 13, 14, -15), 3, 5, 2);
    expect(mean).toMatchObject({ rows: 2, cols: 2, blockRows: 2, blockCols: 3 });
    expect([...mean.values]).toEqual([Math.fround(11 / 6), 7, 12, -0.5]);
    expect([...(extreme?.values ?? [])]).toEqual([-8, 10, 13, -15]);
  });

  it.each([
    [600, 3, 256],
    [3, 600, 256],
    [1, 4096, 256],
    [4096, 1, 256],
    [513, 300, 256],
    [97, 101, 10],
    [64, 64, 9],
  ])('%i × %i in at most %i cells a side: mean and extreme of every block', (rows, cols, max) => {
    const m = random(rows, cols);
    const { mean, extreme } = reduce(m, rows, cols, max);
    const { blockRows, blockCols } = mean;
    expect([mean.rows, mean.cols]).toEqual([Math.ceil(rows / blockRows), Math.ceil(cols / blockCols)]);
    expect(Math.max(mean.rows, mean.cols)).toBeLessThanOrEqual(max);
    const sums = new Float64Array(mean.values.length);
    const counts = new Float64Array(mean.values.length);
    const largest = new Float32Array(mean.values.length);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        const cell = Math.floor(i / blockRows) * mean.cols + Math.floor(j / blockCols);
        const v = m[i * cols + j];
        sums[cell] += v;
        counts[cell] += 1;
        if (Math.abs(v) > Math.abs(largest[cell])) largest[cell] = v;
      }
    }
    expect(extreme?.values).toEqual(largest);
    const off = mean.values.map((v, cell) => Math.abs(v - sums[cell] / counts[cell]));
    expect(off.reduce((max, one) => Math.max(max, one), 0)).toBeLessThan(5e-7);
  });
});

it('takes what is larger than before, and passes over what is no number', () => {
  const plane = { values: Float32Array.of(2, 0), rows: 1, cols: 2, blockRows: 1, blockCols: 2 };
  takeExtremes(Float64Array.of(9, 1, -2, Number.NaN, -3), 1, 4, plane, 0);
  expect([...plane.values]).toEqual([2, -3]);
});

it('a product in so many cells takes at most 16 million multiply-adds', () => {
  for (const r of [1, 16, 64, 244, 245, 1024, 4096]) expect(r * productCells(r) ** 2).toBeLessThanOrEqual(16e6);
  expect(productCells(64)).toBe(256);
});
