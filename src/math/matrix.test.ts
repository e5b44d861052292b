import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as matrix from './matrix.ts';
import { fromRows, toRows } from './testing/rows.ts';

describe('matrix', () => {
  it('goes from rows to a matrix and back', () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(fromRows(rows)).toMatchObject({ rows: 2, cols: 3 });
    expect(toRows(fromRows(rows))).toEqual(rows);
    expect(fromRows([])).toMatchObject({ rows: 0, cols: 0 });
  });

  it('refuses ragged rows and shapes that do not fit', () => {
    expect(() => fromRows([[1, 2], [3]])).toThrow(RangeError);
    expect(() => matrix.multiply(matrix.zeros(2, 3), matrix.zeros(2, 3))).toThrow(RangeError);
    expect(() => matrix.subtract(matrix.zeros(2, 3), matrix.zeros(3, 2))).toThrow(RangeError);
    expect(() => matrix.leadingColumns(matrix.zeros(2, 3), 4)).toThrow(RangeError);
    expect(() => matrix.leadingRows(matrix.zeros(2, 3), 3)).toThrow(RangeError);
  });

  it('keeps the element type where it only moves entries', () => {
    const m = matrix.toFloat32(
      fromRows([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(matrix.transpose(m).data).toEqual(new Float32Array([1, 4, 2, 5, 3, 6]));
    expect(matrix.leadingColumns(m, 2).data).toEqual(new Float32Array([1, 2, 4, 5]));
    expect(matrix.leadingRows(m, 1).data).toEqual(new Float32Array([1, 2, 3]));
    expect(matrix.toFloat64(m).data).toEqual(new Float64Array([1, 2, 3, 4, 5, 6]));
    expect(matrix.zeros32(2, 2).data).toEqual(new Float32Array(4));
  });

  it('multiplies whole numbers exactly, in both element types', () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(size, size, size, fc.infiniteStream(fc.integer({ min: -99, max: 99 })), (m, n, k, numbers) => {
        const next = () => Number(numbers.next().value);
        const a = Array.from({ length: m }, () => Array.from({ length: n }, next));
        const b = Array.from({ length: n }, () => Array.from({ length: k }, next));
        const wanted = a.map((row) => b[0].map((_, j) => row.reduce((sum, x, p) => sum + x * b[p][j], 0)));
        expect(toRows(matrix.multiply(fromRows(a), fromRows(b)))).toEqual(wanted);
        expect(toRows(matrix.multiply(matrix.toFloat32(fromRows(a)), fromRows(b)))).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it('multiplies in float64 from float32 entries', () => {
    const a = matrix.toFloat32(fromRows([[1, 2 ** -20]]));
    const b = matrix.toFloat32(fromRows([[1], [2 ** -20]]));
    expect(matrix.multiply(a, b).data[0]).toBe(1 + 2 ** -40);
  });

  it('scales and subtracts', () => {
    const m = fromRows([[1, -2]]);
    expect(toRows(matrix.scale(m, 3))).toEqual([[3, -6]]);
    expect(toRows(matrix.subtract(matrix.scale(m, 3), matrix.toFloat32(m)))).toEqual([[2, -4]]);
  });

  it('measures the Frobenius norm of any size', () => {
    expect(matrix.frobenius(fromRows([[3, 0, -4]]))).toBe(5);
    expect(matrix.frobenius(matrix.zeros(2, 2))).toBe(0);
    expect(matrix.frobenius(matrix.zeros(0, 0))).toBe(0);
    for (const size of [1e-300, 1e-160, 1e160, 1e300]) {
      expect(matrix.frobenius(fromRows([[3 * size, 4 * size]])) / size).toBeCloseTo(5, 12);
    }
    expect(matrix.frobenius(fromRows([[1, Infinity]]))).toBe(Infinity);
    expect(matrix.frobenius(fromRows([[Number.NaN, Infinity]]))).toBeNaN();
  });

  it('finds the largest entry', () => {
    expect(matrix.maxAbs(fromRows([[1, -7, 2]]))).toBe(7);
    expect(matrix.maxAbs(fromRows([[1, Number.NaN, 2]]))).toBeNaN();
    expect(matrix.maxAbs(matrix.zeros(0, 3))).toBe(0);
  });
});
