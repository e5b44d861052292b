import { describe, expect, it } from 'vitest';
import { orthonormal } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, leadingColumns, multiply, scale, subtract, toFloat32, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { floorOf } from './floor.ts';
import { floorAtRank } from './reach.ts';
import { type OneModule, prepareModule } from './testing/one-module.ts';

function layerOf(init: Experiment['init'], changes: Partial<Experiment> = {}): OneModule {
  const e = { ...defaults(), d: 14, k: 11, rank: 3, alpha: 6, target: 'decay', init, ...changes } as const;
  const layer = prepareModule(e, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

it('is the Eckart–Young floor at rank r', () => {
  const usual = layerOf('gaussian');
  const floor = floorOf(usual.spectrum.values);
  expect(floorAtRank(usual)).toBe(floor[3]);
  const leading = { ...usual.spectrum, how: 'leading' as const, values: usual.spectrum.values.slice(0, 4) };
  expect(floorAtRank({ ...usual, wanted: { ...usual.wanted, spectrum: leading } })).toBeCloseTo(floor[3], 6);
  expect(floorAtRank({ ...usual, wanted: { ...usual.wanted, spectrum: leading }, rank: 5 })).toBeNull();
});

describe('where an initialisation has moved a part of W₀', () => {
  // From an independent float64 program, for the landscape at 64 × 64 and r = 8; at 2r the floor would be 0.078 for
  // all.
  it.each([
    ['pissa', 0.843],
    ['milora', 0.25],
    ['olora', 0.916],
    ['lora-ga', 0.106],
  ] as const)('%s on the picture has the floor %d', (init, wanted) => {
    const layer = prepareModule({ ...defaults(), target: 'picture', init }, null, { vectors: false });
    if ('why' in layer) throw new Error(layer.why);
    expect(floorAtRank(layer)).toBeCloseTo(wanted, 3);
    expect(layer.moved?.reach?.open).toBe(0);
  });

  it('it is what the best s·B·A of rank r leaves of ΔW*, since that has to give back what it took', () => {
    for (const [target, base, rank] of [
      ['decay', 'gaussian', 3],
      ['low-rank', 'decay', 5],
      ['picture', 'decay', 1],
      ['edit', 'gaussian', 7],
      ['regression', 'decay', 4],
    ] as const) {
      for (const init of ['pissa', 'olora', 'lora-ga', 'corda'] as const) {
        const e = { ...defaults(), d: 30, k: 22, rank, truerank: 4, target, base, init };
        const layer = prepareModule(e, null, { vectors: false });
        if ('why' in layer) throw new Error(layer.why);
        const { frozen, base: W0, target: wanted, targetNorm } = layer;
        const goal = subtract(wanted, subtract(frozen, W0));
        const { U } = svd(goal);
        const best = multiply(leadingColumns(U, rank), multiply(transpose(leadingColumns(U, rank)), goal));
        // ΔW = W_frozen + s·B·A − W₀
        const update = subtract(best, subtract(W0, frozen));
        expect(floorAtRank(layer)).toBeCloseTo(frobenius(subtract(update, wanted)) / targetNorm, 5);
      }
    }
  });

  it('at full rank it is 0', () => {
    for (const init of ['pissa', 'olora', 'milora'] as const) expect(floorAtRank(layerOf(init, { rank: 11 }))).toBe(0);
  });

  it('of a large matrix it comes from the leading values, and lies too high by no more than it says', () => {
    const layer = layerOf('pissa', { d: 1040, k: 530, rank: 6, target: 'picture', base: 'decay' });
    const { frozen, base: W0, target, targetNorm, moved } = layer;
    const exact = errorAtRank(singularValues(subtract(target, subtract(frozen, W0))))[6] / targetNorm;
    const { floor, open } = moved?.reach ?? { floor: Number.NaN, open: Number.NaN };
    expect(open).toBeGreaterThan(0);
    expect(floor - exact).toBeGreaterThan(-1e-6);
    expect(floor - exact).toBeLessThan(open + 1e-6);
    expect(open).toBeLessThan(0.02);
  });
});

it('is what a frozen factor cannot reach: the best other factor leaves just that', () => {
  const layer = layerOf('gaussian');
  const { target, targetNorm } = layer;
  const Q = orthonormal(14, 3, stream(1, 'Q'));
  // The best A for B = 2·Q is Qᵀ·ΔW*/2, and any other is worse.
  const B = toFloat32(scale(Q, 2));
  const bound = floorAtRank({ ...layer, B, frozenFactor: 'B' }) ?? Number.NaN;
  const best = multiply(transpose(Q), target);
  const error = (A: typeof best) => frobenius(subtract(multiply(Q, A), target)) / targetNorm;
  expect(bound).toBeCloseTo(error(best), 6);
  for (let i = 0; i < 20; i++) {
    const away = scale(gaussian(3, 11, stream(i, 'away')), 0.01);
    expect(error(subtract(best, away))).toBeGreaterThan(bound - 1e-7);
  }
  const rows = { ...layer, A: toFloat32(transpose(orthonormal(11, 3, stream(2, 'Q')))), frozenFactor: 'A' as const };
  const { A } = rows;
  expect(floorAtRank(rows)).toBeCloseTo(
    frobenius(subtract(multiply(multiply(target, transpose(A)), A), target)) / targetNorm,
    6,
  );
  expect(bound).toBeGreaterThan(floorOf(layer.spectrum.values)[3]);
});
