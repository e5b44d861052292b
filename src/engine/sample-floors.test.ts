/** What trained runs on samples can reach: each loss has a floor of its own. */

import { describe, expect, it } from 'vitest';
import { floorOf } from '../experiment/layer/floor.ts';
import { layerCache } from '../experiment/layer/problem.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { scalingOf } from '../experiment/settings/scaling.ts';
import { heldOutOf, trainingOf } from './task.ts';
import { regressionLoss } from './tasks/regression.ts';
import { experimentOf, layerOf, stepperOf } from './testing/derived-runs.ts';

const SEEDS = [1, 2, 3];

/** A run in full batches until it hardly moves any more. */
async function trained(wanted: Partial<Experiment>, seed: number, steps: number) {
  const sizes = { target: 'regression', d: 16, k: 24, rank: 4, truerank: 10, opt: 'momentum' } as const;
  const e = experimentOf({ ...sizes, ...wanted, batch: wanted.samples, seed });
  const layer = layerOf(e, layerCache());
  const stepper = stepperOf(e, layer);
  const { A, B, entries } = await stepper.steps(steps);
  stepper.dispose();
  const [training, heldOut] = [trainingOf(layer.problem), heldOutOf(layer.problem)];
  if (!layer.data || !training || !heldOut) throw new Error('no samples');
  return {
    training: regressionLoss(training, scalingOf(e), A, B),
    heldOut: regressionLoss(heldOut, scalingOf(e), A, B),
    floors: layer.data.floors,
    error: (entries.distance?.[steps - 1] ?? Number.NaN) / layer.targetNorm,
    errorFloor: floorOf(layer.spectrum.values)[e.rank],
  };
}

describe('trained runs on samples', () => {
  const touches = ({ training, floors }: Awaited<ReturnType<typeof trained>>) => {
    expect(training / floors.training).toBeGreaterThan(1 - 1e-5);
    expect(training / floors.training).toBeLessThan(1.02);
  };

  it.each(SEEDS)(
    'no noise, coloured inputs, more samples than inputs: on the weighted floor: seed %i',
    async (seed) => {
      const run = await trained({ samples: 96, condition: 30, labelnoise: 0 }, seed, 3000);
      touches(run);
      // All singular values of ΔW* are equal, so that every r of its directions are as good in the unweighted error.
      expect(run.error / run.errorFloor).toBeCloseTo(1, 4);
    },
  );

  it.each(SEEDS)(
    'no noise, coloured inputs, fewer samples: on it, and above the unweighted one: seed %i',
    async (seed) => {
      const run = await trained({ samples: 20, condition: 30, labelnoise: 0 }, seed, 3000);
      touches(run);
      expect(run.error / run.errorFloor).toBeGreaterThan(1.02);
    },
  );

  it.each(SEEDS)(
    'few noisy samples: the training loss on its own floor, below the held-out one: seed %i',
    async (seed) => {
      const run = await trained({ samples: 20, condition: 10, labelnoise: 0.3 }, seed, 3000);
      touches(run);
      expect(run.training).toBeLessThan(0.8 * run.floors.heldOut);
      expect(run.heldOut).toBeGreaterThan(run.floors.heldOut);
    },
  );
});
