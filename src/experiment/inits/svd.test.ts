import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/initialisations.json' with { type: 'json' };
import { frobenius, multiply, scale, subtract, toFloat32 } from '../../math/matrix.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { floorOf } from '../layer/floor.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { defaults } from '../settings/experiment.ts';
import { svd } from './svd.ts';
import { contextOf } from './testing/context.ts';

describe('the start from the SVD of a reference update', () => {
  it('gives the golden product', () => {
    for (const { rank, scaling, W0, reference, svd: wanted } of golden.cases) {
      const base = toFloat32(fromRows(W0));
      const { A, B } = svd.draw(contextOf({ base, rank, scaling, reference: fromRows(reference) }));
      expect(frobenius(subtract(scale(multiply(B, A), scaling), fromRows(wanted.delta)))).toBeLessThan(1e-13);
      expect(frobenius(A) / frobenius(B)).toBeCloseTo(1, 13);
      // W₀ stays where it is.
      expect(wanted.base).toEqual(W0);
    }
    expect('moves' in svd).toBe(false);
  });

  it('starts at the Eckart–Young floor, whatever the size, rank and scaling', () => {
    for (const [d, k] of [
      [1, 1],
      [1, 9],
      [9, 1],
      [16, 96],
      [96, 16],
      [64, 64],
    ]) {
      for (const rank of new Set([1, Math.ceil(Math.min(d, k) / 2), Math.min(d, k)])) {
        const e = { ...defaults(), target: 'decay' as const, d, k, rank, alpha: 3, init: svd.name };
        const layer = prepareModule(e, null);
        if ('why' in layer) throw new Error(layer.why);
        const residual = subtract(scale(multiply(layer.B, layer.A), 3 / rank), layer.target);
        const floor = floorOf(layer.spectrum.values)[rank];
        expect(Math.abs(frobenius(residual) / layer.targetNorm - floor)).toBeLessThan(3e-7);
      }
    }
  });

  it('has directions ordered by size and leaves none out where ΔW* has fewer', () => {
    const e = { ...defaults(), d: 12, k: 10, truerank: 2, noise: 0, rank: 5, init: svd.name };
    const layer = prepareModule(e, null);
    if ('why' in layer) throw new Error(layer.why);
    expect([...layer.A.data, ...layer.B.data].every(Number.isFinite)).toBe(true);
  });

  it('is refused above 512, in a sentence', () => {
    expect(prepareModule({ ...defaults(), d: 513, k: 600, init: svd.name }, null)).toEqual({
      why: expect.stringMatching(/at most 512; here it is 513\. Use d = 512\.$/),
    });
  });
});
