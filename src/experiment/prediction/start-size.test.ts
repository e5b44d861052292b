import { describe, expect, it } from 'vitest';
import { prepareModule } from '../layer/testing/one-module.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf, sgdEdge } from '../settings/rate.ts';
import { rowEdges } from './start-size.ts';

const SMALL: Partial<Experiment> = { d: 20, k: 28, truerank: 4, opt: 'sgd' };

const AXES = [
  { key: 'lr', values: [0.1, 0.2] },
  { key: 'rank', values: [1] },
] as const;

const edgeOf = (e: Experiment, sigma1: number) => rowEdges(AXES, (at) => (at === 0 ? e : null), sigma1)?.[0][0] ?? null;

describe('the edge of a run whose matrices are not made', () => {
  it('is that of its matrices, at any rank, rule and size of A', () => {
    for (const changes of [
      { rank: 3 },
      { rank: 11, init: 'gaussian', scaling: 'rslora', ratio: 4 },
      { rank: 2, init: 'orthonormal', size: 2 },
      { rank: 7, init: 'aligned', size: 0.5, seed: 4 },
    ] satisfies Partial<Experiment>[]) {
      const e = { ...defaults(), ...SMALL, ...changes };
      const module = prepareModule(e, null);
      if ('why' in module) throw new Error(module.why);
      const { facts } = module;
      const wanted = sgdEdge(scalingOf(e), e.ratio, facts);
      const found = edgeOf(e, facts.sigma1);
      expect((found?.unstable ?? 0) / wanted.unstable).toBeCloseTo(1, 6);
      expect(found?.nothing).toBeCloseTo(wanted.nothing, 12);
    }
  });

  it('is not known for other optimisers, starts and targets', () => {
    for (const changes of [
      { opt: 'adam' },
      { warmup: 10 },
      { schedule: 'linear' },
      { init: 'symmetric' },
      { init: 'pissa' },
      { target: 'regression' },
      { train: 'B' },
    ] satisfies Partial<Experiment>[])
      expect(edgeOf({ ...defaults(), ...SMALL, ...changes }, 1)).toBeNull();
  });
});
