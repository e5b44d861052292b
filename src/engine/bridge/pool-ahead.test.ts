import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DONE, fakePool, settlePromises } from './testing/fake-pool.ts';

const ranksOf = (workers: ReturnType<typeof fakePool>['workers']) => workers.map(({ ranks }) => ranks);

describe('brief runs on the pool', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const busy = async (size = 2) => {
    const played = fakePool({ size, brief: () => true });
    const runs = [1, 2, 3, 4, 5, 6].map((rank) => played.run(rank));
    await settlePromises();
    return { ...played, runs };
  };

  it('are at hand before their worker has ended the one before; the last ones are left to who is free first', async () => {
    const { workers, results } = await busy();
    expect(ranksOf(workers)).toEqual([
      [1, 3],
      [2, 4],
    ]);
    workers[0].answers(DONE, 1);
    workers[1].answers(DONE, 2);
    expect(ranksOf(workers)).toEqual([
      [1, 3],
      [2, 4],
    ]);
    workers[1].answers(DONE, 4);
    workers[1].answers(DONE, 5);
    workers[0].answers(DONE, 3);
    workers[1].answers(DONE, 6);
    await settlePromises();
    expect(ranksOf(workers)).toEqual([
      [1, 3],
      [2, 4, 5, 6],
    ]);
    expect(results).toEqual([1, 2, 4, 5, 3, 6].map((rank) => [rank, DONE]));
  });

  it('are given ahead only beside brief ones', async () => {
    const { workers, run } = fakePool({ brief: (rank) => rank !== 1 && rank !== 3 });
    for (const rank of [1, 2, 3, 4, 5, 6]) run(rank);
    await settlePromises();
    // Rank 1 is long; behind rank 2 the next one in order is long.
    expect(ranksOf(workers)).toEqual([[1], [2]]);
    workers[1].answers(DONE, 2);
    expect(ranksOf(workers)).toEqual([[1], [2, 3]]);
  });

  it('give way to what has a higher priority, but for the one at hand', async () => {
    const { workers, run } = await busy(1);
    run(7, { priority: 1 });
    await settlePromises();
    for (const rank of [1, 2, 7]) workers[0].answers(DONE, rank);
    expect(workers[0].ranks.slice(0, 3)).toEqual([1, 2, 7]);
  });

  it('are cancelled one by one: the one at hand is taken back, what its worker trains goes on, and the other way round', async () => {
    const { workers, results, runs } = await busy();
    runs[2].cancel();
    await settlePromises();
    expect(results).toEqual([[3, { kind: 'cancelled', why: expect.any(String) }]]);
    expect(workers[0].ranks).toEqual([1, 3, expect.stringMatching(/^no /)]);
    workers[0].answers(DONE, 1);
    runs[1].cancel();
    workers[1].answers(DONE, 4);
    await settlePromises();
    expect(results.slice(1)).toEqual([
      [1, DONE],
      [2, { kind: 'cancelled', why: expect.any(String) }],
      [4, DONE],
    ]);
    expect(ranksOf(workers).map((ranks) => ranks.at(-1))).toEqual([5, 6]);
  });

  it.each([
    ['dies', 'broken' as const],
    ['loses its device', 'device-lost' as const],
  ])('are handed out again, before others, where the worker that %s had not come to them', async (_, kind) => {
    const { workers, results } = await busy();
    workers[0].answers({ kind, why: 'gone' }, 1);
    await settlePromises();
    expect(workers[0].ended).toBe(true);
    expect(workers[2].ranks[0]).toBe(3);
    expect(results).toEqual(kind === 'broken' ? [[1, { kind, why: 'gone' }]] : []);
    for (let i = 0; i < 6; i++)
      for (const one of workers.slice(1)) for (const rank of [...one.ranks]) one.answers(DONE, Number(rank));
    await settlePromises();
    const done = kind === 'broken' ? [2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6];
    expect(results.flatMap(([rank, result]) => (result === DONE ? [rank] : [])).sort()).toEqual(done);
  });

  it('are not given to more workers than there may be', async () => {
    const { page, workers } = await busy();
    page.size = 1;
    workers[0].answers(DONE, 1);
    workers[0].answers(DONE, 3);
    workers[1].answers(DONE, 2);
    expect(ranksOf(workers)).toEqual([
      [1, 3],
      [2, 4],
    ]);
    workers[1].answers(DONE, 4);
    expect(ranksOf(workers).flat()).toHaveLength(5);
  });
});
