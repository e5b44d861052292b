import { describe, expect, it, vi } from 'vitest';
import type { KnownModule } from '../../experiment/layer/module.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { Up } from '../protocol/up.ts';
import { lastStep, TestPage } from '../testing/page.ts';
import { lateExtremes } from './late-extremes.ts';

const LARGE = { d: 300, k: 520, rank: 2, steps: 30 } as const;
const WATCH = { watch: { metrics: ['spectrum', 'extremes'], modules: null } } as const;
const stepsOf = (page: TestPage, run = 1) => page.all('extremes', run).map(({ step }) => step);
const told = (page: TestPage, step: number) =>
  page.when((m): m is Extract<Up, { type: 'extremes' }> => m.type === 'extremes' && m.step === step);

/** Every number of a message that a plain look at it finds. */
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
    const tuning = { alpha: 64, scaling: 'standard', opt: 'adam', ratio: 1, steps: 30, lr: rate } as const;
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
  } as unknown as KnownModule;
  const tell = vi.fn();
  const told = new Promise((resolve) => {
    lateExtremes(layer, () => 0, tell, resolve).offer(
      { step: 0, A: new Float32Array(), B: new Float32Array(), scaling: 1 },
      true,
    );
  });
  expect(await told).toBe(wrong);
  expect(tell).not.toHaveBeenCalled();
});

it('come no closer together than they are looked at, but for a run that rests', async () => {
  const page = new TestPage(undefined, [], () => 0);
  page.run(1, LARGE, { watch: { ...WATCH.watch, every: 40 } });
  await told(page, 0);
  await page.done(page.pace(1));
  await told(page, 30);
  // Time stands still, so that none but those is due.
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
