import { expect, it } from 'vitest';
import { multiplyInto } from './products.ts';
import { gaussian, stream } from './random.ts';

/** One term after another, which defines the bits of a product. */
function plain(x: Float64Array, y: Float64Array, out: Float64Array, m: number, n: number, k: number): void {
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < n; p++) for (let j = 0; j < k; j++) out[i * k + j] += x[i * n + p] * y[p * k + j];
  }
}

it('adds the terms of every entry in order, whatever the tiles', () => {
  for (const [m, n, k] of [
    [1, 1, 1],
    [3, 5, 2],
    [2, 32, 512],
    [5, 67, 515],
    [4, 33, 1030],
    [7, 100, 3],
  ]) {
    const source = stream(m, 'product');
    const [x, y, start] = [gaussian(m, n, source), gaussian(n, k, source), gaussian(m, k, source)];
    const [found, wanted] = [start.data.slice(), start.data.slice()];
    multiplyInto(x.data, y.data, found, m, n, k);
    plain(x.data, y.data, wanted, m, n, k);
    expect(found.every((value, i) => Object.is(value, wanted[i]))).toBe(true);
  }
});
