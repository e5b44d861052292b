import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/worked-example.json' with { type: 'json' };
import { stream } from '../../math/random.ts';
import {
  backward,
  descend,
  differences,
  forward,
  type Layer,
  type LayerFactors,
  largestDifference,
  multiplications,
  type Rows,
} from './one-step.ts';

const column = (M: Rows) => M.map(([v]) => v);
const { alpha, rank, learningRate, W0 } = golden;
const x = column(golden.x);
const delta = column(golden.upstream);
const scaling = alpha / rank;

/** All digits of float64 but the last two, because sums run in another order. */
function same(found: Rows, wanted: Rows): void {
  expect(found.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  expect(largestDifference(found, wanted)).toBeLessThan(1e-14);
}
const rows = (v: readonly number[]): Rows => v.map((entry) => [entry]);

describe('one step by hand', () => {
  it('is the worked example digit by digit, in both steps', () => {
    let factors: LayerFactors = golden.steps[0];
    for (const step of golden.steps) {
      same(factors.A, step.A);
      same(factors.B, step.B);
      const layer: Layer = { W0, scaling, x, ...factors };
      const { z, base, scaled, h } = forward(layer);
      same(rows(z), step.intermediate);
      same(rows(base), step.pretrained);
      same(rows(scaled), step.update);
      same(rows(h), step.output);
      const gradients = backward(layer, z, delta);
      same(gradients.gradA, step.gradA);
      same(gradients.gradB, step.gradB);
      factors = descend(factors, gradients, learningRate);
    }
  });

  it('agrees with central differences to 1e-6 for any numbers', () => {
    const random = stream(5, 'numbers typed in');
    const number = () => Math.round((random.uniform() * 20 - 10) * 1e4) / 1e4;
    const matrix = (m: number, n: number): Rows => Array.from({ length: m }, () => Array.from({ length: n }, number));
    for (let run = 0; run < 40; run++) {
      const layer: Layer = { W0: matrix(3, 4), A: matrix(2, 4), B: matrix(3, 2), scaling: 2, x: matrix(1, 4)[0] };
      const [given, y] = matrix(2, 3);
      // δ given, and δ = h − y of half a squared distance
      const linear = (factors: LayerFactors) =>
        forward({ ...layer, ...factors }).h.reduce((sum, v, i) => sum + given[i] * v, 0);
      const squared = (factors: LayerFactors) =>
        forward({ ...layer, ...factors }).h.reduce((sum, v, i) => sum + (v - y[i]) ** 2 / 2, 0);
      const { z, h } = forward(layer);
      const cases = [
        [linear, given],
        [squared, h.map((v, i) => v - y[i])],
      ] as const;
      for (const [loss, upstream] of cases) {
        const { gradA, gradB } = backward(layer, z, upstream);
        const found = differences(loss, layer);
        const size = Math.max(1, ...gradA.flat().map(Math.abs), ...gradB.flat().map(Math.abs));
        expect(largestDifference(found.A, gradA) / size).toBeLessThan(1e-6);
        expect(largestDifference(found.B, gradB) / size).toBeLessThan(1e-6);
      }
    }
  });

  it('counts r(d + k) in stages, and drk + dk where the product is formed', () => {
    expect(multiplications({ d: 3, k: 4, rank: 2 })).toEqual({ inStages: 14, formed: 36 });
    expect(multiplications({ d: 4096, k: 4096, rank: 16 })).toEqual({ inStages: 131_072, formed: 285_212_672 });
  });
});
