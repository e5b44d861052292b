import { describe, expect, it } from 'vitest';
// Its gradients, which the page registers one by one.
import '@tensorflow/tfjs';
import { type OptimiserName, optimisers } from '../../../experiment/optimisers.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { partOf } from '../../../math/testing/part-of.ts';
import { startWasmBackend } from '../../backends/own-backends.ts';
import { loops64 } from '../../tasks/network/loops.ts';
import { steppers, type TestedStepper } from '../../testing/back-ends.ts';
import { digitsStart, networkStart } from '../../testing/network-start.ts';
import { relativeDifference } from '../../testing/starts.ts';
import { networkStepper } from '../network.ts';
import type { Pack, Stepper, StepperStart } from '../stepper.ts';

const STEPS = 12;
const onTfjs = steppers.filter(({ name }) => name.startsWith('tfjs'));
const wasm = startWasmBackend('plain');
if ('missing' in wasm) throw new Error(wasm.missing);

async function trained(stepper: Stepper, steps = STEPS): Promise<readonly Pack[]> {
  return [await stepper.measure(), await stepper.steps(steps)];
}

/** The same steps as plain loops in float64 take. */
async function expectFloat64({ listed }: TestedStepper, start: StepperStart): Promise<void> {
  const stepper = await listed(start);
  const [found, wanted] = [await trained(stepper), await trained(networkStepper(start, loops64))];
  const losses = (packs: readonly Pack[]) => packs.flatMap(({ entries }) => [...entries.series.loss]);
  expect(relativeDifference(losses(found), losses(wanted))).toBeLessThan(1e-5);
  for (const [i, { name }] of start.modules.entries()) {
    for (const key of ['gradNormA', 'gradNormB', 'updateNormA', 'updateNormB'] as const) {
      const norms = (packs: readonly Pack[]) => packs.flatMap(({ entries }) => [...entries.modules[i][key]]);
      const [own, exact] = [norms(found), norms(wanted)];
      for (const [at, norm] of own.entries())
        expect(Math.abs(norm - exact[at]), `${key} of ${name}`).toBeLessThan(1e-4 * Math.max(...exact) + 1e-12);
    }
    const [own, exact] = [found, wanted].map((packs) => packs[1].modules[i]);
    for (const factor of ['A', 'B'] as const)
      expect(
        own[factor].reduce((most, x, at) => Math.max(most, Math.abs(x - exact[factor][at])), 0),
        `${factor} of ${name}`,
      ).toBeLessThan(1e-4);
  }
  stepper.dispose();
}

describe.each(onTfjs)('a network on $name', (one) => {
  it.each(
    partOf<[Partial<Experiment>]>(
      [
        [{ target: 'digits', rank: 4 }],
        [{ target: 'digits', method: 'full' }],
        [{ target: 'digits', rank: 5, modules: 'in,out', init: 'pissa', scaling: 'rslora' }],
        [{ target: 'classifier', rank: 4, modules: 'in,hidden,out' }],
        [{ target: 'classifier', method: 'full' }],
        [{ target: 'transformer', rank: 8, batch: 2 }],
        [{ target: 'transformer', method: 'full', batch: 2, modules: 'q,up' }],
      ],
      3,
      1 + onTfjs.indexOf(one),
    ),
  )('follows a float64 loop: %o', async (changes) => {
    await expectFloat64(one, await networkStart(changes));
  });

  it('follows a float64 loop through epochs whose last batch is smaller', async () => {
    await expectFloat64(one, digitsStart({ rank: 4, order: 'epochs', batch: 500 }));
  });

  it.each(partOf(one.rules, 2))('follows a float64 loop with another rate for B: $name', async ({ name }) => {
    await expectFloat64(
      one,
      digitsStart({
        opt: name,
        lr: name === 'signsgd' ? 0.001 : optimisers.byName(name).moments === 2 ? 0.003 : 0.02,
        ratio: 4,
      }),
    );
  });

  it('leaves a frozen factor as it is and measures its gradient', async () => {
    const start = digitsStart({ init: 'mica' });
    const frozen = start.modules[0].frozen === 'A' ? 'A' : 'B';
    const stepper = await one.listed(start);
    const { entries, modules } = await stepper.steps(3);
    expect(modules[0][frozen]).toEqual(start.modules[0][frozen]);
    expect([...entries.modules[0][`updateNorm${frozen}`]]).toEqual([0, 0, 0]);
    expect(entries.modules[0][`gradNorm${frozen}`][2]).toBeGreaterThan(0);
    stepper.dispose();
    await expectFloat64(one, start);
  });

  it.each(partOf(['adam', 'momentum'] as const, 2, onTfjs.indexOf(one)))(
    'takes over from WebAssembly and hands back: %s',
    async (opt) => {
      for (const method of ['lora', 'full'] as const) {
        const start = digitsStart({ opt, method });
        const whole = await (await wasm.open(start)).steps(9);
        let present: StepperStart = start;
        const losses: number[] = [];
        for (const [open, steps] of [
          [wasm.open, 3],
          [one.listed, 4],
          [wasm.open, 2],
        ] as const) {
          const stepper = await open(present);
          const { entries, modules } = await stepper.steps(steps);
          losses.push(...entries.series.loss);
          present = {
            ...start,
            modules: start.modules.map((module, i) => ({ ...module, ...modules[i] })),
            state: await stepper.optimiserState(),
            step: losses.length,
          };
          stepper.dispose();
        }
        expect(present.state?.t).toBe(9);
        expect(relativeDifference(losses, [...whole.entries.series.loss])).toBeLessThan(1e-5);
      }
    },
  );

  it('goes back to a snapshot exactly, its batch included, and measures anew under another scaling', async () => {
    const start = await networkStart({ target: 'classifier', rank: 4 });
    const stepper = await one.listed(start);
    await stepper.steps(3);
    const kept = stepper.snapshot();
    const before = await stepper.measure();
    const once = await stepper.steps(5);
    kept.restore();
    kept.dispose();
    expect(await stepper.steps(5)).toEqual(once);
    const scaled = (s: number) => start.settings.map((settings) => ({ ...settings, scaling: s }));
    stepper.tune(scaled(3));
    expect((await stepper.measure()).entries.series.loss[0]).not.toBe(once.entries.series.loss[4]);
    stepper.tune(start.settings);
    expect((await stepper.measure()).entries.series.loss[0]).toBe(once.entries.series.loss[4]);
    expect(before.entries.series.loss[0]).not.toBe(once.entries.series.loss[4]);
    stepper.dispose();
  });

  it('leaves no tensor behind in twenty runs', async () => {
    const starts = [
      await networkStart({ target: 'classifier', rank: 4 }),
      await networkStart({ target: 'transformer', rank: 2, batch: 1 }),
      digitsStart({ method: 'full' }),
      digitsStart({ rank: 2 }),
    ];
    const before = one.tensors();
    for (let run = 0; run < 20; run++) {
      const start = starts[run % starts.length];
      const stepper = await one.listed(start);
      const kept = stepper.snapshot();
      await stepper.steps(1 + (run % 4));
      const opt: OptimiserName = run % 2 === 0 ? 'adamw' : 'momentum';
      stepper.tune(start.settings.map((settings) => ({ ...settings, opt, scaling: 1, ratio: 2 })));
      await stepper.steps(2);
      kept.restore();
      kept.dispose();
      await stepper.optimiserState();
      stepper.dispose();
    }
    expect(one.tensors()).toBe(before);
  });
});
