import { expect, it } from 'vitest';
import type { PoolJob, PoolResult } from '../../engine/bridge/pool.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PageEvent } from '../../state/events.ts';
import { frame, idleState, readyMessage, workerEvent } from '../../state/testing/page.ts';
import { trainingStore } from '../testing/store.ts';
import { watchOwl } from './watch-owl.ts';

const open: PageEvent = { type: 'panel', panel: { name: 'share-owl' } };
const close: PageEvent = { type: 'panel', panel: null };

/** A page with an owl, or with another target, and a pool that trains nothing by itself. */
function pageWith(target: Experiment['target']) {
  const state = idleState();
  const store = trainingStore({ ...state, experiment: { ...state.experiment, target } });
  const jobs: { job: PoolJob; cancelled: boolean; end: (result: PoolResult) => void }[] = [];
  const run = (job: PoolJob) => {
    const one = { job, cancelled: false, end: (_: PoolResult) => {} };
    const done = new Promise<PoolResult>((resolve) => {
      one.end = resolve;
    });
    jobs.push(one);
    const cancel = () => {
      one.cancelled = true;
    };
    return { done, cancel };
  };
  watchOwl(store, () => ({ run }));
  return { store, jobs };
}

it('the owl is trained at each rank when its panel opens, once, and the results are dropped when it closes', async () => {
  const { store, jobs } = pageWith('edit');
  expect(jobs).toEqual([]);
  store.dispatch(open);
  expect(jobs.map(({ job }) => [job.experiment.rank, job.keep])).toEqual([1, 2, 4, 8].map((r) => [r, ['snapshots']]));
  expect(store.state().owl?.map(({ result }) => result)).toEqual([null, null, null, null]);
  store.dispatch({ type: 'hover', hover: null });
  const result: PoolResult = { kind: 'refused', why: 'a test' };
  jobs[1].end(result);
  await Promise.resolve();
  expect(store.state().owl?.map((run) => run.result)).toEqual([null, result, null, null]);
  expect(jobs).toHaveLength(4);
  store.dispatch(close);
  expect(store.state().owl).toBeNull();
  expect(jobs.map(({ cancelled }) => cancelled)).toEqual([true, true, true, true]);
  jobs[0].end(result);
  await Promise.resolve();
  expect(store.state().owl).toBeNull();
  store.dispatch(open);
  expect([jobs.length, store.state().owl?.length]).toEqual([8, 4]);
});

it('settings that are changed while the panel is open train again; another target is no owl', () => {
  const { store, jobs } = pageWith('edit');
  store.dispatch(open);
  store.dispatch({ type: 'changed', changes: { alpha: 3 } });
  const number = store.state().next?.run.number ?? expect.unreachable();
  // Not before the run on screen has its matrices, whose W₀ the pictures show.
  expect(jobs).toHaveLength(4);
  for (const message of [readyMessage(number), frame(number, 0, 1)]) store.dispatch(workerEvent(message));
  expect(jobs.map(({ cancelled }) => cancelled)).toEqual([true, true, true, true, false, false, false, false]);
  expect(jobs.slice(4).map(({ job }) => job.experiment.alpha / job.experiment.rank)).toEqual(Array(4).fill(3 / 8));
  const other = pageWith('low-rank');
  other.store.dispatch(open);
  expect([other.jobs.length, other.store.state().owl]).toEqual([0, null]);
});
