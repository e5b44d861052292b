import { describe, expect, it } from 'vitest';
import type { Problem } from '../experiment/layer/problem.ts';
import { buffersOf } from '../math/buffers.ts';
import { yieldTask } from '../math/slices.ts';
import { estimatedBytes, secondsPerStep } from './cost.ts';
import type { Stepper } from './steppers/stepper.ts';
import { TestPage } from './testing/page.ts';

const shape = (d: number, k: number, rank: number) =>
  ({ kind: 'matrix', modules: [{ d, k, rank }] }) as unknown as Problem;
const MB = 1e6;

describe('the estimate of memory', () => {
  it.each([
    [12, 10, 3],
    [300, 520, 2],
    [200, 180, 16],
  ])('covers all that a run of %i × %i, rank %i holds and sends', async (d, k, rank) => {
    const page = new TestPage();
    page.run(
      1,
      { d, k, rank, truerank: 2, steps: 40 },
      { watch: { metrics: ['spectrum', 'extremes'], modules: null } },
    );
    await page.done(page.pace(1));
    const { bytes } = await page.ready(1);
    const sent = page.messages.flatMap(buffersOf).reduce((sum, buffer) => sum + buffer.byteLength, 0);
    // W₀ and ΔW*, and ΔW* in the stepper; without the page's pictures.
    expect(bytes).toBeGreaterThan(sent + 3 * 4 * d * k);
    // Not a wild guess either: the sixteen sets of extremes that a longer run keeps are 6 MB.
    expect(bytes).toBeLessThan(2 * (sent + 12 * 4 * d * k) + 7 * MB);
  });

  it('lets a 4096 × 4096 layer of rank 16 begin by itself, and asks where more than 500 MB are needed', () => {
    expect(estimatedBytes(shape(4096, 4096, 16), 300)).toBeLessThan(500 * MB);
    expect(estimatedBytes(shape(4096, 4096, 16), 300, 3)).toBeGreaterThan(500 * MB);
    expect(estimatedBytes(shape(4096, 4096, 256), 300)).toBeGreaterThan(500 * MB);
  });

  it('counts ΔW* and its transpose on a device that is timed beside the run, and what steps make on top', () => {
    const matrix = 4 * 4096 * 4096;
    const [plain, one] = [0, 1].map((scratch) => estimatedBytes(shape(4096, 4096, 16), 300, scratch));
    expect(plain).toBeGreaterThan(5 * matrix);
    expect(one - plain).toBe(matrix);
  });

  it('covers the samples of a regression, here and on the page', async () => {
    const page = new TestPage();
    page.run(1, { target: 'regression', d: 60, k: 50, rank: 2, samples: 2000, steps: 3 });
    const { bytes } = await page.ready(1);
    // Drawn, sent, and sample by sample with their residual labels.
    expect(bytes - estimatedBytes(shape(60, 50, 2), 3)).toBeGreaterThan(3.5 * 4 * 110 * 2000);
  });

  it('counts what is kept to look back up to a bound', () => {
    const [short, long, longer] = [10, 1000, 100_000].map((steps) => estimatedBytes(shape(1024, 1024, 16), steps));
    expect(long - short).toBeGreaterThan(90 * MB);
    expect(longer).toBe(long);
  });
});

describe('the time of a step', () => {
  function timedStepper(cost: number, each: () => void = () => {}) {
    let now = 0;
    const made: number[] = [];
    const steps = async (n: number) => {
      now += n * cost;
      made.push(n);
      each();
    };
    const snapshot = () => ({ restore: () => {}, dispose: () => {} });
    return { stepper: { steps, snapshot } as unknown as Stepper, clock: () => now, made };
  }

  it('is found in packs that grow until enough time has passed', async () => {
    const { stepper, clock, made } = timedStepper(2);
    expect(await secondsPerStep(stepper, clock, false)).toBeCloseTo(0.002);
    expect(made).toEqual([1, 1, 2, 4, 8]);
  });

  it('of the largest layers takes one step, and lets other messages pass between any two', async () => {
    const { stepper, clock, made } = timedStepper(9000);
    expect(await secondsPerStep(stepper, clock, false)).toBe(9);
    expect(made).toEqual([1]);
    // A message sent before each step has come by the next one.
    let waiting = 0;
    const quick = timedStepper(4, () => {
      expect(waiting).toBe(0);
      waiting += 1;
      void yieldTask().then(() => (waiting -= 1));
    });
    await secondsPerStep(quick.stepper, quick.clock, true);
    expect(quick.made.length).toBeGreaterThan(1);
  });
});
