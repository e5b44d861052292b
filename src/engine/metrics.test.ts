import { describe, expect, it } from 'vitest';
import { prepareProblem } from '../experiment/layer/problem.ts';
import { change, defaults } from '../experiment/settings/experiment.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { multiply, transpose } from '../math/matrix.ts';
import { gaussian, stream } from '../math/random.ts';
import { directionsOf, observer, quickLossesOf } from './metrics.ts';
import { problemOf } from './tasks/problem-of.ts';
import { assetsInNode } from './testing/assets-in-node.ts';
import { experimentOf } from './testing/derived-runs.ts';

/** Left alignments of a 16 × 12 layer, from factors that are its start, moved or not. */
function alignmentsOf(wanted: Partial<Experiment>, moved: boolean): number[] {
  const experiment = experimentOf({
    target: 'low-rank',
    d: 16,
    k: 12,
    rank: 4,
    alpha: 4,
    truerank: 2,
    shape: 'geometric',
    ...wanted,
  });
  const problem = prepareProblem(experiment, null);
  if ('why' in problem) throw new Error(problem.why);
  const [module] = problem.modules;
  const B = moved ? Float32Array.from(gaussian(16, 4, stream(3, 'B')).data) : module.B.data;
  const watch = { metrics: ['alignment'], modules: null } as const;
  const observed = observer(problem, () => 0)([{ A: module.A.data, B }], [1], watch, true);
  return Array.from(observed.modules[0].alignment?.left ?? []);
}

it('a spectrum that is known is not worked out again', () => {
  const problem = prepareProblem(
    experimentOf({ target: 'low-rank', d: 16, k: 12, rank: 4, alpha: 4, truerank: 2 }),
    null,
  );
  if ('why' in problem) throw new Error(problem.why);
  const [{ A, B }] = problem.modules;
  const factors = [{ A: A.data, B: B.data }];
  const watch = { metrics: ['spectrum'], modules: null } as const;
  const sampled = [Float64Array.of(4, 3, 2, 1)];
  const observe = observer(problem, () => 0);
  expect(observe(factors, [1], watch, true, sampled).modules[0].spectrum).toBe(sampled[0]);
  expect(observe(factors, [1], watch, true).modules[0].spectrum).toEqual(new Float64Array(4));
});

describe('alignment', () => {
  it('is left out for directions of ΔW* that are its rounding to float32 only', () => {
    const found = alignmentsOf({ noise: 0 }, true);
    expect(found.slice(0, 2).every((x) => x > 0 && x <= 1)).toBe(true);
    expect(found.slice(2)).toEqual([Number.NaN, Number.NaN]);
    expect(alignmentsOf({ noise: 0.01 }, true).every((x) => x > 0 && x <= 1)).toBe(true);
  });

  it('is 0 where ΔW is 0 but for rounding, as at an initialisation that has moved a part of W₀', () => {
    expect(alignmentsOf({ noise: 0.01, init: 'pissa' }, false)).toEqual(Array(8).fill(0));
  });
});

it('the answers of a network are read every fourth time, unless that takes long', async () => {
  const experiment = change(defaults(), { target: 'digits' });
  const problem = problemOf(experiment, { drawing: null, assets: await assetsInNode(experiment, '') });
  if ('why' in problem) throw new Error(problem.why);
  const factors = problem.modules.map(({ A, B }) => ({ A: A.data, B: B.data }));
  /** By a clock that moves once, during the first reading. */
  const read = (ms: number) => {
    let calls = 0;
    const clock = () => (calls++ < 3 ? 0 : ms);
    const measure = quickLossesOf(problem, clock);
    return Array.from(
      { length: 5 },
      () =>
        measure?.(
          factors,
          problem.modules.map(() => 1),
        ).losses !== null,
    );
  };
  expect(read(0)).toEqual([true, true, true, true, true]);
  expect(read(4)).toEqual([true, false, false, false, true]);
  expect(read(300)).toEqual([true, false, false, false, false]);
});

describe('the directions of ΔW*', () => {
  it('say how much of each ΔW has: σᵢ where it is ΔW*, and uᵢᵀΔW·vᵢ anywhere', () => {
    const e = experimentOf({ target: 'decay', d: 16, k: 12, rank: 12, alpha: 12, init: 'svd' });
    const problem = prepareProblem(e, null);
    if ('why' in problem) throw new Error(problem.why);
    const [module] = problem.modules;
    const [s, at] = [1, { A: module.A.data, B: module.B.data }];
    const found = directionsOf(module, at, s);
    expect(found?.length).toBe(8);
    for (const [i, size] of (found ?? []).entries()) expect(size).toBeCloseTo(module.wanted.spectrum.values[i], 6);
    const other = { A: at.A, B: Float32Array.from(gaussian(16, 12, stream(3, 'B')).data) };
    const { U, V } = module.wanted.spectrum.vectors ?? { U: null, V: null };
    const dW = multiply({ rows: 16, cols: 12, data: other.B }, { rows: 12, cols: 12, data: other.A });
    const seen = U && multiply(multiply(transpose(U), dW), V);
    for (const [i, size] of (directionsOf(module, other, 2) ?? []).entries())
      expect(size).toBeCloseTo(2 * (seen?.data[13 * i] ?? Number.NaN), 10);
  });

  it('are not known without the singular vectors of ΔW*', () => {
    const problem = prepareProblem(experimentOf({ d: 16, k: 12 }), null, { vectors: false });
    if ('why' in problem) throw new Error(problem.why);
    const [module] = problem.modules;
    expect(directionsOf(module, { A: module.A.data, B: module.B.data }, 1)).toBeNull();
  });
});
