import { describe, expect, it } from 'vitest';
import { inits } from '../experiment/inits/index.ts';
import { productTarget } from '../experiment/layer/module.ts';
import { layerCache } from '../experiment/layer/problem.ts';
import { floorAtRank } from '../experiment/layer/reach.ts';
import { parseLink, writeLink } from '../experiment/link/link.ts';
import { trainedParameters } from '../experiment/network/costs.ts';
import { optimisers } from '../experiment/optimisers.ts';
import { frozenFactorOf } from '../experiment/settings/bounds.ts';
import { change, defaults } from '../experiment/settings/experiment.ts';
import { defaultView } from '../experiment/settings/view.ts';
import { solvePositive } from '../math/factor/cholesky.ts';
import { frobenius, type Matrix64, multiply, subtract, toFloat64, transpose } from '../math/matrix.ts';
import { typescriptBackend } from './backends/own-backends.ts';
import { trainInBackground } from './background-runs/background-run.ts';
import { experimentOf, layerOf, trainAtDerivedRate } from './testing/derived-runs.ts';

/** ‖M − M·Aᵀ(AAᵀ)⁻¹A‖, by normal equations. */
function outsideRows(A: Matrix64, M: Matrix64): number {
  const coefficients = solvePositive(multiply(A, transpose(A)), multiply(A, transpose(M)));
  return frobenius(subtract(M, multiply(transpose(coefficients), A)));
}

const SIZES = [
  [48, 40, 4],
  [24, 64, 8],
] as const;

describe('training one factor alone', () => {
  it.each((['A', 'B'] as const).flatMap((train) => optimisers.all.map(({ name }) => [train, name] as const)))(
    'train=%s, %s: the other one stays as it is, and the run ends at its floor or above',
    async (train, opt) => {
      for (const [d, k, rank] of SIZES) {
        for (const target of ['low-rank', 'rotation'] as const) {
          const e = experimentOf({ target, d, k, rank, train, opt });
          const layer = layerOf(e, layerCache());
          const kept = train === 'A' ? 'B' : 'A';
          expect(frozenFactorOf(e)).toBe(kept);
          const goal = toFloat64(productTarget(layer));
          const rest =
            kept === 'A'
              ? outsideRows(toFloat64(layer.A), goal)
              : outsideRows(transpose(toFloat64(layer.B)), transpose(goal));
          const floor = rest / layer.targetNorm;
          expect(floorAtRank(layer)).toBeCloseTo(floor, 6);
          const { last, entries, summary } = await trainAtDerivedRate(e, layer, 300);
          expect(summary.status).not.toBe('diverged');
          expect(Math.max(...entries.loss)).toBeLessThan(1.5 * entries.loss[0]);
          expect(last.factors[0][kept]).toEqual(layer[kept].data);
          const error = Math.sqrt(2 * entries.loss[entries.loss.length - 1]) / layer.targetNorm;
          expect(error).toBeGreaterThan(floor - 1e-5);
          // AdamW shrinks what it trains.
          expect(error - floor, `${target} ${d} × ${k}`).toBeLessThan(opt === 'adamw' ? 0.02 : 0.002);
        }
      }
    },
  );

  it('has the floor of its own goal if a part of W₀ was moved', () => {
    const e = experimentOf({ target: 'low-rank', d: 24, k: 20, rank: 3, train: 'B', init: 'pissa' });
    const layer = layerOf(e, layerCache());
    const floor = outsideRows(toFloat64(layer.A), toFloat64(productTarget(layer))) / layer.targetNorm;
    expect(floorAtRank(layer)).toBeCloseTo(floor, 6);
  });

  it('counts the trained factor alone, starts from a frozen factor that is not zero, and is in the link', () => {
    const e = change(defaults(), { d: 48, k: 32, rank: 4, train: 'A' });
    expect([e.init, trainedParameters(e)]).toEqual(['init-b', 4 * 32]);
    expect(writeLink(e, defaultView(), null)).toContain('train=A');
    expect(trainedParameters(change(e, { train: 'B' }))).toBe(4 * 48);
    expect(change(e, { train: 'B' }).init).toBe('kaiming-uniform');
    expect(writeLink(change(e, { train: 'both' }), defaultView(), null)).not.toContain('train');
    // An initialisation that freezes a factor itself has the last word; samples and networks train both.
    expect(frozenFactorOf(change(e, { init: 'mica', train: 'B' }))).toBe(inits.byName('mica').frozen);
    expect(frozenFactorOf(change(e, { target: 'regression' }))).toBeNull();
  });
});

it('learns nothing where B is zero and does not train: A has no gradient', async () => {
  const { experiment, faults } = parseLink(
    '#v=1&target=edit&edit=sunglasses&rank=4&alpha=8&freeze=B&init=kaiming-uniform&opt=adam&lr=0.01&steps=300',
  );
  expect(faults).toEqual([]);
  const { points, summary } = await trainInBackground(experiment, { backends: [typescriptBackend] });
  expect(Math.max(...points.modules[0].gradNormA)).toBe(0);
  expect(points.modules[0].gradNormB[0]).toBeGreaterThan(0);
  expect(new Set(points.series.loss).size).toBe(1);
  expect(summary.relativeError).toBeCloseTo(1, 12);
});
