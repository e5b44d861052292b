import { expect, it } from 'vitest';
import { orthonormal } from '../../math/factor/qr.ts';
import { frobenius, multiply, scale, subtract, toFloat32, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { defaults } from '../settings/experiment.ts';
import { floorAtRank, floorOf } from './floor.ts';
import { type OneModule, prepareModule } from './testing/one-module.ts';

function layerOf(init: 'gaussian' | 'pissa'): OneModule {
  const layer = prepareModule({ ...defaults(), d: 14, k: 11, rank: 3, alpha: 6, target: 'decay', init }, null);
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

it('is the Eckart–Young floor at rank r, and at 2r where a start has moved a part of W₀', () => {
  const [usual, moved] = [layerOf('gaussian'), layerOf('pissa')];
  const floor = floorOf(usual.spectrum.values);
  expect(floorAtRank(usual)).toBe(floor[3]);
  expect(floorAtRank(moved)).toBe(floor[6]);
  expect(floorAtRank({ ...moved, rank: 11 })).toBe(0);
  const leading = { ...usual.spectrum, how: 'leading' as const, values: usual.spectrum.values.slice(0, 4) };
  expect(floorAtRank({ ...usual, wanted: { ...usual.wanted, spectrum: leading } })).toBeCloseTo(floor[3], 6);
  expect(floorAtRank({ ...usual, wanted: { ...usual.wanted, spectrum: leading }, rank: 5 })).toBeNull();
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
