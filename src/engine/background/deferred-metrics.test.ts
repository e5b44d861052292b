import { describe, expect, it, vi } from 'vitest';
import type { ModuleWithTarget } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import type { FrameMessage, SpectraMessage } from '../protocol/frame.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { lastStep, TestPage } from '../testing/page.ts';
import { deferredExtremes, deferredSpectra } from './deferred-metrics.ts';

const LARGE = { d: 300, k: 520, rank: 2, steps: 30 } as const;
const WATCH = { watch: { metrics: ['spectrum', 'extremes'], modules: null } } as const;
const stepsOf = (page: TestPage, run = 1) => page.all('extremes', run).map(({ step }) => step);
const told = (page: TestPage, step: number) =>
  page.when((m): m is Extract<WorkerMessage, { type: 'extremes' }> => m.type === 'extremes' && m.step === step);

/** Length of the longest list in a message. */
function longest(message: unknown): number {
  if (ArrayBuffer.isView(message)) return message.byteLength / 4;
  if (typeof message !== 'object' || message === null) return 0;
  return Math.max(0, ...Object.values(message).map(longest));
}

describe('a layer that is drawn in blocks', () => {
  it('has its extremes at the first step, at a pause and at the end, after their frames', async () => {
    const page = new TestPage();
    page.run(1, LARGE, WATCH);
    await told(page, 0);
    await page.done(page.pace(1, Number.POSITIVE_INFINITY, 12));
    await told(page, 12);
    await page.done(page.pace(1));
    await told(page, 30);
    for (const step of [0, 12, 30]) {
      const frame = page.messages.findIndex((m) => m.type === 'frame' && lastStep(m as FrameMessage) === step);
      const extremes = page.messages.findIndex((m) => m.type === 'extremes' && m.step === step);
      expect(frame).toBeGreaterThanOrEqual(0);
      expect(extremes).toBeGreaterThan(frame);
    }
    expect(new Set(stepsOf(page)).size).toBe(stepsOf(page).length);
  });

  it('has them again under a changed scaling, and not those of before', async () => {
    const page = new TestPage();
    page.run(1, LARGE, WATCH);
    await page.done(page.pace(1, Number.POSITIVE_INFINITY, 8));
    const before = await told(page, 8);
    const { rate } = await page.ready(1);
    const tuning = {
      alpha: 64,
      scaling: 'standard',
      opt: 'adam',
      ratio: 1,
      epsilon: 1e-8,
      steps: 30,
      lr: rate,
    } as const;
    page.send({ type: 'tune', run: 1, tuning });
    const after = await page.when((m): m is typeof before => m.type === 'extremes' && m !== before && m.step === 8);
    // s was 16/2.
    expect(after.dW.values[0]).toBeCloseTo(before.dW.values[0] * 4, 5);
  });

  it('sends no array with as many numbers as W₀ has, once it is not listed in a run file', async () => {
    const page = new TestPage();
    page.run(1, LARGE, WATCH);
    await page.done(page.pace(1));
    await told(page, 30);
    const [{ base, basePlane, wanted }] = (await page.ready(1)).modules;
    expect([base, wanted?.matrix]).toEqual([null, null]);
    expect(basePlane.extreme?.values).toHaveLength(150 * 174);
    for (const message of page.messages) expect(longest(message), message.type).toBeLessThanOrEqual(150 * 174);
  });

  it('is left alone when a new run comes', async () => {
    const page = new TestPage();
    page.run(1, { ...LARGE, d: 1024, k: 1024 }, WATCH);
    await page.done(page.pace(1, Number.POSITIVE_INFINITY, 1));
    page.run(2, LARGE, WATCH);
    await told(page, 0);
    await page.ready(2);
    await page.settled();
    expect(stepsOf(page, 1).filter((step) => step > 0)).toEqual([]);
  });
});

it('tells what went wrong on the way', async () => {
  const wrong = new Error('a bug');
  const layer = {
    ...{ d: 600, k: 600, rank: 1, wanted: {} },
    get base(): never {
      throw wrong;
    },
  } as unknown as ModuleWithTarget;
  const report = vi.fn();
  const told = new Promise((resolve) => {
    deferredExtremes(layer, () => 0, report, resolve).offer(
      { step: 0, A: new Float32Array(), B: new Float32Array(), scaling: 1 },
      true,
    );
  });
  expect(await told).toBe(wrong);
  expect(report).not.toHaveBeenCalled();
});

it('come no closer together than they are looked at, but for a run that rests', async () => {
  const page = new TestPage(undefined, [], () => 0);
  page.run(1, LARGE, { watch: { ...WATCH.watch, every: 40 } });
  await told(page, 0);
  await page.done(page.pace(1));
  await told(page, 30);
  // Time stands still, so that only those are due.
  expect(stepsOf(page)).toEqual([0, 30]);
});

