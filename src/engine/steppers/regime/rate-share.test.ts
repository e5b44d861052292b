import { describe, expect, it } from 'vitest';
import { change, defaults } from '../../../experiment/settings/experiment.ts';
import type { Schedule } from '../../../experiment/settings/rate.ts';
import { startWasmBackend, typescriptBackend } from '../../backends/own-backends.ts';
import { tilingFor } from '../../kernels/tiling.ts';
import { settingsOf, tuningOf } from '../../run/tuner.ts';
import { problemOf } from '../../tasks/problem-of.ts';
import { initialFactors, startFrom, taskOf } from '../../tasks/task.ts';
import { steppers } from '../../testing/back-ends.ts';
import { digitsStart } from '../../testing/network-start.ts';
import { startOfMatrix } from '../../testing/one-matrix.ts';
import { sampledStart } from '../../testing/sampled-start.ts';
import { ADAM_SETTINGS, randomStart, relativeDifference } from '../../testing/starts.ts';
import type { Stepper, StepperStart } from '../stepper.ts';
import { stepSettings } from '../webgpu/device-line.ts';
import { layoutOf } from '../webgpu/packing.ts';
import { pacedAt, rateShare } from './rate-share.ts';

/** As transformers' optimization.py has them, of a count of steps from 0. */
const PUBLISHED: Readonly<Record<Schedule['kind'], (step: number, warmup: number, steps: number) => number>> = {
  constant: (step, warmup) => (step < warmup ? step / Math.max(1, warmup) : 1),
  linear: (step, warmup, steps) =>
    step < warmup ? step / Math.max(1, warmup) : Math.max(0, (steps - step) / Math.max(1, steps - warmup)),
  cosine(step, warmup, steps) {
    if (step < warmup) return step / Math.max(1, warmup);
    const progress = (step - warmup) / Math.max(1, steps - warmup);
    return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * 0.5 * 2 * progress)));
  },
};
const KINDS = ['constant', 'linear', 'cosine'] as const;

describe.each(KINDS)('%s', (kind) => {
  it.each([
    [300, 0],
    [300, 30],
    [7, 1],
    [1, 0],
    [5, 5],
    [4, 9],
    [1000, 999],
  ])('has the shares of transformers at every step of %i, warmed up over %i', (steps, warmup) => {
    for (let step = 0; step < steps; step++) {
      const share = rateShare({ kind, warmup, steps }, step);
      expect(Math.abs(share - PUBLISHED[kind](step, warmup, steps)), `step ${step}`).toBeLessThan(1e-15);
    }
  });

  it('stays where it is beyond the budget', () => {
    for (const step of [300, 301, 450, 900])
      expect(rateShare({ kind, warmup: 10, steps: 300 }, step)).toBe(kind === 'constant' ? 1 : 0);
  });
});

const STEPS = 14;
const SCHEDULE: Schedule = { kind: 'cosine', warmup: 4, steps: STEPS };
/** The rate is set by hand before each step. */
async function byHand(open: (start: StepperStart) => Promise<Stepper>, { schedule: _, ...start }: StepperStart) {
  const stepper = await open(start);
  const losses = [...(await stepper.measure()).entries.series.loss];
  let last = await stepper.measure();
  for (let step = 0; step < STEPS; step++) {
    stepper.tune(start.settings.map((one) => pacedAt(SCHEDULE, one, step)));
    last = await stepper.steps(1);
    losses.push(...last.entries.series.loss);
  }
  return { losses, modules: last.modules };
}

async function scheduled(open: (start: StepperStart) => Promise<Stepper>, start: StepperStart) {
  const stepper = await open(start);
  const losses = [...(await stepper.measure()).entries.series.loss];
  const kept = stepper.snapshot();
  // A pack that goes too far is taken back.
  await stepper.steps(3);
  kept.restore();
  kept.dispose();
  const packs = [await stepper.steps(5), await stepper.steps(1), await stepper.steps(STEPS - 6)];
  for (const { entries } of packs) losses.push(...entries.series.loss);
  return { losses, modules: packs[2].modules };
}

function doraStart(): StepperStart {
  const e = change(change(defaults(), { d: 12, k: 10 }), { rank: 3, method: 'dora', lr: 0.01 });
  const problem = problemOf(e, { drawing: null, assets: null });
  if ('why' in problem) throw new Error(problem.why);
  const settings = settingsOf(tuningOf(e, problem.modules), problem.modules);
  return { ...startFrom(taskOf(problem), initialFactors(problem)), settings };
}

const wasm = startWasmBackend();
if ('missing' in wasm) throw new Error(wasm.missing);
const own = (opt: 'adamw' | 'sgd' | 'polar') => ({
  'a matrix': startOfMatrix(randomStart(9, 7, 3, { ...ADAM_SETTINGS, opt, ratio: 2 })),
  samples: startOfMatrix(sampledStart({ batch: 4, settings: { ...ADAM_SETTINGS, opt, ratio: 2 } }).start),
  'a network': digitsStart({ opt, lr: 0.01, ratio: 2 }),
  'another method': doraStart(),
});
const cases = (['adamw', 'sgd', 'polar'] as const).flatMap((opt) =>
  Object.entries(own(opt)).flatMap(([name, start]) =>
    ([typescriptBackend, wasm] as const)
      .filter((backend) => !(name === 'samples' && backend === wasm))
      .map((backend) => ({ opt, name, start: { ...start, schedule: SCHEDULE }, backend, on: backend.info.stepper })),
  ),
);

it.each(cases)('$on takes the steps of rates set by hand, to the bit: $name, $opt', async ({ start, backend }) => {
  const [found, wanted] = [await scheduled(backend.open, start), await byHand(backend.open, start)];
  expect(found.losses).toEqual(wanted.losses);
  expect(found.modules.map(({ A, B }) => [A, B])).toEqual(wanted.modules.map(({ A, B }) => [A, B]));
});

it.each(steppers.filter(({ name }) => name.startsWith('tfjs')))('$name follows the plain loops', async ({ listed }) => {
  for (const opt of ['adamw', 'momentum'] as const) {
    const start = { ...startOfMatrix(randomStart(9, 7, 3, { ...ADAM_SETTINGS, opt, ratio: 2 })), schedule: SCHEDULE };
    const wanted = await byHand(typescriptBackend.open, start);
    expect(relativeDifference((await scheduled(listed, start)).losses, wanted.losses)).toBeLessThan(1e-5);
  }
});

it('the dispatch of an update on WebGPU has its rate', () => {
  const layout = layoutOf({ d: 8, k: 8, rank: 2 }, tilingFor(2, 'direct', false));
  const at = (step: number) => stepSettings(layout, pacedAt(SCHEDULE, ADAM_SETTINGS, step), null, 0, step + 1);
  expect(at(0).rateA[0]).toBe(0);
  expect(at(2).rateB[0]).toBe((ADAM_SETTINGS.ratio * ADAM_SETTINGS.lr) / 2);
  expect(at(4).rateA[0]).toBe(ADAM_SETTINGS.lr);
});
