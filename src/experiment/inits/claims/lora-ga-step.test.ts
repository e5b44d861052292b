/** LoRA-GA's promise, kept by the engine's own SGD step on the float32 factors of a link. */

import { describe, expect, it } from 'vitest';
import { experimentOf, layerOf, trainAtDerivedRate } from '../../../engine/testing/derived-runs.ts';
import { svd } from '../../../math/factor/svd.ts';
import {
  frobenius,
  type Matrix64,
  multiply,
  pickColumns,
  scale,
  subtract,
  toFloat64,
  transpose,
} from '../../../math/matrix.ts';
import { layerCache } from '../../layer/problem.ts';
import type { OneModule } from '../../layer/testing/one-module.ts';
import { residualLabels } from '../../regression/loss.ts';
import type { Experiment } from '../../settings/params.ts';
import { scalingOf } from '../../settings/rate.ts';
import type { InitName } from '../index.ts';
import { balancedFactors, firstTriplets } from '../triplets.ts';

const FALLING: readonly Partial<Experiment>[] = [
  { target: 'low-rank' },
  { target: 'low-rank', align: 0.9 },
  { target: 'decay', d: 48, k: 96 },
  { target: 'picture' },
  { target: 'regression' },
  { target: 'regression', batch: 256 },
];
/** The first 2r singular values equal: the step's part of second order in the rate is as large as it can be. */
const FLAT: readonly Partial<Experiment>[] = [{ target: 'rotation' }, { target: 'low-rank', rank: 4 }];

/** ∂L/∂W at W₀: −ΔW*, or that of the first batch. */
function gradientOf({ data, target, base }: OneModule): Matrix64 {
  if (!data) return scale(toFloat64(target), -1);
  const first = data.batches.at(0);
  const [X, R] = [data.X, residualLabels(base, data)].map((m) => pickColumns(m, first));
  return scale(multiply(R, transpose(X)), -1 / first.length);
}

/** The cosine between the first SGD step of W and the best rank-2r approximation of the gradient, downhill. */
async function cosine(target: Partial<Experiment>, init: InitName, factor: number): Promise<number> {
  const e = experimentOf({ ...target, init, opt: 'sgd' });
  const layer = layerOf(e, layerCache());
  const end = await trainAtDerivedRate(e, layer, 1, { factor });
  const [A, B] = [
    { ...layer.A, data: end.A },
    { ...layer.B, data: end.B },
  ];
  const step = scale(subtract(multiply(B, A), multiply(layer.B, layer.A)), scalingOf(e));
  const best = balancedFactors(firstTriplets(svd(gradientOf(layer)), 2 * e.rank), 1);
  const wanted = scale(multiply(best.B, best.A), -1);
  const product = wanted.data.reduce((sum, x, i) => sum + x * step.data[i], 0);
  return product / (frobenius(wanted) * frobenius(step));
}

describe('LoRA-GA’s first SGD step in the engine, beside the best rank-2r approximation of the gradient', () => {
  it.each([...FALLING, ...FLAT])('at a tenth of the derived rate: cosine ≥ 0.9998, %o', async (target) => {
    expect(await cosine(target, 'lora-ga', 0.1)).toBeGreaterThan(0.9998);
  });

  it.each(FALLING)('at the derived rate: ≥ 0.999, where Kaiming’s is below 0.45, %o', async (target) => {
    expect(await cosine(target, 'lora-ga', 1)).toBeGreaterThan(0.999);
    expect(await cosine(target, 'kaiming-uniform', 1)).toBeLessThan(0.45);
  });

  it.each(FLAT)('at the derived rate where the values do not fall: ≥ 0.985, %o', async (target) => {
    expect(await cosine(target, 'lora-ga', 1)).toBeGreaterThan(0.985);
  });
});
