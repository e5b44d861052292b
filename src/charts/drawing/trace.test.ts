import { describe, expect, it } from 'vitest';
import type { Point } from './marks.ts';
import { trace } from './trace.ts';

const identity = (v: number) => v;

describe('trace', () => {
  it('keeps every point of a short list, and leaves out what is not a number', () => {
    const points = trace([3, Number.NaN, 5, Number.POSITIVE_INFINITY, 7], 0, 4, (i) => i * 10, identity);
    expect(points).toEqual([
      [0, 3],
      [20, 5],
      [40, 7],
    ]);
  });

  it('draws a part of a list', () => {
    expect(trace([1, 2, 3, 4], 1, 2, identity, identity)).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(trace([1, 2], 1, 9, identity, identity)).toEqual([[1, 2]]);
  });

  it('thins a long list to about two points a column, keeps its extremes and its ends', () => {
    const n = 100_000;
    const values = Float64Array.from({ length: n }, (_, i) => Math.sin(i / 500));
    values[54_321] = 9;
    values[54_322] = -9;
    const width = 360;
    const points = trace(values, 0, n - 1, (i) => (i / (n - 1)) * width, identity);
    expect(points.length).toBeLessThanOrEqual(2 * width + 8);
    const heights = points.map(([, y]) => y);
    expect(Math.max(...heights)).toBe(9);
    expect(Math.min(...heights)).toBe(-9);
    expect(points[0]).toEqual([0, values[0]]);
    expect(points[points.length - 1]).toEqual([width, values[n - 1]]);
    expect(points.every(([x], i) => i === 0 || x >= points[i - 1][0])).toBe(true);
  });

  it('leaves what is drawn alone while a curve grows on the same axis', () => {
    const values = Float64Array.from({ length: 50_000 }, (_, i) => Math.cos(i / 300));
    const x = (i: number) => i / 100;
    const early = trace(values, 0, 30_000, x, identity);
    const late = trace(values, 0, 40_000, x, identity);
    const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];
    expect(early.slice(0, -8).every((point, i) => same(point, late[i]))).toBe(true);
  });
});
