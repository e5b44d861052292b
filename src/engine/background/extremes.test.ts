import { describe, expect, it } from 'vitest';
import { type Matrix32, multiply, toFloat32 } from '../../math/matrix.ts';
import { productCells } from '../../math/plane.ts';
import { gaussian, stream } from '../../math/random.ts';
import { type Extremes, extremesOf, isDrawnInBlocks } from './extremes.ts';

const random = (rows: number, cols: number, name: string): Matrix32 =>
  toFloat32(gaussian(rows, cols, stream(rows + cols, name)));

function layerOf(d: number, k: number, rank: number, moved = false) {
  const [base, target] = [random(d, k, 'base'), random(d, k, 'target')];
  return { d, k, rank, base, wanted: { matrix: target }, frozen: moved ? random(d, k, 'frozen') : base };
}

function inOneGo(...args: Parameters<typeof extremesOf>): Extremes {
  const rows = extremesOf(...args);
  for (;;) {
    const { done, value } = rows.next();
    if (done) return value;
  }
}

describe('the largest entries of blocks', () => {
  it.each([
    [257, 260, 1, false],
    [300, 40, 3, false],
    [40, 601, 5, false],
    [1, 4096, 1, false],
    [4096, 1, 1, false],
    [517, 515, 6, false],
    [300, 40, 3, true],
    [301, 280, 2, true],
  ])('of a %i × %i product of rank %i are those of the whole matrices, part of W₀ moved: %s', (d, k, rank, moved) => {
    const layer = layerOf(d, k, rank, moved);
    const [A, B] = [random(rank, k, 'A'), random(d, rank, 'B')];
    const s = 1.75;
    const found = inOneGo(layer, A.data, B.data, s);
    const product = multiply(B, A).data;
    const { blockRows, blockCols, cols } = found.dW;
    expect(Math.max(found.dW.rows, cols)).toBeLessThanOrEqual(productCells(rank));
    const wanted = { W: new Float64Array(found.dW.values.length), dW: [] as number[], E: [] as number[] };
    wanted.dW = [...wanted.W];
    wanted.E = [...wanted.W];
    const take = (list: number[] | Float64Array, cell: number, v: number) => {
      if (Math.abs(v) > Math.abs(list[cell])) list[cell] = v;
    };
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < k; j++) {
        const cell = Math.floor(i / blockRows) * cols + Math.floor(j / blockCols);
        const W = layer.frozen.data[i * k + j] + s * product[i * k + j];
        const x = W - layer.base.data[i * k + j];
        take(wanted.dW, cell, x);
        take(wanted.W, cell, W);
        take(wanted.E, cell, x - layer.wanted.matrix.data[i * k + j]);
      }
    }
    for (const name of ['W', 'dW', 'E'] as const) {
      // Two entries of nearly the same size may change places.
      const apart = found[name].values.map((v, cell) => (Math.abs(v) - Math.abs(wanted[name][cell])) / Math.abs(v));
      expect(Math.max(...apart.map(Math.abs))).toBeLessThan(2e-6);
    }
  });

  it.each(['A', 'B'] as const)('where %s is zero are those of W₀, 0, and those of −ΔW*', (zero) => {
    const layer = layerOf(300, 280, 2);
    const [A, B] = [random(2, 280, 'A').data, random(300, 2, 'B').data];
    (zero === 'A' ? A : B).fill(0);
    const short = inOneGo(layer, A, B, 2);
    // A nearly zero product takes the long way.
    const long = inOneGo(layer, zero === 'A' ? A.fill(1e-30) : A, zero === 'B' ? B.fill(1e-30) : B, 2);
    expect(short.W).toEqual(long.W);
    expect(short.E).toEqual(long.E);
    expect(short.dW.values.every((v) => v === 0)).toBe(true);
  });

  it('take a row of blocks at a time', () => {
    const rows = extremesOf(layerOf(4096, 3, 1), new Float32Array(3).fill(1), new Float32Array(4096).fill(1), 1);
    let turns = 0;
    while (!rows.next().done) turns++;
    expect(turns).toBe(256);
  });
});

it('a layer is drawn in blocks where a side has more entries than a product has cells', () => {
  expect(isDrawnInBlocks({ d: 256, k: 256, rank: 8 })).toBe(false);
  expect(isDrawnInBlocks({ d: 256, k: 257, rank: 8 })).toBe(true);
  expect(isDrawnInBlocks({ d: 256, k: 256, rank: 256 })).toBe(true);
});
