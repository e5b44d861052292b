import { expect, it } from 'vitest';
import { optimisers } from '../../../experiment/optimisers.ts';
import { relaxedWasm, typescript, wasm } from '../../testing/back-ends.ts';
import { ADAM_SETTINGS, fittedStart, randomStart, relativeDifference } from '../../testing/starts.ts';
import { hasFusedMultiplyAdd } from './wasm.ts';

it.each([wasm, relaxedWasm])(
  'makes the same steps in one pack as in many, whatever the module takes at a time: $name',
  async ({ open }) => {
    const [one, many] = [await open(randomStart(9, 7, 2)), await open(randomStart(9, 7, 2))];
    const whole = await one.steps(600);
    const parts = [await many.steps(1), await many.steps(256), await many.steps(343)];
    for (const key of ['loss', 'gradNormA', 'gradNormB', 'updateNormA', 'updateNormB'] as const) {
      expect([...whole.entries[key]]).toEqual(parts.flatMap(({ entries }) => [...entries[key]]));
    }
    expect([whole.A, whole.B]).toEqual([parts[2].A, parts[2].B]);
  },
);

it.each([wasm, relaxedWasm])(
  'has numbers that do not depend on how a state was reached, in both precisions of E and between them: $name',
  async ({ open }) => {
    const start = fittedStart(160, 128, 8, { ...ADAM_SETTINGS, lr: 0.002 });
    const straight = await open(start);
    const wanted = await straight.steps(400);
    expect(Math.min(...wanted.entries.loss) / wanted.entries.loss[0]).toBeLessThan(1e-5);
    const winding = await open(start);
    const curve: number[] = [];
    for (let i = 0; i < 40; i++) {
      const kept = winding.snapshot();
      await winding.steps(20);
      kept.restore();
      winding.tune({ ...start.settings, scaling: 0.1 });
      winding.tune(start.settings);
      kept.dispose();
      curve.push(...(await winding.steps(10)).entries.loss);
    }
    expect(curve).toEqual([...wanted.entries.loss]);
  },
);

const twins = [
  { from: typescript, to: wasm },
  { from: wasm, to: typescript },
  { from: wasm, to: relaxedWasm },
  { from: relaxedWasm, to: wasm },
];
for (const { name: opt } of optimisers.all) {
  it.each(twins)(`goes on from $from.name to $to.name as if nothing had happened: ${opt}`, async ({ from, to }) => {
    const start = randomStart(70, 33, 5, { ...ADAM_SETTINGS, opt, lr: 0.002 });
    const one = await from.open(start);
    const { A, B } = await one.steps(30);
    const other = await to.open({ ...start, A, B, state: await one.optimiserState() });
    const wanted = await one.steps(30);
    const { entries } = await other.steps(30);
    expect(relativeDifference(entries.loss, wanted.entries.loss)).toBeLessThan(1e-6);
    expect((await other.optimiserState()).t).toBe(60);
  });
}

it('multiplies and adds with one rounding where it is built for it, and with two where not', () => {
  expect(hasFusedMultiplyAdd('relaxed')).toBe(true);
  expect(hasFusedMultiplyAdd('plain')).toBe(false);
});

it('keeps its padding out of the factors and the optimiser’s state', async () => {
  const stepper = await wasm.open({ ...randomStart(5, 65, 3, { ...ADAM_SETTINGS, opt: 'adamw' }) });
  const { A, B } = await stepper.steps(4);
  const state = await stepper.optimiserState();
  expect([A, ...state.A].map((x) => x.length)).toEqual([195, 195, 195]);
  expect([B, ...state.B].map((x) => x.length)).toEqual([15, 15, 15]);
  expect([...A, ...B].every((x) => x !== 0)).toBe(true);
});

it('is of no use once disposed of', async () => {
  const stepper = await wasm.open(randomStart(4, 4, 2));
  stepper.dispose();
  await expect(stepper.steps(1)).rejects.toThrow('disposed');
});
