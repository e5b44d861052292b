import type { Page } from '@playwright/test';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import type { QuietedMessage, QuietMessage } from '../../src/protocol/quiet.ts';

/** Some runs, and the same again with other seeds while the workers are there. */
export interface Timed {
  /** Milliseconds of the first time, for which workers have to start; and of the second. */
  readonly ms: readonly number[];
  /** The last loss of each run. */
  readonly losses: readonly (number | null)[];
  /** Milliseconds of the longest task on the page's thread; 0 where none was over 50. */
  readonly longest: number;
}

/** Runs the sweeps of these links on a page, one after the other, and watches the page meanwhile. */
export function timePool(page: Page, links: readonly string[]): Promise<Timed> {
  return page.evaluate(async (all) => {
    const long: number[] = [];
    const tasks = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
    const ms: number[] = [];
    const losses: (number | null)[] = [];
    for (const link of all) {
      await window.loraExplorer.open(link);
      // What led here, loading for one, is another matter.
      await new Promise((done) => setTimeout(done, 1500));
      tasks.observe({ type: 'longtask' });
      const from = performance.now();
      const { cells } = await window.loraExplorer.sweep();
      ms.push(performance.now() - from);
      losses.push(...cells.map(({ loss }) => loss));
      // The observer hears of a task after it has ended.
      await new Promise((done) => setTimeout(done, 200));
      tasks.disconnect();
    }
    return { ms, losses, longest: Math.max(0, ...long) };
  }, links);
}

/** Has one worker of the page's own script train lists of experiments, one after the other. */
export function timeOneWorker(page: Page, lists: readonly (readonly Experiment[])[]): Promise<Timed> {
  const [engine] = page.workers();
  return page.evaluate(
    async ({ script, all }) => {
      const choice = { backend: null, stepper: null };
      const order = { type: 'quiet', choice, drawing: null, page: document.baseURI } as const;
      const [ms, losses]: [number[], number[]] = [[], []];
      const from = performance.now();
      const worker = new Worker(script);
      const lossOf = (experiment: Experiment, quiet: number) =>
        new Promise<number>((resolve) => {
          worker.onmessage = ({ data }: MessageEvent<QuietedMessage | { readonly type: 'beat' }>) => {
            if (data.type !== 'quieted') return;
            if ('why' in data.result) throw new Error(data.result.why);
            resolve(data.result.summary.loss);
          };
          worker.postMessage({ ...order, quiet, experiment } satisfies QuietMessage);
        });
      for (const [i, list] of all.entries()) {
        const since = i === 0 ? from : performance.now();
        for (const experiment of list) losses.push(await lossOf(experiment, losses.length));
        ms.push(performance.now() - since);
      }
      worker.terminate();
      return { ms, losses, longest: 0 };
    },
    { script: engine.url(), all: lists },
  );
}
