import { describe, expect, it } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { experimentOf } from '../../engine/testing/derived-runs.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import type { Experiment } from '../settings/params.ts';
import { type DialRule, type DialStart, dialled, dialRun, differenceOf, turned, UNTURNED } from './dials.ts';

function startOf(rule: DialRule, rate: number): DialStart {
  const module = prepareModule(experimentOf({ target: 'edit', d: 24, k: 24, rank: 4 }), null, { vectors: false });
  if ('why' in module) throw new Error(module.why);
  return { target: module.target, norm: module.targetNorm, A: module.A, scaling: 4, rate, rule, steps: 60 };
}

const RUNS = [
  ['adam', 0.015],
  ['sgd', 0.05],
] as const;

describe.each(RUNS)('four knobs under %s', (rule, rate) => {
  const start = startOf(rule, rate);
  const before = dialRun(start, UNTURNED);

  it('turned together by powers of two change no bit of ΔW at any step', () => {
    for (const p of [0.25, 1, 2, 4])
      for (const q of [0.25, 2]) {
        const { differ, entries } = differenceOf(before, dialRun(start, turned(rule, p, q)));
        expect([differ, entries]).toEqual([0, 61 * 24 * 24]);
      }
  });

  it('turned by others leave ΔW within rounding, and turned alone change it', () => {
    const three = differenceOf(before, dialRun(start, turned(rule, 3, 5)));
    expect(three.differ).toBeGreaterThan(0);
    expect(three.largest).toBeLessThan(2e-5);
    expect(differenceOf(before, dialRun(start, { ...UNTURNED, alpha: 2 })).largest).toBeGreaterThan(0.01);
    expect(differenceOf(before, dialRun(start, dialled(0.25, 1))).largest).toBeGreaterThan(0.01);
  });

  it('train as the engine does', async () => {
    const e = experimentOf({ target: 'edit', d: 24, k: 24, rank: 4, alpha: 16, opt: rule, lr: rate, steps: 60 });
    const module = prepareModule(e, null, { vectors: false });
    if ('why' in module) throw new Error(module.why);
    const { points } = await trainInBackground(e, { problem: module.problem, backends: nodeBackends });
    for (const [t, error] of (points.series.relativeError ?? []).entries())
      expect(Math.abs(error - before.error[t])).toBeLessThan(2e-5);
  });
});

/** Settings of a link that are one dial turned: B's rate is λ times A's, and Adam's ε is one for both factors. */
const LINKS: readonly (readonly [Partial<Experiment>, Partial<Experiment>])[] = [
  [
    { opt: 'sgd', alpha: 16, lr: 0.04, ratio: 1 },
    { opt: 'sgd', alpha: 2, size: 2, lr: 0.16, ratio: 4 },
  ],
  [
    { opt: 'sgd', alpha: 16, lr: 0.04, ratio: 16 },
    { opt: 'sgd', alpha: 4, size: 4, lr: 0.64, ratio: 1 },
  ],
  [
    { opt: 'momentum', alpha: 16, lr: 0.01, ratio: 1 },
    { opt: 'momentum', alpha: 4, size: 2, lr: 0.04, ratio: 1 },
  ],
  [
    { opt: 'adam', alpha: 16, lr: 0.01, ratio: 1, epsilon: 2 ** -26 },
    { opt: 'adam', alpha: 1, size: 4, lr: 0.04, ratio: 1, epsilon: 2 ** -28 },
  ],
  [
    { opt: 'signsgd', alpha: 16, lr: 0.001, ratio: 1 },
    { opt: 'signsgd', alpha: 8, size: 1, lr: 0.001, ratio: 2 },
  ],
];

describe('the engine', () => {
  it.each(LINKS)('makes the same bits of both settings (%#)', async (one, other) => {
    const lossesOf = async (changes: Partial<Experiment>) => {
      const e = experimentOf({ target: 'edit', d: 24, k: 24, rank: 4, steps: 80, ...changes });
      const module = prepareModule(e, null, { vectors: false });
      if ('why' in module) throw new Error(module.why);
      const run = await trainInBackground(e, { problem: module.problem, backends: nodeBackends });
      return run.points.series.loss;
    };
    expect(await lossesOf(other)).toEqual(await lossesOf(one));
  });
});
