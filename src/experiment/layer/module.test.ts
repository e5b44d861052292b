import { describe, expect, it } from 'vitest';
import { type Matrix32, multiply, toFloat32, zeros32 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { frozenBase, outputDifference, probeInputs } from './module.ts';

function factors(d: number, k: number, rank: number, size: number, seed: number): Record<'base' | 'A' | 'B', Matrix32> {
  const source = stream(seed, 'test');
  const draw = (rows: number, cols: number, by: number) => {
    const m = gaussian(rows, cols, source);
    return toFloat32({ ...m, data: m.data.map((x) => by * x) });
  };
  return { base: draw(d, k, 1 / Math.sqrt(k)), A: draw(rank, k, size), B: draw(d, rank, size) };
}

describe('the weight beside an adapter that has taken over a part of it', () => {
  it('is W₀ − s·B·A, exact where float32 can hold it', () => {
    const [W, A, B] = [
      [
        [8, 8, 8],
        [8, 8, 8],
      ],
      [[1, 2, 3]],
      [[1], [-2]],
    ].map((rows) => toFloat32(fromRows(rows)));
    expect([...frozenBase(W, A, B, 0.5).data]).toEqual([7.5, 7, 6.5, 9, 10, 11]);
  });

  it('is rounded once, from float64, at any size', () => {
    for (const [d, k, rank] of [
      [1, 1, 1],
      [63, 5, 2],
      [64, 7, 7],
      [129, 3, 3],
    ]) {
      const { base, A, B } = factors(d, k, rank, 1, d);
      const product = multiply(B, A).data;
      expect(frozenBase(base, A, B, 3).data).toEqual(Float32Array.from(base.data, (w, i) => w - 3 * product[i]));
    }
  });
});

describe('the output at step 0', () => {
  it('differs by no more than the bound, which is not idle: within a factor of 40 where there are many outputs', () => {
    for (let seed = 0; seed < 60; seed++) {
      const [d, k] = [1 + (seed % 13) * 11, 1 + (seed % 7) * 23];
      const rank = 1 + (seed % Math.min(d, k));
      const scaling = [0.125, 1, 2, 16][seed % 4];
      const { base, A, B } = factors(d, k, rank, [1e-4, 0.1, 1, 30][(seed >> 2) % 4], seed);
      const frozen = frozenBase(base, A, B, scaling);
      const { largest, bound } = outputDifference({ base, frozen, A, B, scaling }, probeInputs(k, seed));
      expect(largest).toBeLessThanOrEqual(bound);
      if (d * k > 500) expect(largest).toBeGreaterThan(bound / 40);
    }
  });

  it('is exactly the same where the adapter starts at zero', () => {
    const { base, B } = factors(20, 30, 4, 1, 1);
    const A = zeros32(4, 30);
    const frozen = frozenBase(base, A, B, 2);
    expect(frozen.data).toEqual(base.data);
    expect(outputDifference({ base, frozen, A, B, scaling: 2 }, probeInputs(30, 1)).largest).toBe(0);
  });

  it('shows a base that was left where it was', () => {
    const { base, A, B } = factors(20, 30, 4, 0.01, 1);
    const { largest, bound } = outputDifference({ base, frozen: base, A, B, scaling: 2 }, probeInputs(30, 1));
    expect(largest).toBeGreaterThan(100 * bound);
  });

  it('is asked with the same inputs for every start of a seed', () => {
    expect(probeInputs(9, 4)).toEqual(probeInputs(9, 4));
    expect(probeInputs(9, 4)).toMatchObject({ rows: 9, cols: 16 });
    expect(probeInputs(9, 5).data).not.toEqual(probeInputs(9, 4).data);
  });
});
