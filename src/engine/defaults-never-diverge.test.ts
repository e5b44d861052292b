import { describe, expect, it } from 'vitest';
import { normalRows } from '../experiment/draws.ts';
import { decide, param } from '../experiment/experiment.ts';
import { inits } from '../experiment/inits/index.ts';
import { layerCache, prepareLayer } from '../experiment/layer.ts';
import { optimisers } from '../experiment/optimisers/index.ts';
import type { Experiment } from '../experiment/params.ts';
import { derivedRate } from '../experiment/rate.ts';
import { SCALINGS, type Scaling, scalingOf } from '../experiment/scaling.ts';
import { targets } from '../experiment/targets/index.ts';
import type { Matrix64 } from '../math/matrix.ts';
import { stream } from '../math/random.ts';
import { typescriptStepper } from './steppers/typescript.ts';

const STEPS = 100;
const SHAPES = [
  [64, 64],
  [16, 96],
] as const;
const RANKS = [1, 4, 16, 64];

/** Loss at the start and at the end, and the largest in between, over ½‖ΔW*‖². */
async function lossesOf(e: Experiment, cache: ReturnType<typeof layerCache>, own: Matrix64 | null) {
  const layer = prepareLayer(e, own, { cache, vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  const scaling = scalingOf(e);
  const { d, k, rank, target, A, B, facts, targetNorm } = layer;
  const settings = { scaling, opt: e.opt, lr: derivedRate(e, scaling, facts), ratio: e.ratio };
  const stepper = typescriptStepper({ d, k, rank, target: target.data, A: A.data, B: B.data, settings });
  const unit = 0.5 * targetNorm * targetNorm;
  const start = (await stepper.measure()).entries.loss[0] / unit;
  const { loss } = (await stepper.steps(STEPS)).entries;
  stepper.dispose();
  return { start, end: loss[STEPS - 1] / unit, most: loss.reduce((a, b) => Math.max(a, b), 0) / unit };
}

describe('at the derived rate no experiment diverges, and each ends below its start', () => {
  for (const { name: target, ownMatrix } of targets.all) {
    for (const [d, k] of SHAPES) {
      const own = ownMatrix ? normalRows(d, k, 1, stream(1, 'own')) : null;
      it(`${target}, ${d} × ${k}`, async () => {
        const cache = layerCache();
        let runs = 0;
        for (const { name: init, filling } of inits.all)
          for (const rank of RANKS.filter((r) => r <= Math.min(d, k)))
            for (const scaling of Object.keys(SCALINGS) as Scaling[])
              for (const { name: opt } of optimisers.all) {
                const wanted: Partial<Experiment> = { target, init, d, k, rank, scaling, opt };
                const e = decide((key, draft) => wanted[key] ?? param(key).default(draft));
                const { start, end, most } = await lossesOf(e, cache, own);
                const what = `${init}, rank ${rank}, ${scaling}, ${opt}: ${start} → ${end}`;
                runs++;
                expect(most, what).toBeLessThan(1e6 * Math.max(1, start));
                if (filling.A === 'zero' && filling.B === 'zero') expect(end, what).toBe(start);
                else if (init === 'svd') expect(end - start, what).toBeLessThan(2e-2);
                else expect(end, what).toBeLessThan(start);
              }
        expect(runs).toBe(inits.all.length * RANKS.filter((r) => r <= Math.min(d, k)).length * 3 * 4);
      });
    }
  }
});
