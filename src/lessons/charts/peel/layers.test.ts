import { describe, expect, it } from 'vitest';
import { svd } from '../../../math/factor/svd.ts';
import { multiply, scale, toFloat32 } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { distance, minLayerCount, peelOf } from './layers.ts';

function factors(d: number, k: number, rank: number) {
  const [B, A] = [gaussian(d, rank, stream(3, 'B')), gaussian(rank, k, stream(3, 'A'))].map(toFloat32);
  return { A: A.data, B: B.data, d, k, rank, product: multiply(B, A) };
}

describe('ΔW in layers', () => {
  it('has layers of rank one, the strongest first, that add up to ΔW', () => {
    const { product, ...of } = factors(20, 30, 4);
    const { values, layers, sums, shares } = peelOf(of, 0.5);
    const whole = scale(product, 0.5);
    for (const [i, v] of whole.data.entries()) expect(sums[3].values[i]).toBeCloseTo(v, 4);
    // The error of the best rank-i approximation is the tail of the singular values.
    const exact = svd(whole).S;
    const energy = exact.reduce((sum, v) => sum + v * v, 0);
    for (const [i, { values: layer }] of layers.entries()) {
      expect(values[i]).toBeCloseTo(exact[i], 4);
      expect(Math.sqrt(layer.reduce((sum, v) => sum + v * v, 0))).toBeCloseTo(exact[i], 4);
      const rest = exact.slice(i + 1, 4).reduce((sum, v) => sum + v * v, 0);
      expect(shares[i]).toBeCloseTo(1 - rest / energy, 6);
      const plane = { ...sums[i], values: Float32Array.from(whole.data) };
      expect(distance(sums[i], plane)).toBeCloseTo(Math.sqrt(rest / energy), 4);
    }
    expect(svd({ rows: 20, cols: 30, data: Float64Array.from(layers[1].values) }).S[1]).toBeLessThan(1e-6);
  });

  it('draws eight of more, and blocks of a large one as means', () => {
    const { product, ...of } = factors(300, 140, 10);
    const { layers, values, sums } = peelOf(of, 1);
    expect([layers.length, values.length]).toEqual([8, 10]);
    const [{ rows, cols, blockRows, blockCols }] = layers;
    expect([rows, cols, blockRows, blockCols]).toEqual([100, 70, 3, 2]);
    const all = peelOf(of, 1, 10).sums[9];
    const mean = [0, 1, 2].flatMap((i) => [0, 1].map((j) => product.data[(30 + i) * 140 + 8 + j]));
    expect(all.values[10 * 70 + 4]).toBeCloseTo(mean.reduce((sum, v) => sum + v, 0) / 6, 3);
    expect(distance(sums[0], sums[1])).toBeNull();
  });

  it('says how few layers hold a share', () => {
    expect(minLayerCount({ shares: [0.56, 0.76, 0.89, 0.93, 1] }, 0.9)).toBe(4);
    const { layers, shares } = peelOf({ A: new Float32Array(6), B: new Float32Array(8), d: 4, k: 3, rank: 2 }, 1);
    expect([layers.length, ...shares]).toEqual([2, 1, 1]);
  });
});