it('a small layer has none, and its picture is the matrix itself', async () => {
  const page = new TestPage();
  page.run(1, { steps: 5 }, WATCH);
  await page.done(page.pace(1));
  const [{ base, basePlane, wanted }] = (await page.ready(1)).modules;
  expect(basePlane.mean.values).toBe(base);
  expect(wanted?.plane).toEqual({
    mean: { values: wanted?.matrix, rows: 12, cols: 10, blockRows: 1, blockCols: 1 },
    extreme: null,
  });
  await page.settled();
  expect(page.all('extremes')).toEqual([]);
});

it('a page that does not watch extremes gets none', async () => {
  const page = new TestPage();
  page.run(1, { ...LARGE, steps: 3 });
  await page.done(page.pace(1));
  await page.settled();
  expect(page.all('extremes')).toEqual([]);
});

/** A module 2 × 2 of rank 2 whose B·A is diagonal. */
const problem = { modules: [{ name: 'W', d: 2, k: 2, rank: 2 }] } as unknown as Problem;
const at = (step: number, a: number, b: number) => ({
  ...{ step, scalings: [3] },
  modules: [{ A: Float32Array.of(a, 0, 0, b), B: Float32Array.of(1, 0, 0, 1) }],
});

function late() {
  const told: SpectraMessage['samples'][] = [];
  let fail = (_: unknown) => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  let hear = () => {};
  const spectra = deferredSpectra(
    problem,
    () => performance.now(),
    (samples) => {
      told.push(samples);
      hear();
    },
    fail,
  );
  const heard = () =>
    Promise.race([
      failed,
      new Promise<void>((resolve) => {
        hear = resolve;
      }),
    ]);
  return { spectra, told, heard };
}

it('gives the singular values of s·B·A at every step that was kept, once the run rests', async () => {
  const { spectra, told, heard } = late();
  spectra.keep(at(2, 0.5, 2));
  spectra.keep(at(4, 1, -3));
  expect(told).toEqual([]);
  spectra.begin(5);
  await heard();
  expect(told).toHaveLength(1);
  expect(told[0].map(({ step }) => step)).toEqual([2, 4]);
  const [first, second] = told[0].map((sample) => Array.from(sample.spectra[0] ?? []));
  expect(first).toEqual([expect.closeTo(6, 6), expect.closeTo(1.5, 6)]);
  expect(second).toEqual([expect.closeTo(9, 6), expect.closeTo(3, 6)]);
});

it('gives none from a change on, nor beyond the end of the run, nor twice', async () => {
  const { spectra, told, heard } = late();
  for (const step of [2, 4, 6, 8]) spectra.keep(at(step, 1, 1));
  spectra.cut(8);
  spectra.begin(6);
  await heard();
  expect(told[0].map(({ step }) => step)).toEqual([2, 4]);
  spectra.begin(9);
  spectra.keep(at(10, 1, 1));
  spectra.begin(11);
  await heard();
  expect(told[1].map(({ step }) => step)).toEqual([10]);
});

it('gives up every second one, however slow or quick the machine, where all of them would be much work', async () => {
  // 12·300³ multiplications each, and what the two factors take: 8·10⁸ are two spectra.
  const spectra = deferredSpectra(
    { modules: [{ name: 'W', d: 300, k: 300, rank: 300 }] } as unknown as Problem,
    () => performance.now(),
    (samples) => told.push(samples.map(({ step }) => step)),
    (error) => expect.unreachable(String(error)),
  );
  const told: number[][] = [];
  const factors = { A: new Float32Array(9e4).fill(0.1), B: new Float32Array(9e4).fill(0.1) };
  for (const step of [1, 2, 3, 4, 5, 6, 7, 8, 9]) spectra.keep({ step, scalings: [1], modules: [factors] });
  spectra.begin(10);
  await vi.waitUntil(() => told.length > 0, { timeout: 30_000 });
  expect(told).toEqual([[4, 8]]);
}, 30_000);

it('gives up every second one rather than keep much for later', async () => {
  const { spectra, told, heard } = late();
  // Factors of 4 MB each step.
  const large = (step: number) => ({
    ...{ step, scalings: [1] },
    modules: [{ A: new Float32Array(5e5), B: new Float32Array(5e5) }],
  });
  for (let step = 1; step <= 40; step++) spectra.keep(large(step));
  spectra.cut(1);
  for (let step = 41; step <= 43; step++) spectra.keep(at(step, 1, 1));
  spectra.begin(44);
  await heard();
  expect(told[0].map(({ step }) => step)).toEqual([41, 42, 43]);
});
