import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { isShortJob, matricesOf, nextJob, poolSize } from './pool.ts';
import { type FakeWorker, fakePool, settlePromises } from './testing/fake-pool.ts';

describe('the pool', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('starts no more workers than it may, gives each one job at a time, in order, and the answers to who asked', async () => {
    const { workers, results, run } = fakePool();
    for (const rank of [1, 2, 3, 4]) run(rank);
    await settlePromises();
    expect(workers.map(({ ranks }) => ranks)).toEqual([[1], [2]]);
    workers[1].answers();
    await settlePromises();
    expect(workers.map(({ ranks }) => ranks)).toEqual([[1], [2, 3]]);
    workers[0].answers({ kind: 'refused', why: 'too large' });
    await settlePromises();
    expect(workers.map(({ ranks }) => ranks)).toEqual([
      [1, 4],
      [2, 3],
    ]);
    expect(results).toEqual([
      [2, { summary: 'done' }],
      [1, { kind: 'refused', why: 'too large' }],
    ]);
  });

  it('starts a worker only when it is needed, ends it after a while, and starts another for what comes later', async () => {
    const { workers, run } = fakePool();
    run(1);
    await settlePromises();
    expect(workers).toHaveLength(1);
    workers[0].answers();
    await vi.advanceTimersByTimeAsync(4000);
    run(2);
    await settlePromises();
    expect(workers[0].ranks).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(4000);
    workers[0].answers();
    await vi.advanceTimersByTimeAsync(4900);
    expect(workers[0].ended).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(workers[0].ended).toBe(true);
    run(3);
    await settlePromises();
    expect(workers[1].ranks).toEqual([3]);
  });

  it('may be warmed: workers start before there is a run for them, and end if none comes', async () => {
    const { pool, workers, run } = fakePool({ size: 3 });
    pool.warm(1);
    pool.warm(9);
    await settlePromises();
    expect(workers.map(({ ranks }) => ranks)).toEqual([[], [], []]);
    run(1);
    await settlePromises();
    pool.warm(9);
    await vi.advanceTimersByTimeAsync(6000);
    expect(workers.map(({ ranks, ended }) => [ranks, ended])).toEqual([
      [[1], false],
      [[], true],
      [[], true],
    ]);
  });

  it('takes the highest priority first', async () => {
    const { workers, run } = fakePool({ size: 1 });
    for (const [rank, priority] of [
      [1, 0],
      [2, 0],
      [3, 5],
      [4, 1],
      [5, 5],
    ])
      run(rank, { priority });
    await settlePromises();
    for (let i = 0; i < 4; i++) workers[0].answers();
    expect(workers[0].ranks).toEqual([3, 5, 4, 1, 2]);
  });

  const seeds = (workers: readonly FakeWorker[]) =>
    workers.map(({ got }) => got.map((message) => (message.type === 'quiet' ? message.experiment.seed : null)));

  it('leaves a few jobs with the same matrices to the worker that has made them', async () => {
    const { workers, run } = fakePool();
    for (const seed of [1, 2, 3]) for (const rank of [1, 2, 4]) run(rank, {}, { seed, opt: rank > 1 ? 'sgd' : 'adam' });
    await settlePromises();
    for (let i = 0; i < 3; i++) for (const one of workers) one.answers();
    // The last ones are shared out: matrices made twice cost less than an idle worker.
    expect(seeds(workers)).toEqual([
      [1, 1, 1, 3],
      [2, 2, 2, 3],
    ]);
  });

  it('has all workers at many jobs with the same matrices, so that those come first that were asked for first', async () => {
    const { workers, run } = fakePool();
    for (const seed of [1, 2]) for (let rank = 1; rank <= 12; rank++) run(rank, {}, { seed });
    await settlePromises();
    for (let i = 0; i < 3; i++) for (const one of workers) one.answers();
    expect(seeds(workers)).toEqual([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
  });

  it('looks at priority first, and at matrices then', async () => {
    const { workers, run } = fakePool({ size: 1 });
    run(1, {}, { seed: 1 });
    await settlePromises();
    run(2, {}, { seed: 1 });
    run(3, { priority: 1 }, { seed: 2 });
    await settlePromises();
    for (let i = 0; i < 2; i++) workers[0].answers();
    expect(workers[0].ranks).toEqual([1, 3, 2]);
  });

  it('cancels what waits, what has begun and what its worker has not even heard of; what has ended stays', async () => {
    const { workers, results, run } = fakePool({ size: 1 });
    const early = run(1);
    await Promise.resolve();
    early.cancel();
    const [first, second, third] = [run(2), run(3), run(4)];
    await settlePromises();
    expect(workers[0].ranks).toEqual([2]);
    second.cancel();
    first.cancel();
    // It may begin the next one at once: the worker drops the other by itself.
    expect(workers[0].ranks).toEqual([2, 'no 1', 4]);
    // The last answer of the cancelled one.
    workers[0].onmessage?.({ data: { type: 'quieted', quiet: 1, result: {} } });
    await settlePromises();
    workers[0].answers();
    third.cancel();
    await settlePromises();
    expect(workers[0].ranks).toHaveLength(3);
    const cancelled = { kind: 'cancelled', why: expect.any(String) };
    expect(results).toEqual([
      [1, cancelled],
      [3, cancelled],
      [2, cancelled],
      [4, { summary: 'done' }],
    ]);
  });

  it('begins nothing while the page is hidden but what a script asked for, and goes on when it is seen', async () => {
    const { pool, page, workers, run } = fakePool({ size: 1 });
    run(1);
    run(2);
    await settlePromises();
    page.hidden = true;
    run(3, { scripted: true });
    await settlePromises();
    workers[0].answers();
    workers[0].answers();
    expect(workers[0].ranks).toEqual([1, 3]);
    page.hidden = false;
    pool.wake();
    expect(workers[0].ranks).toEqual([1, 3, 2]);
  });

  it('follows the number of runs that may go on', async () => {
    const { pool, page, workers, run } = fakePool({ size: 1 });
    for (const rank of [1, 2, 3, 4, 5]) run(rank);
    await settlePromises();
    page.size = 3;
    pool.wake();
    await settlePromises();
    expect(workers.map(({ ranks }) => ranks)).toEqual([[1], [2], [3]]);
    page.size = 1;
    workers[0].answers();
    workers[1].answers();
    expect(workers.map(({ ranks }) => ranks)).toEqual([[1], [2], [3]]);
    workers[2].answers();
    expect(workers.flatMap(({ ranks }) => ranks)).toHaveLength(4);
  });

  it('has large matrices in few workers at a time', async () => {
    const { workers, run } = fakePool({ size: 8 });
    for (let rank = 1; rank <= 8; rank++) run(rank, {}, { d: 2048, k: 2048 });
    await settlePromises();
    expect(workers).toHaveLength(4);
    const one = fakePool({ size: 8 });
    for (let rank = 1; rank <= 2; rank++) one.run(rank, {}, { d: 4096, k: 4096, rank: 8 });
    await settlePromises();
    expect(one.workers).toHaveLength(1);
  });

  it.each([
    ['raises an error', (one: FakeWorker) => one.onerror?.({ message: 'boom', preventDefault: () => {} }), 'boom'],
    ['sends what cannot be read', (one: FakeWorker) => one.onmessageerror?.(), 'could not be read'],
    ['has a bug', (one: FakeWorker) => one.answers({ kind: 'broken', why: 'a bug' }), 'a bug'],
    ['understands nothing', (one: FakeWorker) => one.onmessage?.({ data: { type: 'failed', why: 'what?' } }), 'what?'],
  ])('loses the run of a worker that %s, and no other', async (_, break_, why) => {
    const { workers, results, run } = fakePool();
    for (const rank of [1, 2, 3]) run(rank);
    await settlePromises();
    break_(workers[0]);
    await settlePromises();
    expect(workers.map(({ ended }) => ended)).toEqual([true, false, false]);
    expect(workers[2].ranks).toEqual([3]);
    workers[0].answers();
    workers[1].answers();
    await settlePromises();
    expect(results).toEqual([
      [1, { kind: 'broken', why: expect.stringContaining(why) }],
      [2, { summary: 'done' }],
    ]);
  });

  it('loses the run of a worker that is silent for too long, but not of one that beats or of a page that slept', async () => {
    const { workers, results, run } = fakePool();
    run(1);
    run(2);
    await settlePromises();
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(2000);
      workers[1].beats();
      if (i < 5) expect(results).toEqual([]);
    }
    expect(results).toEqual([[1, { kind: 'broken', why: 'The worker stopped responding.' }]]);
    expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
    vi.setSystemTime(Date.now() + 60_000);
    const before = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => before + 60_000);
    await vi.advanceTimersByTimeAsync(2000);
    expect(workers[1].ended).toBe(false);
    vi.restoreAllMocks();
  });

  it('tries a run once more where a graphics device was lost, in a fresh worker', async () => {
    const { workers, results, run } = fakePool({ size: 1 });
    run(1);
    await settlePromises();
    workers[0].answers({ kind: 'device-lost', why: 'lost' });
    await settlePromises();
    expect(workers[0].ended).toBe(true);
    expect([workers[1].ranks, results]).toEqual([[1], []]);
    workers[1].answers({ kind: 'device-lost', why: 'lost again' });
    await settlePromises();
    expect(results).toEqual([[1, { kind: 'device-lost', why: 'lost again' }]]);
  });

  it('says of every run that no worker could be started', async () => {
    const { results, run } = fakePool({ size: 1, start: () => Promise.reject(new Error('404')) });
    run(1);
    run(2);
    await settlePromises();
    expect(results.map(([, result]) => result)).toEqual([
      { kind: 'broken', why: 'The worker could not be started: Error: 404.' },
      { kind: 'broken', why: 'The worker could not be started: Error: 404.' },
    ]);
  });
});

