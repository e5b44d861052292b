import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { train as trainOnMatrix } from '../../engine/testing/float64.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { multiply, scale, subtract, toFloat32, toFloat64 } from '../../math/matrix.ts';
import { throughNf4 } from '../../math/nf4.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { inits } from '../inits/index.ts';
import { parseLink } from '../link/link.ts';
import { batchesOfLink } from '../regression/batches.ts';
import { residualLabels } from '../regression/loss.ts';
import { train as trainOnSamples } from '../regression/testing/reference.ts';
import type { Experiment } from '../settings/params.ts';
import { leastOf, scalingOf } from '../settings/rate.ts';
import { hasMovedPart } from './exported.ts';
import { exportedRun } from './testing/exported.ts';

/** The losses of the page, and those of the exported script from the same matrices, all in float64. */
async function losses(changes: Partial<Experiment>) {
  const { run, matrices } = await exportedRun(changes, nodeBackends);
  const { experiment: e } = run;
  const lr = leastOf(run.rate);
  const { initial } = run.modules[0];
  const { base, target, samples } = matrices;
  const scaling = scalingOf(e);
  const rest = () => toFloat32(subtract(base, scale(multiply(initial.B, initial.A), scaling)));
  const kept = hasMovedPart(run) || e.init === 'qpissa' ? rest() : base;
  const W = e.quant === 'nf4' ? throughNf4(kept) : kept;
  const frozen = inits.byName(e.init).frozen ?? null;
  const [A, B] = [toFloat64(initial.A), toFloat64(initial.B)];
  const settings = { scaling, opt: e.opt, lr, ratio: e.ratio };
  const { loss } = samples
    ? trainOnSamples({
        ...{ ...settings, A, B, frozen, steps: e.steps },
        ...{ R: residualLabels(W, samples), X: samples.X, batches: batchesOfLink(e, samples.X.cols) },
      })
    : trainOnMatrix(subtract(target, subtract(W, base)), A, B, settings, e.steps, frozen);
  return { page: Array.from(run.losses), script: loss };
}

type Losses = Awaited<ReturnType<typeof losses>>;

/** The largest relative difference, for losses that float32 can still distinguish from 0. */
const ofItself = ({ page, script }: Losses) =>
  Math.max(...page.map((loss, t) => (loss < 1e-7 * page[0] ? 0 : Math.abs(script[t] / loss - 1))));
const ofFirst = ({ page, script }: Losses) => Math.max(...page.map((loss, t) => Math.abs(script[t] - loss))) / page[0];

const runs = inits.all.flatMap(({ name: init, needs, frozen, quantises }) =>
  (['low-rank', 'regression'] as const).flatMap((target) =>
    (
      [
        ['sgd', 200],
        ['adam', 60],
      ] as const
    )
      // At the best point of a matrix target the gradients are rounding errors; some initialisations need samples.
      .filter(() => target === 'low-rank' || !quantises)
      .filter(([opt]) => target === 'regression' || !(needs?.includes('inputs') || (init === 'svd' && opt === 'adam')))
      .map(([opt, steps]) => ({
        init,
        target,
        opt,
        steps,
        both: !frozen,
        quant: quantises ? ('nf4' as const) : ('none' as const),
      })),
  ),
);
const SIZES = { d: 24, k: 20, rank: 4, truerank: 6, samples: 64 };

describe('the exported script has the losses of the page', () => {
  it('as docs/model.md says', () => {
    const text = readFileSync('docs/model.md', 'utf8').replaceAll(/\s+/g, ' ');
    const says =
      "their losses agree with the page's with every initialisation, on matrices and samples: if A and B have the same learning rate (λ = 1), within 10⁻⁵ of each loss; with a larger λ, within 10⁻⁵ of the first loss.";
    expect(text.includes(says)).toBe(true);
  });

  it.each(partOf(runs, 4))('$init, $target, $opt', async ({ both, ...changes }) => {
    expect(ofItself(await losses({ ...SIZES, ...changes }))).toBeLessThan(1e-5);
    if (both) expect(ofFirst(await losses({ ...SIZES, ...changes, ratio: 32 }))).toBeLessThan(1e-5);
  });

  it('where λ is large, of the first loss and not of each', async () => {
    const { experiment, faults } = parseLink(
      '#v=1&target=regression&base=decay&d=63&k=63&rank=1&alpha=2&scaling=rslora&truerank=2&samples=1&condition=8.17&labelnoise=0.1&batch=1&init=olora&opt=adam&ratio=31.8&steps=29&seed=77',
    );
    expect(faults).toEqual([]);
    const large = await losses(experiment);
    expect(ofItself(large)).toBeGreaterThan(1e-5);
    expect(ofFirst(large)).toBeLessThan(1e-5);
    expect(ofItself(await losses({ ...experiment, ratio: 1 }))).toBeLessThan(1e-5);
  });
});
