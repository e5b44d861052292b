import type { Page } from '@playwright/test';
import type { BackgroundResult, BackgroundRunMessage } from '../../src/engine/protocol/background-messages.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';

export interface BackgroundRunEnd {
  readonly status: string;
  readonly steps: number;
  readonly loss: number;
}

/**
 * Starts workers of the page's own script that train these experiments without a lab, each taking the next one left.
 * Resolves once they have begun, with `ended`, which resolves when all are over.
 */
export async function beginBackgroundRuns(page: Page, experiments: readonly Experiment[], workers: number) {
  const [engine] = page.workers();
  const begun = await page.evaluateHandle(
    ({ script, all, count }) => {
      const choice = { backend: null, stepper: null };
      const order = { type: 'quiet', choice, drawing: null, page: document.baseURI } as const;
      const left = all.map((experiment, quiet): BackgroundRunMessage => ({ ...order, quiet, experiment }));
      const train = async (worker: Worker) => {
        const ended: BackgroundRunEnd[] = [];
        for (let next = left.shift(); next; next = left.shift()) {
          worker.postMessage(next);
          ended.push(await answerOf(worker));
        }
        worker.terminate();
        return ended;
      };
      const answerOf = (worker: Worker) =>
        new Promise<BackgroundRunEnd>((resolve) => {
          worker.onmessage = ({ data }: MessageEvent<BackgroundResult | { readonly type: 'beat' }>) => {
            if (data.type !== 'quieted') return;
            const { result } = data;
            if ('why' in result) throw new Error(result.why);
            const { status, steps, loss } = result.summary;
            resolve({ status, steps, loss });
          };
        });
      const pool = Array.from({ length: count }, () => train(new Worker(script)));
      return { ended: Promise.all(pool).then((lists) => lists.flat()) };
    },
    { script: engine.url(), all: experiments, count: workers },
  );
  return { ended: () => begun.evaluate(({ ended }) => ended) };
}
