import { describe, expect, it } from 'vitest';
import { multiply, scale } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { combine, factorPlanes, halvesOf, productPlane, reduce } from './plane.ts';

const random = (rows: number, cols: number) => gaussian(rows, cols, stream(rows, `test ${cols}`));

describe('productPlane', () => {
  it.each([
    [6, 9, 2, 256],
    [30, 17, 5, 8],
    [300, 64, 7, 256],
    [1, 4096, 1, 256],
    [1, 1, 1, 256],
  ])('%i × %i, r = %i, at most %i cells: the means of the product', (d, k, r, max) => {
    const B = random(d, r);
    const A = random(r, k);
    const plane = productPlane(halvesOf(B.data, A.data, d, k, r, max), 1.5);
    const wanted = reduce(Float32Array.from(scale(multiply(B, A), 1.5).data), d, k, max).mean;
    expect(plane).toMatchObject({ rows: wanted.rows, cols: wanted.cols, blockRows: wanted.blockRows });
    for (let i = 0; i < wanted.values.length; i++) expect(plane.values[i]).toBeCloseTo(wanted.values[i], 5);
  });
});

describe('factorPlanes', () => {
  it.each([
    [600, 700, 5],
    [6, 9, 2],
    [1, 4096, 1],
    [400, 500, 300],
  ])('%i × %i, r = %i: the means of A and B, in the blocks of the product', (d, k, r) => {
    const [B, A] = [random(d, r), random(r, k)].map(({ data }) => Float32Array.from(data));
    const halves = halvesOf(B, A, d, k, r);
    const planes = factorPlanes(halves);
    const blocks = (factor: Float32Array, rows: number, cols: number, { blockRows, blockCols }: typeof planes.A) => {
      const width = Math.ceil(cols / blockCols);
      const sums = new Float64Array(Math.ceil(rows / blockRows) * width);
      const counts = new Float64Array(sums.length);
      for (const [i, v] of factor.entries()) {
        const cell = Math.floor(Math.floor(i / cols) / blockRows) * width + Math.floor((i % cols) / blockCols);
        sums[cell] += v;
        counts[cell] += 1;
      }
      return sums.map((sum, cell) => sum / counts[cell]);
    };
    expect([planes.A.blockCols, planes.B.blockRows]).toEqual([halves.plane.blockCols, halves.plane.blockRows]);
    for (const [plane, wanted] of [
      [planes.A, blocks(A, r, k, planes.A)],
      [planes.B, blocks(B, d, r, planes.B)],
    ] as const) {
      expect(plane.values).toHaveLength(wanted.length);
      expect(Math.max(...plane.values.map((v, cell) => Math.abs(v - wanted[cell])))).toBeLessThan(1e-5);
    }
  });
});

it('combines planes of one shape', () => {
  const plane = (...values: number[]) => reduce(Float32Array.from(values), 1, values.length, 9).mean;
  expect([...combine(plane(1, 2), -2, plane(3, 5)).values]).toEqual([-5, -8]);
  expect(() => combine(plane(1, 2), 1, plane(3))).toThrow(RangeError);
});
