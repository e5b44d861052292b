import { describe, expect, it } from 'vitest';
import { productTarget } from '../../experiment/layer/problem.ts';
import { prepareModule } from '../../experiment/layer/testing/one-module.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { derivedRate, leastOf, scalingOf } from '../../experiment/settings/rate.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { steppers } from '../testing/back-ends.ts';
import type { OneEntries } from '../testing/one-matrix.ts';

/** The landscape at rank 8 on every stepper that runs in Node. */
async function curves(changes: Partial<Experiment>): Promise<readonly OneEntries[]> {
  const e = { ...parseLink(presets.byName('picture').link).experiment, ...changes };
  const layer = prepareModule(e, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  const { d, k, rank, facts } = layer;
  const scaling = scalingOf(e);
  const settings = { scaling, opt: e.opt, lr: leastOf(e.lr ?? derivedRate(e, scaling, facts)), ratio: e.ratio };
  const start = { d, k, rank, target: productTarget(layer).data, A: layer.A.data, B: layer.B.data, settings };
  const found = [];
  for (const { open } of partOf(steppers, 2, e.opt === 'sgd' ? 1 : 0)) {
    const stepper = await open(start);
    found.push((await stepper.steps(e.steps)).entries);
    stepper.dispose();
  }
  return found;
}

/** Largest difference between two runs, relative to the largest value. */
function apart(runs: readonly OneEntries[], of: 'loss' | 'gradNormB', step: number): number {
  const values = runs.map((run) => run[of][step - 1]);
  return 1 - Math.min(...values) / Math.max(...values);
}

describe('what the page says of curves on several back ends', () => {
  it('Adam: on the way to the floor they agree, at the floor gradients part and rise, the loss stays', async () => {
    const runs = await curves({});
    expect(apart(runs, 'gradNormB', 100)).toBeLessThan(1e-4);
    expect(apart(runs, 'gradNormB', 300)).toBeGreaterThan(0.1);
    expect(apart(runs, 'loss', 300)).toBeLessThan(0.01);
    for (const { gradNormB, loss } of runs) {
      const min = Math.min(...gradNormB.slice(0, 130));
      expect(Math.min(...gradNormB.slice(150))).toBeGreaterThan(1.5 * min);
      expect(loss[299] / loss[119]).toBeCloseTo(1, 1);
    }
  });

  it('SGD: they agree all the way, and the gradients fall', async () => {
    const runs = await curves({ opt: 'sgd', steps: 1000 });
    expect(apart(runs, 'gradNormB', 1000)).toBeLessThan(1e-3);
    for (const { gradNormA, gradNormB } of runs) {
      for (const norm of [gradNormA, gradNormB]) expect(norm[999]).toBeLessThan(norm[299] / 3);
    }
  });
});
