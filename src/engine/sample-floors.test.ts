import { describe, expect, it } from 'vitest';
import { floorOf } from '../experiment/layer/floor.ts';
import { layerCache } from '../experiment/layer/problem.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { experimentOf, layerOf, trainAtDerivedRate } from './testing/derived-runs.ts';

const SEEDS = [1, 2, 3];

/** A run in full batches until it hardly moves any more. */
async function trainedOn(wanted: Partial<Experiment>, seed: number, steps: number) {
  const sizes = { target: 'regression', d: 16, k: 24, rank: 4, truerank: 10, opt: 'momentum' } as const;
  const e = experimentOf({ ...sizes, ...wanted, batch: wanted.samples, seed });
  const layer = layerOf(e, layerCache());
  const { losses, relativeError } = (await trainAtDerivedRate(e, layer, steps)).summary;
  if (!layer.data || !losses) throw new Error('no samples');
  return {
    ...losses,
    floors: layer.data.floors,
    error: relativeError ?? Number.NaN,
    errorFloor: floorOf(layer.spectrum.values)[e.rank],
  };
}

describe('trained runs on samples', () => {
  const touches = ({ training, floors }: Awaited<ReturnType<typeof trainedOn>>) => {
    expect(training / floors.training).toBeGreaterThan(1 - 1e-5);
    expect(training / floors.training).toBeLessThan(1.02);
  };

  it.each(SEEDS)(
    'no noise, coloured inputs, more samples than inputs: on the weighted floor: seed %i',
    async (seed) => {
      const run = await trainedOn({ samples: 96, condition: 30, labelnoise: 0 }, seed, 3000);
      touches(run);
      // All singular values of ΔW* are equal, so that any r of its directions are as good in the unweighted error.
      expect(run.error / run.errorFloor).toBeCloseTo(1, 4);
    },
  );

  it.each(SEEDS)(
    'no noise, coloured inputs, fewer samples: on it, and above the unweighted one: seed %i',
    async (seed) => {
      const run = await trainedOn({ samples: 20, condition: 30, labelnoise: 0 }, seed, 3000);
      touches(run);
      expect(run.error / run.errorFloor).toBeGreaterThan(1.02);
    },
  );

  it.each(SEEDS)(
    'few noisy samples: the training loss on its own floor, below the held-out one: seed %i',
    async (seed) => {
      const run = await trainedOn({ samples: 20, condition: 10, labelnoise: 0.3 }, seed, 3000);
      touches(run);
      expect(run.training).toBeLessThan(0.8 * run.floors.heldOut);
      expect(run.heldOut).toBeGreaterThan(run.floors.heldOut);
    },
  );
});
