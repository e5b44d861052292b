import { describe, expect, it } from 'vitest';
import { multiply, scale } from '../math/matrix.ts';
import { gaussian, stream } from '../math/random.ts';
import { combine, productPlane, reduce } from './plane.ts';

const random = (rows: number, cols: number) => gaussian(rows, cols, stream(rows, `test ${cols}`));

describe('productPlane', () => {
  it.each([
    [6, 9, 2, 256],
    [30, 17, 5, 8],
    [300, 64, 7, 256],
    [1, 4096, 1, 256],
    [1, 1, 1, 256],
  ])('%i × %i, r = %i, at most %i cells: the means of the product', (d, k, r, most) => {
    const B = random(d, r);
    const A = random(r, k);
    const plane = productPlane(B.data, A.data, 1.5, d, k, r, most);
    const wanted = reduce(Float32Array.from(scale(multiply(B, A), 1.5).data), d, k, most).mean;
    expect(plane).toMatchObject({ rows: wanted.rows, cols: wanted.cols, blockRows: wanted.blockRows });
    for (let i = 0; i < wanted.values.length; i++) expect(plane.values[i]).toBeCloseTo(wanted.values[i], 5);
  });
});

it('combines planes of one shape', () => {
  const plane = (...values: number[]) => reduce(Float32Array.from(values), 1, values.length, 9).mean;
  expect([...combine(plane(1, 2), -2, plane(3, 5)).values]).toEqual([-5, -8]);
  expect(() => combine(plane(1, 2), 1, plane(3))).toThrow(RangeError);
});
