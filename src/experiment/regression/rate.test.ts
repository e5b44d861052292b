import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { initFactors } from '../inits/factors.ts';
import type { InitName } from '../inits/index.ts';
import { contextOf } from '../inits/testing/context.ts';
import { type OptimiserName, optimisers } from '../optimisers.ts';
import { curvature, derivedRate } from '../settings/rate.ts';
import { batchesOf } from './batches.ts';
import { inputFacts } from './floors.ts';
import { meanLoss } from './testing/mean-loss.ts';
import { problem } from './testing/problem.ts';
import { train } from './testing/reference.ts';

describe('the derived learning rate with inputs', () => {
  const e = { opt: 'sgd', ratio: 4, d: 64, k: 16, rank: 4 };
  const facts = (batch: number) => ({
    a: 0.5,
    b: 0.25,
    sigma1: 1,
    inputs: { lambdaMax: 2, trace: 12, batch, noise: 0 },
  });

  it('is that of white inputs over λmax + tr/batch, for all samples too', () => {
    // By hand: q = 12.25 (settings/rate.test.ts, the white one); 2 + 12/4 = 5, 2 + 12/12 = 3.
    expect(curvature(e, 2, facts(4))).toBe(61.25);
    expect(derivedRate(e, 2, facts(4))).toBe(0.016);
    expect(derivedRate(e, 2, facts(12))).toBe(0.027);
    expect(derivedRate({ ...e, opt: 'momentum' }, 2, facts(4))).toBe(0.0048);
  });

  it('is smaller where the labels are noisy, as soon as the noise is felt beside the target', () => {
    const noisy = (noise: number) => ({ ...facts(4), inputs: { ...facts(4).inputs, noise } });
    // By hand: h = 5, both = 2·2·√4 = 8; the noise pulls with noise·(√16 + 1)·√5 = 11.18·noise, a quarter of σ₁·h is 1.25.
    expect(curvature(e, 2, noisy(0.1))).toBe(61.25);
    expect(curvature(e, 2, noisy(2))).toBeCloseTo(61.25 + 8 * (10 * Math.sqrt(5) - 1.25), 12);
  });

  it('of Adam does not look at the inputs', () => {
    for (const opt of ['adam', 'adamw'])
      for (const batch of [1, 64]) expect(derivedRate({ ...e, opt }, 8, facts(batch))).toBe(0.0078);
  });
});

const INITS = ['kaiming-uniform', 'gaussian', 'init-b', 'both-random', 'symmetric'] as const;

describe('at the derived rate regression does not diverge', () => {
  it.each([
    ['coloured inputs', { n: 32, k: 12, condition: 30, labelNoise: 0.1 }],
    ['fewer samples than inputs', { n: 16, k: 24, condition: 4 }],
  ])('%s', (_, wanted) => {
    const p = problem({ d: 10, truerank: 4, ...wanted });
    let runs = 0;
    const settings = optimisers.all.flatMap(({ name: opt }) =>
      [1, 4, 16].flatMap((ratio) => [...new Set([1, 4, 16, p.n])].map((batch) => ({ opt, ratio, batch }))),
    );
    const some = partOf(settings, 5, p.n);
    for (const { opt, ratio, batch } of some) {
      const ends = INITS.map((init) => {
        const { before, after, most: max } = lossesOf(p, init, opt, ratio, batch);
        const what = `${init}, ${opt}, ratio ${ratio}, batch ${batch}: ${before} → ${after}`;
        // A diverging run grows by a factor per step; single samples alone reach a few hundred.
        expect(max, what).toBeLessThan(1e4 * Math.max(before, 1));
        if (opt === 'sgd' || batch >= 16) expect(after, what).toBeLessThan(before);
        runs++;
        return after / before;
      });
      // With one sample per step momentum and Adam, whose rate looks at neither batch nor ratio, may hover above
      // it.
      const median = ends.sort((a, b) => a - b)[2];
      expect(median, `${opt}, ratio ${ratio}, batch ${batch}`).toBeLessThan(batch === 1 ? 2 : 1);
    }
    expect(runs).toBe(INITS.length * some.length);
  });
});

/** Losses of all samples before and after 60 steps, and the largest loss of a batch on the way. */
function lossesOf(p: ReturnType<typeof problem>, init: InitName, opt: OptimiserName, ratio: number, batch: number) {
  const { d, k, n, R, base } = p;
  const { X } = p.samples;
  const [rank, scaling] = [4, 2];
  const streams = { streamA: p.streams('A'), streamB: p.streams('B') };
  const { A, B } = initFactors[init]({ ...contextOf({ base, rank, scaling }), ...streams, sigma: 0.3 });
  const facts = { a: largest(A), b: largest(B), sigma1: 1, inputs: { ...inputFacts(X), batch, noise: 0 } };
  const lr = derivedRate({ opt, ratio, d, k, rank }, scaling, facts);
  const batches = batchesOf(n, batch, p.streams);
  const end = train({ R, X, A, B, scaling, opt, lr, ratio, steps: 60, batches });
  const before = meanLoss(R, X, { A, B, scaling });
  return { before, after: meanLoss(R, X, { ...end, scaling }), most: Math.max(...end.loss) };
}

const largest = (m: Parameters<typeof largestSingularValue>[0]) => largestSingularValue(toFloat32(m));
