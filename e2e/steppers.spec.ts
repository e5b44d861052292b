import type { Page } from '@playwright/test';
import { ADAM_SETTINGS, randomStart } from '../src/engine/testing/starts.ts';
import { needsWholeMatrices, optimisers } from '../src/experiment/optimisers.ts';
import { partOf } from '../src/math/testing/part-of.ts';
import { expect, test } from './fixtures.ts';
import { fallingStart } from './workbench/starts.ts';
import type { Workbench } from './workbench/steppers.ts';
import { openWorkbench } from './workbench/workbench.ts';

/** The fused steppers in a browser; 'real' is the tiling of a real device, which an emulated one runs as well. */
const FUSED = ['direct', 'algebraic', 'algebraic, real', 'direct, real'] as const;
const RULES = optimisers.all.filter(({ name }) => !needsWholeMatrices(name));
const ALL = ['direct', 'algebraic', 'tfjs'] as const;

let page: Page;

// One page for all: compiling takes the time.
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  await openWorkbench(page, 'e2e/workbench/steppers.ts');
});
test.afterAll(() => page.close());

function call<K extends keyof Workbench>(
  name: K,
  ...args: Parameters<Workbench[K]>
): Promise<Awaited<ReturnType<Workbench[K]>>> {
  return page.evaluate(
    ([called, given]) => {
      const { workbench } = globalThis as unknown as { workbench: Record<string, (...args: unknown[]) => unknown> };
      return workbench[called as string](...(given as unknown[]));
    },
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<Workbench[K]>>>;
}

/** The cases' settings cycle with periods 3, 4, 5 and 7: any share of a circle covers them all, 11 and 23 being coprime. */
const CIRCLE = partOf([23, 11], 2).at(-1) ?? 23;

for (const [name, shares] of [
  ['direct', 4],
  ['algebraic', 1],
  ['direct, real', 1],
  ['algebraic, real', 1],
] as const) {
  test(`ragged sizes against float64: ${name}`, async () => {
    const worst = await call('ragged', name, shares, CIRCLE);
    const tolerances = { loss: 4e-6, gradNormA: 4e-6, gradNormB: 4e-6, A: 1e-6, B: 1e-6 };
    for (const [key, tolerance] of Object.entries(tolerances)) {
      expect(worst[key].error, `${key} of ${worst[key].title}`).toBeLessThan(tolerance);
    }
  });
}

for (const name of ALL) {
  test(`golden values: ${name}`, async () => {
    for (const { title, relative, factors } of await call('golden', name)) {
      expect(relative, title).toBeLessThan(1e-4);
      expect(factors, title).toBeLessThan(1e-5);
    }
    for (const { loss, gradA, gradB } of await call('goldenGradients', name)) {
      expect(loss).toBeLessThan(5e-6);
      expect(Math.max(gradA, gradB)).toBeLessThan(5e-6);
    }
  });
}

// The other two only in the sizes above.
for (const name of partOf(FUSED, 2)) {
  const form = name.startsWith('direct') ? 'direct' : 'algebraic';
  for (const { name: opt } of RULES) {
    test(`the kernel and its twin: ${name}, ${opt}`, async () => {
      // Not a multiple of any tile; the larger rank is distributed over threads.
      for (const [d, k, rank] of [
        [37, 70, 5],
        [40, 33, 21],
      ]) {
        const settings = { ...ADAM_SETTINGS, opt, ratio: 4, scaling: 1.3 };
        const start = { ...randomStart(d, k, rank, settings), B: randomStart(d, d, rank, ADAM_SETTINGS, 2).A };
        const moment = (seed: number) => ({
          A: randomStart(d, k, rank, ADAM_SETTINGS, seed).A,
          // Second moments are never negative.
          B: randomStart(d, d, rank, ADAM_SETTINGS, seed).A.map(Math.abs),
        });
        const [m, v] = [moment(3), moment(4)];
        const state = { t: 4, A: [m.A, v.A.map(Math.abs)], B: [m.B, v.B] };
        const errors = await call('twinErrors', form, !name.endsWith('real'), { ...start, state });
        expect(Math.max(errors.factors, errors.moments, errors.grams, ...errors.sums)).toBeLessThan(2e-6);
      }
    });
  }

  test(`snapshots and packs, bit for bit: ${name}`, async () => {
    for (const { name: opt } of RULES) {
      const exact = await call('snapshots', name, randomStart(16, 24, 4, { ...ADAM_SETTINGS, opt, lr: 0.003 }));
      expect(exact, opt).toEqual({ back: true, again: true, second: true });
    }
    const start = fallingStart(24, 20, 5, { ...ADAM_SETTINGS, scaling: 1, lr: 0.02 });
    const packs = await call('packs', name, start, 600);
    expect(packs.same).toBe(true);
    // Far enough for the algebraic form to repeat a pack, with losses measured directly.
    expect(packs.share).toBeLessThan(1e-3);
  });

  test(`other settings, exact zeros, frozen factors: ${name}`, async () => {
    const tuning = await call('tuning', name);
    expect(tuning).toMatchObject({ keepsFactors: true, keepsUpdateNorm: true, changesLoss: true, changesBack: true });
    expect(tuning.startsAfresh).toBeLessThan(1e-6);
    const exact = await call('exactness', name);
    expect(exact.gradNormA[0]).toBe(0);
    expect(exact.gradNormA[1]).toBeGreaterThan(0);
    expect(exact.updateNorms).toEqual([0, 0, 0]);
    expect(exact.updateNormB).toBeCloseTo(1, 5);
    expect(exact).toMatchObject({ frozenStays: true, otherMoves: true });
    expect(exact.frozenGradient).toBeGreaterThan(0);
  });

  test(`takes over from the processor and hands back: ${name}`, async () => {
    for (const { name: opt, moments } of RULES) {
      for (const frozen of [null, 'A'] as const) {
        const start = { ...randomStart(14, 9, 3, { ...ADAM_SETTINGS, opt, lr: 0.003 }), frozen };
        const result = await call('handOver', name, start);
        expect(result, opt).toMatchObject({ exact: true, t: 14, counts: [moments, moments] });
        expect(result.loss, opt).toBeLessThan(1e-6);
      }
    }
  });

  test(`one dispatch a step, one submit and one read a pack, no new buffer: ${name}`, async () => {
    const counts = await call('countsOf', name, randomStart(40, 30, 4), 20);
    expect(counts).toEqual({ dispatches: 21, submits: 1, maps: 1, buffers: 0 });
    const second = randomStart(50, 20, 10, { ...ADAM_SETTINGS, opt: 'sgd' });
    const compiles = await call('compilesOf', name, randomStart(12, 12, 10), second);
    // An earlier test may have had this rank.
    expect(compiles[0]).toBeLessThanOrEqual(1);
    expect(compiles[1]).toBe(0);
    const [before, during, after] = await call('buffersOverRuns', name, randomStart(8, 6, 2));
    expect(during).toBeGreaterThan(before);
    expect(after).toBe(before);
  });

  test(`the loss that is shown, down to convergence: ${name}`, async () => {
    const tolerance = form === 'direct' ? 1e-6 : 1e-5;
    const calm = randomStart(64, 64, 8, { scaling: 1, opt: 'adam', lr: 1e-3, ratio: 1 });
    expect(await call('lossError', name, calm, 200)).toBeLessThan(tolerance);
    const falling = fallingStart(48, 40, 6, { scaling: 1, opt: 'momentum', lr: 0.01, ratio: 1 });
    const stages = await call('lossStages', name, falling, 30, 20);
    const shares = stages.map(({ share }) => share);
    expect(shares[0]).toBeGreaterThan(2e-2);
    expect(Math.min(...shares)).toBeLessThan(1e-10);
    for (const { share, error } of stages) {
      // E is rounded at 1e-7 of ΔW*: far down, a relative error of the loss cannot be smaller than this.
      expect(error, `at ${share} of the first loss`).toBeLessThan(tolerance + 1e-7 / Math.sqrt(share));
    }
  });
}
