import { describe, expect, it } from 'vitest';
import { type OneModule, prepareModule } from '../../experiment/layer/testing/one-module.ts';
import { decide, param } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { partOf } from '../../math/testing/part-of.ts';
import type { StepEntries } from '../steppers/stepper.ts';
import { initialFactors, startFrom, taskOf } from '../tasks/task.ts';
import { steppers, type TestedStepper, typescript } from '../testing/back-ends.ts';
import { Trainer } from './trainer.ts';
import { settingsOf, tuningOf } from './tuner.ts';

function layerOf(wanted: Partial<Experiment>): { e: Experiment; layer: OneModule } {
  const e = decide((key, draft) => wanted[key] ?? param(key).default(draft));
  const layer = prepareModule(e, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return { e, layer };
}

async function trainerFor(wanted: Partial<Experiment>, { listed }: TestedStepper) {
  const { e, layer } = layerOf(wanted);
  const settings = settingsOf(tuningOf(e, [layer]), [layer]);
  const task = taskOf(layer.problem);
  const stepper = await listed({ ...startFrom(task, initialFactors(layer.problem)), settings });
  const loss: number[] = [];
  const norms: [number, number][] = [];
  const sink = (step: number, entries: StepEntries) => {
    const [{ gradNormA, gradNormB }] = entries.modules;
    for (const [i, value] of entries.series.loss.entries()) {
      loss[step + i] = value;
      norms[step + i] = [gradNormA[i], gradNormB[i]];
    }
  };
  const trainer = new Trainer(stepper, layer.problem, settings, await stepper.measure(), sink, task);
  return { trainer, stepper, layer, settings, loss, norms };
}

async function trainInPacks(wanted: Partial<Experiment>, tested: TestedStepper, pack: number, max: number) {
  const { trainer, stepper, loss } = await trainerFor(wanted, tested);
  let halt = null;
  while (!halt && trainer.step < max)
    halt = await trainer.advance(Math.min(pack, max - trainer.step), true, () => true);
  stepper.dispose();
  return { halt, step: trainer.step, loss };
}

const SMALL = { d: 6, k: 5, rank: 5, truerank: 2, noise: 0 } as const;

describe.each(steppers)('$name', (tested) => {
  it('diverges at the same step in packs of any size', async () => {
    const wanted = { d: 14, k: 9, rank: 3, opt: 'sgd', lr: 8 } as const;
    const single = await trainInPacks(wanted, tested, 1, 400);
    expect(single.halt).toBe('diverged');
    expect(single.loss).toHaveLength(single.step + 1);
    for (const pack of partOf([7, 64], 2)) expect(await trainInPacks(wanted, tested, pack, 400)).toEqual(single);
  });

  it('converges at the same step in packs of any size', async () => {
    const wanted = { ...SMALL, opt: 'sgd' } as const;
    const single = await trainInPacks(wanted, tested, 1, 4000);
    expect(single.halt).toBe('converged');
    for (const pack of partOf([3, 64, 1000], 3, 1))
      expect(await trainInPacks(wanted, tested, pack, 4000)).toEqual(single);
  });
});

async function firstConverged(wanted: Partial<Experiment>, max: number): Promise<number> {
  const { trainer, layer, settings, norms } = await trainerFor(wanted, typescript);
  const { d, k, rank, targetNorm } = layer;
  for (let t = 1; t <= max; t++) {
    await trainer.advance(1, false, () => true);
    const [{ A, B }] = trainer.present.modules;
    const a = largestSingularValue({ rows: rank, cols: k, data: A });
    const b = largestSingularValue({ rows: d, cols: rank, data: B });
    const floor = 1e-6 * settings[0].scaling * targetNorm * Math.max(a, b);
    const quiet = [0, 1].every((f) => {
      const limit = Math.max(floor, 1e-5 * Math.max(...norms.map((n) => n[f])));
      return norms.slice(-50).every((n) => n[f] <= limit);
    });
    if (t >= 50 && quiet) return t;
  }
  return -1;
}

const CONVERGING: Partial<Experiment>[] = [
  { ...SMALL, opt: 'sgd' },
  { ...SMALL, opt: 'momentum', scaling: 'rslora', init: 'symmetric' },
  { ...SMALL, rank: 2, opt: 'adam', alpha: 2 },
  { ...SMALL, init: 'svd' },
];

it.each(partOf(CONVERGING, 2))('converges where the definition says: %o', async (wanted) => {
  const expected = await firstConverged(wanted, 6000);
  expect(expected).toBeGreaterThanOrEqual(50);
  const { halt, step } = await trainInPacks(wanted, typescript, 37, 6000);
  expect([halt, step]).toEqual(['converged', expected]);
});

it('never calls a dead start converged', async () => {
  expect(await trainInPacks({ ...SMALL, init: 'both-zero' }, typescript, 40, 400)).toMatchObject({
    halt: null,
    step: 400,
  });
});

it.each(['muon', 'polar', 'signsgd'] as const)('does not take a limit cycle for the end: %s', async (opt) => {
  const { halt, loss } = await trainInPacks({ ...SMALL, opt }, typescript, 100, 1500);
  expect(halt).toBe(null);
  // It has learned most, and still moves.
  const late = loss.slice(-100);
  expect(Math.max(...late)).toBeLessThan(0.02 * loss[0]);
  expect(Math.max(...late)).toBeGreaterThan(1.001 * Math.min(...late));
  expect(Math.min(...late)).toBeGreaterThan(1e-9 * loss[0]);
});

it('stands on step 0 where the first update is too large', async () => {
  const { halt, step, loss } = await trainInPacks({ ...SMALL, opt: 'sgd', lr: 1000, alpha: 1000 }, typescript, 16, 100);
  expect([halt, step, loss.length]).toEqual(['diverged', 0, 1]);
});

it('counts quiet steps from the start after a change, and after a wish to go on', async () => {
  const { trainer, settings, stepper } = await trainerFor({ ...SMALL, opt: 'sgd' }, typescript);
  const go = async () => {
    for (;;) if (await trainer.advance(64, true, () => true)) return trainer.step;
  };
  const first = await go();
  trainer.goOn();
  expect(await go()).toBe(first + 50);
  await trainer.tune(settings.map((own) => ({ ...own, lr: own.lr / 2 })));
  expect(await go()).toBe(first + 100);
  stepper.dispose();
});
