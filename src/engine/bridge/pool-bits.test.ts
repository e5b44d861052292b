import { expect, it } from 'vitest';
import type { Experiment } from '../../experiment/settings/params.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import { createEngine } from '../engine.ts';
import { isPageMessage } from '../protocol/check.ts';
import { smallExperiment, TestPage } from '../testing/page.ts';
import { createPool } from './pool.ts';

/** A worker with the real engine in it; messages are copied, and moved, as between threads. */
async function engineWorker(): Promise<Worker> {
  const worker = { onmessage: null as ((event: { data: unknown }) => void) | null };
  const engine = createEngine({
    post: (message, transfer) => {
      const data = structuredClone(message, { transfer });
      setTimeout(() => worker.onmessage?.({ data }));
    },
    pick: async () => ({ backend: typescriptBackend, why: null, rivals: [] }),
    clock: () => performance.now(),
  });
  const postMessage = (message: unknown) => {
    const data: unknown = structuredClone(message);
    if (!isPageMessage(data)) throw new Error('not a message');
    setTimeout(() => engine.receive(data));
  };
  return Object.assign(worker, { postMessage, terminate: () => {} }) as unknown as Worker;
}

it('has the numbers of the lab’s run bit for bit, whichever worker trains it and whatever came before', async () => {
  const runs: Partial<Experiment>[] = [
    { steps: 60 },
    { steps: 60, rank: 1 },
    { steps: 40, init: 'pissa', opt: 'sgd', seed: 2 },
    { steps: 60 },
    { target: 'regression', samples: 40, batch: 8, steps: 30 },
    { steps: 500, opt: 'sgd', lr: 30 },
  ];
  const pool = createPool({
    start: engineWorker,
    size: () => 2,
    hidden: () => false,
    choice: () => ({ backend: null, stepper: null }),
    page: 'http://localhost/',
    idle: 50,
  });
  const asked = runs.map(
    (one) => pool.run({ experiment: smallExperiment(one), drawing: null, keep: ['factors'] }).done,
  );
  for (const [i, done] of asked.entries()) {
    const result = await done;
    if ('why' in result) throw new Error(result.why);
    const lab = new TestPage();
    lab.run(1, runs[i]);
    const { ending, step } = await lab.done(lab.pace(1));
    const last = lab.all('frame', 1).at(-1)?.modules[0];
    expect([result.summary.status, result.summary.steps]).toEqual([ending, step]);
    expect([...result.points.series.loss]).toEqual([...lab.trace(1, 'loss')]);
    expect(result.kept[0].factors).toEqual({ A: last?.A, B: last?.B });
    expect(result.summary.rate).toBe((await lab.ready(1)).rate);
  }
});
