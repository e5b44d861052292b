import { describe, expect, it } from 'vitest';
import { partOf } from '../../math/testing/part-of.ts';
import { relaxedWasm, runLifecycle, steppers, wasm } from '../testing/back-ends.ts';
import { sampledStart } from '../testing/sampled-start.ts';
import { ADAM_SETTINGS, relativeDifference } from '../testing/starts.ts';

const onSamples = steppers.filter(({ name }) => name !== wasm.name && name !== relaxedWasm.name);
const largest = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  Array.from(y).reduce((max, v, i) => Math.max(max, Math.abs(v - x[i])), 0);

describe.each(onSamples)('on samples, $name', ({ open, tensors, rules, name: stepper }) => {
  const runs = rules.flatMap(({ name: opt }) =>
    [1, 4, 20].flatMap((batch) =>
      ([null, 'A', 'B'] as const).map((frozen) => ({ opt, batch, frozen, ratio: frozen === null ? 4 : 1 })),
    ),
  );
  it.each(
    partOf(
      runs,
      4,
      onSamples.findIndex(({ name }) => name === stepper),
    ),
  )('follows a float64 loop: $opt, batches of $batch, frozen $frozen', async ({ batch, frozen, ...rest }) => {
    const settings = { ...ADAM_SETTINGS, scaling: 0.7, lr: 0.004, ...rest };
    const { start, inFloat64, distance } = sampledStart({ batch, settings, frozen });
    const stepper = await open(start);
    const packs = [await stepper.measure(), await stepper.steps(11), await stepper.steps(29)];
    const wanted = inFloat64(40);
    const all = (key: 'loss' | 'gradNormA' | 'gradNormB') => packs.flatMap(({ entries }) => [...entries[key]]);
    expect(relativeDifference(all('loss'), wanted.loss)).toBeLessThan(2e-5);
    expect(relativeDifference(all('gradNormA'), wanted.gradNormA)).toBeLessThan(1e-4);
    expect(relativeDifference(all('gradNormB'), wanted.gradNormB)).toBeLessThan(1e-4);
    const { A, B, entries } = packs[2];
    expect(largest(A, wanted.A.data)).toBeLessThan(1e-5);
    expect(largest(B, wanted.B.data)).toBeLessThan(1e-5);
    expect((entries.distance?.[28] ?? Number.NaN) / distance(A, B)).toBeCloseTo(1, 5);
    if (frozen) expect(frozen === 'A' ? A : B).toEqual(start[frozen]);
    stepper.dispose();
  });

  it.each([
    { d: 1, k: 5, n: 9, batch: 2, rank: 1, truerank: 1 },
    { d: 6, k: 1, n: 7, batch: 3, rank: 1, truerank: 1 },
    { d: 1, k: 1, n: 2, batch: 1, rank: 1, truerank: 1 },
    { d: 5, k: 4, n: 1, batch: 1, rank: 2 },
    { d: 33, k: 17, n: 31, batch: 7, rank: 5 },
    { d: 17, k: 65, n: 70, batch: 64, rank: 16 },
    { d: 64, k: 48, n: 96, batch: 96, rank: 8 },
  ])('takes sizes that fit no block: %o', async (sizes) => {
    const { start, inFloat64, distance } = sampledStart({
      ...sizes,
      settings: { ...ADAM_SETTINGS, opt: 'momentum', lr: 1e-3 },
    });
    const stepper = await open(start);
    const { entries } = await stepper.measure();
    expect((entries.distance?.[0] ?? Number.NaN) / distance(start.A, start.B)).toBeCloseTo(1, 6);
    const rest = await stepper.steps(12);
    const wanted = inFloat64(12);
    expect(relativeDifference([...entries.loss, ...rest.entries.loss], wanted.loss)).toBeLessThan(1e-4);
    expect(largest(rest.A, wanted.A.data)).toBeLessThan(1e-5);
    expect(largest(rest.B, wanted.B.data)).toBeLessThan(1e-5);
    stepper.dispose();
  });

  // 31 samples in batches of 7: the fifth of each epoch has 3.
  it.each(['epochs', 'random'] as const)('follows a float64 loop whatever the order of samples: %s', async (order) => {
    const settings = { ...ADAM_SETTINGS, scaling: 0.7, lr: 0.004 };
    const { start, inFloat64 } = sampledStart({ n: 31, batch: 7, order, settings });
    const stepper = await open(start);
    const packs = [await stepper.measure(), await stepper.steps(3), await stepper.steps(17)];
    const wanted = inFloat64(20);
    const all = (key: 'loss' | 'gradNormA' | 'gradNormB') => packs.flatMap(({ entries }) => [...entries[key]]);
    expect(relativeDifference(all('loss'), wanted.loss)).toBeLessThan(2e-5);
    expect(relativeDifference(all('gradNormA'), wanted.gradNormA)).toBeLessThan(1e-4);
    expect(largest(packs[2].B, wanted.B.data)).toBeLessThan(1e-5);
    stepper.dispose();
  });

  it('has a gradient of A of exactly zero at step 0 where B = 0, and not after', async () => {
    const stepper = await open(sampledStart({ batch: 4, zeroB: true }).start);
    expect((await stepper.measure()).entries.gradNormA[0]).toBe(0);
    expect((await stepper.steps(1)).entries.gradNormA[0]).toBeGreaterThan(0);
    stepper.dispose();
  });

  it('makes many steps with large batches, more than are uploaded at a time, as in several calls', async () => {
    const { start } = sampledStart({ d: 120, k: 120, n: 97, batch: 96, rank: 1 });
    const [one, other] = [await open(start), await open(start)];
    const { entries } = await one.steps(50);
    const parts = [await other.steps(1), await other.steps(49)];
    expect([...entries.loss]).toEqual(parts.flatMap((part) => [...part.entries.loss]));
    one.dispose();
    other.dispose();
  });

  it('goes back to a snapshot exactly, its batch included', async () => {
    const stepper = await open(sampledStart({ batch: 3 }).start);
    await stepper.steps(4);
    const kept = stepper.snapshot();
    const standing = await stepper.measure();
    const once = await stepper.steps(9);
    kept.restore();
    expect(await stepper.measure()).toEqual(standing);
    const [first, second] = [await stepper.steps(2), await stepper.steps(7)];
    expect([...first.entries.loss, ...second.entries.loss]).toEqual([...once.entries.loss]);
    expect(second.A).toEqual(once.A);
    kept.dispose();
    stepper.dispose();
  });

  it('measures the batch of the present step again after a change of scaling', async () => {
    const stepper = await open(sampledStart({ batch: 3 }).start);
    const before = await stepper.steps(5);
    stepper.tune({ ...ADAM_SETTINGS, scaling: 1 });
    const other = (await stepper.measure()).entries;
    expect(other.loss[0]).not.toBe(before.entries.loss[4]);
    expect(other.distance?.[0]).not.toBe(before.entries.distance?.[4]);
    stepper.tune(ADAM_SETTINGS);
    const { entries } = await stepper.measure();
    expect(entries.loss[0]).toBe(before.entries.loss[4]);
    expect(entries.distance?.[0]).toBe(before.entries.distance?.[4]);
    stepper.dispose();
  });

  it.each(rules)('goes on from the step and state of another: $name', async ({ name }) => {
    const { start } = sampledStart({ batch: 6, settings: { ...ADAM_SETTINGS, opt: name, lr: 0.003 } });
    const one = await open(start);
    const { A, B } = await one.steps(6);
    const state = await one.optimiserState();
    const went = await one.steps(8);
    for (const rival of onSamples.filter((one) => one.rules.some((rule) => rule.name === name))) {
      const other = await rival.open({ ...start, A, B, state, step: 6 });
      const goes = await other.steps(8);
      expect(relativeDifference(goes.entries.loss, went.entries.loss), rival.name).toBeLessThan(2e-5);
      expect(relativeDifference(goes.entries.distance ?? [], went.entries.distance ?? [])).toBeLessThan(1e-5);
      other.dispose();
    }
    // The back end of the first is the active one again.
    (await open(start)).dispose();
    one.dispose();
  });

  it('leaves no tensor behind in twenty runs', async () => {
    const before = tensors();
    for (let run = 0; run < 20; run++) {
      const batch = [1, 5, 20][run % 3];
      const { start } = sampledStart({ batch, settings: { ...ADAM_SETTINGS, ratio: 2 } });
      await runLifecycle(await open(start), start, run);
    }
    expect(tensors()).toBe(before);
  });
});