it('is as large as the machine allows', () => {
  const quiet = { busy: false, framed: false };
  expect([1, 2, 4, 64].map((n) => poolSize(n, quiet))).toEqual([1, 2, 4, 8]);
  expect([1, 2, 4, 64].map((n) => poolSize(n, { ...quiet, busy: true }))).toEqual([1, 1, 3, 8]);
  expect(poolSize(64, { busy: false, framed: true })).toBe(1);
});

const job = (more: Partial<Experiment>) => {
  const one = { experiment: { ...defaults(), ...more } };
  return { job: one, matrices: matricesOf(one) };
};

describe('the next job of a worker', () => {
  const nobody = { made: '', taken: new Set<string>() };
  const of = (ranks: readonly number[]) => ranks.map((rank) => job({ rank, steps: 300 }));
  const next = (jobs: ReturnType<typeof of>, shared: boolean) => {
    const [first, ...others] = jobs;
    return nextJob([first, ...others], { ...nobody, shared }).job.experiment.rank;
  };

  it('is the first of many, and the longest of the last ones where workers share them', () => {
    expect(next(of([1, 2, 3, 4, 5, 6, 7, 8, 16]), true)).toBe(1);
    expect(next(of([1, 2, 16, 4]), true)).toBe(16);
    expect(next(of([1, 2, 16, 4]), false)).toBe(1);
  });

  it('ends the last jobs of two workers at about the same time', () => {
    const ranks = [1, 2, 4, 8, 16, 32];
    const ends = [0, 0];
    for (let left = of(ranks); left.length > 0; ) {
      const rank = next(left, true);
      left = left.filter(({ job: { experiment } }) => experiment.rank !== rank);
      ends[ends[0] <= ends[1] ? 0 : 1] += rank;
    }
    // In order it would be 42 and 21.
    expect(ends).toEqual([32, 31]);
  });
});

it('takes a run for brief by what its steps multiply, and none on samples', () => {
  expect(isShortJob(job({ d: 64, k: 64, rank: 32, steps: 300 }).job)).toBe(true);
  expect(isShortJob(job({ d: 64, k: 64, rank: 32, steps: 3000 }).job)).toBe(false);
  expect(isShortJob(job({ d: 256, k: 256, rank: 8, steps: 300 }).job)).toBe(false);
  expect(isShortJob(job({ target: 'regression', d: 8, k: 8, rank: 1, steps: 10 }).job)).toBe(false);
});
