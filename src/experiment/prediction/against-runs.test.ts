/** The laws against runs of the engine in float32. */

import { describe, expect, it } from 'vitest';
import { multiply, scale, toFloat64, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { initFactors } from '../inits/factors.ts';
import { contextOf } from '../inits/testing/context.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { firstStepSizes } from './first-step.ts';
import { BAND, lawOf } from './predict.ts';
import { compared } from './testing/measure.ts';

const TARGETS = ['low-rank', 'decay', 'rotation', 'edit'] as const;

describe('SGD from an aligned start', () => {
  it.each(partOf(TARGETS, 2))('takes the steps of the recursion, to the rounding of float32, on %s', async (target) => {
    for (const [rank, ratio, size] of [
      [4, 1, 1],
      [8, 4, 2],
    ]) {
      const { distance, single, largest } = await compared({ target, rank, ratio, size, init: 'aligned' }, 200);
      expect(distance).toBeLessThan(2e-6);
      expect(single).toBeLessThan(4e-6 * largest);
    }
  });
});

describe('polar steps from an aligned start', () => {
  it('are those of the recursion, and the small directions arrive first', async () => {
    const settings = {
      target: 'low-rank',
      shape: 'geometric',
      truerank: 4,
      rank: 4,
      opt: 'polar',
      init: 'aligned',
    } as const;
    const { prediction, distance } = await compared({ ...settings, noise: 0 }, 120);
    expect(prediction.arrivals).toEqual([32, 24, 18, 14]);
    expect(distance).toBeLessThan(2e-6);
  });
});

describe('the flow', () => {
  it.each(partOf(TARGETS, 2))(
    'is near SGD from orthogonal rows and at rank 1, nearer at a tenth of the rate, on %s',
    async (target) => {
      for (const changes of [{ rank: 4, init: 'orthonormal' }, { rank: 1 }] as const) {
        const [usual, slow] = [
          await compared({ target, ...changes }, 200),
          await compared({ target, ...changes }, 200, 0.1),
        ];
        expect(usual.distance).toBeLessThan(0.05);
        expect(slow.distance).toBeLessThan(0.01);
        expect(slow.single).toBeLessThan(0.03 * slow.largest);
      }
    },
  );

  it.each(partOf(TARGETS, 2))(
    'is near SGD from Kaiming in the error, and in single directions within the band, on %s',
    async (target) => {
      const { distance, single, largest, prediction } = await compared({ target, rank: 8 }, 200);
      expect(distance).toBeLessThan(0.09);
      expect(prediction.band).toBe(BAND);
      expect(single).toBeLessThan(BAND * largest);
      expect((await compared({ target, rank: 4 }, 200)).prediction.directions).toEqual([]);
    },
  );
});

describe('the first step', () => {
  it.each(['kaiming-uniform', 'gaussian'] as const)(
    'has the size that is expected of it over many draws of %s',
    (init) => {
      const [d, k, rank, alpha, rate] = [12, 20, 5, 8, 0.01];
      const M = scale(gaussian(d, k, stream(2, 'target')), 0.3);
      const norm = Math.sqrt(M.data.reduce((sum, x) => sum + x * x, 0));
      const s = alpha / rank;
      const draws = 600;
      const squares = { sgd: 0, adam: 0 };
      for (let seed = 0; seed < draws; seed++) {
        const context = contextOf({ base: { rows: d, cols: k, data: new Float32Array(d * k) }, rank, seed });
        const A = toFloat64(initFactors[init](context).A);
        const gradient = scale(multiply(M, transpose(A)), s);
        for (const opt of ['sgd', 'adam'] as const) {
          const B = { ...gradient, data: gradient.data.map((g) => rate * (opt === 'sgd' ? g : Math.sign(g))) };
          for (const x of multiply(B, A).data) squares[opt] += (s * x) ** 2 / draws;
        }
      }
      const uniform = init === 'kaiming-uniform';
      const run = { d, k, rank, alpha, rate, uniform, norm, variance: uniform ? 1 / (3 * k) : 1 / rank };
      for (const opt of ['sgd', 'adam'] as const) {
        const said = firstStepSizes(opt, run)?.standard ?? 0;
        expect(Math.sqrt(squares[opt]) / norm / said, opt).toBeCloseTo(1, 1);
        expect(Math.abs(squares[opt] / norm ** 2 / said ** 2 - 1), opt).toBeLessThan(0.04);
      }
      expect(firstStepSizes('muon', run)).toBeNull();
      // v fixed and r ≪ k: SGD goes with s², Adam with s.
      const [sgd, adam] = (['sgd', 'adam'] as const).map((opt) => firstStepSizes(opt, run));
      expect((sgd?.rslora ?? 0) / (sgd?.standard ?? 1)).toBeCloseTo(rank, 10);
      expect((adam?.rslora ?? 0) / (adam?.standard ?? 1)).toBeCloseTo(Math.sqrt(rank), 10);
    },
  );
});

describe('which law holds', () => {
  const law = (changes: Partial<Experiment>) => lawOf({ ...defaults(), opt: 'sgd', ...changes });

  it('is said by the start, the rank and the optimiser', () => {
    expect(law({ init: 'aligned' })).toEqual({ kind: 'recursion', rule: 'sgd' });
    expect(law({ init: 'orthonormal' })).toEqual({ kind: 'flow' });
    expect(law({ rank: 1, init: 'gaussian' })).toEqual({ kind: 'flow' });
    expect(law({})).toEqual({ kind: 'band' });
  });

  it('is none, with a word why, for all else', () => {
    for (const [changes, why] of [
      [{ opt: 'adam' }, 'No law for Adam yet.'],
      [{ opt: 'momentum', init: 'aligned' }, 'No law for Momentum yet.'],
      [{ init: 'gaussian' }, 'No law from Gaussian yet, but at rank 1.'],
      [{ train: 'B' }, 'No law for a frozen factor yet.'],
      [{ opt: 'muon', init: 'aligned' }, 'No law for Muon yet.'],
      [{ init: 'pissa' }, 'No law from PiSSA yet: one is known for B = 0 and a random or aligned A.'],
      [
        { init: 'symmetric', rank: 1 },
        'No law from Symmetric, σ yet: one is known for B = 0 and a random or aligned A.',
      ],
      [{ warmup: 10 }, 'No law with “Warm-up” yet.'],
      [{ schedule: 'cosine' }, 'No law with “Schedule” yet.'],
      [{ target: 'regression' }, 'No law for regression: batches are drawn at random.'],
      [{ target: 'digits' }, 'No law for networks.'],
      [{ d: 512, k: 512 }, 'No law above 256 rows or columns: it needs all directions of ΔW*.'],
    ] as const)
      expect(law(changes)).toEqual({ kind: 'none', why });
  });
});
