// @vitest-environment happy-dom

import { describe, expect, it } from 'vitest';
import type { Pool, PoolJob, PoolResult } from '../../engine/bridge/pool.ts';
import { cellsOf, readSweep } from '../../experiment/plan/sweep.ts';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import { yieldTask } from '../../math/slices.ts';
import { endedState } from '../../state/testing/page.ts';
import { runSweep, sweepRequest } from './sweep.ts';

it('what is kept of a sweep counts for one build of the page only', () => {
  const state = endedState();
  const engineIn = (build: string) => {
    document.head.innerHTML = `<meta name="build" content="${build}">`;
    return sweepRequest(state, '1.0.0').engine;
  };
  expect(engineIn('0123')).toContain('1.0.0');
  expect(engineIn('0123')).toBe(engineIn('0123'));
  expect(engineIn('4567')).not.toBe(engineIn('0123'));
});

/** A pool controlled by the test: it records requests, and the test ends them. */
function playedPool() {
  const asked: { readonly job: PoolJob; readonly end: (result: PoolResult) => void; readonly scripted?: boolean }[] =
    [];
  const cancelled: PoolJob[] = [];
  const pool: Pool = {
    wake: () => {},
    warm: () => {},
    run(job, options) {
      let end: (result: PoolResult) => void = () => {};
      const done = new Promise<PoolResult>((resolve) => {
        end = resolve;
      });
      asked.push({ job, end, scripted: options?.scripted });
      const cancel = () => {
        cancelled.push(job);
        end({ kind: 'cancelled', why: 'It was cancelled.' });
      };
      return { done, cancel };
    },
  };
  return { pool, asked, cancelled };
}

const ERRORS = [1, 0.2, 0.105, 0.103];
const record = (loss: number) =>
  ({
    summary: {
      ...{ status: 'finished', steps: 3, rate: 0.02, loss, relativeError: 0.103 },
      losses: { training: 1, heldOut: 7 },
      floor: 0.1,
      modules: [{ name: 'W', d: 64, k: 64, rank: 2, floor: 0.1, effectiveRank: 3 }],
    },
    points: { series: { loss: [2, 2, 2, loss], relativeError: ERRORS }, modules: [] },
    ...{ engine: { backend: 'cpu', device: 'processor' }, observed: [], kept: [] },
  }) as unknown as PoolResult;
const figures = (loss: number) => ({
  ...{ status: 'finished', steps: 3, rate: 0.02, loss, error: 0.103 },
  ...{ floor: 0.1, heldOut: 7, effectiveRank: 3, training: 1, reached: 2 },
  curve: { steps: [0, 1, 2, 3], values: ERRORS },
});
const live = defaults();
const cellsFor = (text: string, repeat = 1) => cellsOf({ axes: readSweep(text, live).axes, repeat }, live);

describe('a sweep on the pool', () => {
  it('asks for its cells in their order, a few at a time, and tells of each as it ends', async () => {
    const { pool, asked } = playedPool();
    const told: unknown[] = [];
    const cells = cellsFor(`rank:${Array.from({ length: 40 }, (_, i) => i + 1)}`, 2);
    const done = runSweep({ cells, pool, onCell: (i, result) => told.push([i, result]), scripted: true });
    expect(asked.length).toBeLessThan(40);
    for (let i = 0; i < 80; i++) {
      asked[i].end(i === 3 ? { kind: 'broken', why: 'a bug' } : record(i));
      await yieldTask();
    }
    const results = await done;
    expect(asked.map(({ job }) => job.experiment)).toEqual(cells.map(({ experiment }) => experiment));
    expect(asked.every(({ scripted }) => scripted)).toBe(true);
    expect(told).toEqual(results.map((result, i) => [i, result]));
    expect(results[5]).toEqual(figures(5));
    expect(results[3]).toEqual({ why: 'a bug' });
  });

  it('does not ask for what is impossible or known, but again for what had failed', async () => {
    const { pool, asked } = playedPool();
    const cells = cellsFor('d:4,64;rank:2,32');
    const known = [figures(9) as CellRun, null, null, { why: 'a bug' }];
    const done = runSweep({ cells, pool, known });
    expect(asked.map(({ job: { experiment } }) => [experiment.d, experiment.rank])).toEqual([
      [64, 2],
      [64, 32],
    ]);
    for (const [i, one] of asked.entries()) one.end(record(i));
    expect(await done).toEqual([figures(9), figures(0), { why: cells[2].why }, figures(1)]);
  });

  it('ends where it is aborted: what is done stays, the rest is not run', async () => {
    const { pool, asked, cancelled } = playedPool();
    const stop = new AbortController();
    const cells = cellsFor('rank:1,2,4,8', 32);
    const done = runSweep({ cells, pool, signal: stop.signal });
    asked[0].end(record(1));
    await yieldTask();
    const begun = asked.length;
    stop.abort();
    const results = await done;
    expect(asked).toHaveLength(begun);
    expect(cancelled).toHaveLength(begun - 1);
    expect(results).toEqual([figures(1), ...Array(127).fill(null)]);
    // If aborted before it begins, nothing runs.
    expect(await runSweep({ cells, pool, signal: stop.signal })).toEqual(Array(128).fill(null));
    expect(asked).toHaveLength(begun);
  });

  it('hands on what is drawn', async () => {
    const { pool, asked } = playedPool();
    const drawing = { rows: 1, cols: 1, data: new Float64Array(1) };
    void runSweep({ cells: cellsFor('rank:1'), pool, drawing });
    expect(asked[0].job.drawing).toBe(drawing);
  });
});
