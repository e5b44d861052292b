import type { Page } from '@playwright/test';

export interface Training {
  readonly steps: number;
  /** Milliseconds from the call of train() to the run file. */
  readonly ms: number;
  /** Milliseconds between two frames of the page. */
  readonly intervals: readonly number[];
  /** Frames that showed another step than the frame before. */
  readonly drawn: number;
  /** Longest task on the page's thread, ms; 0 if none took over 50. */
  readonly longest: number;
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly complete: boolean;
  readonly status: string;
  readonly backend: string;
}

/** Trains on a page of the explorer at full speed, for a number of steps or a time, and watches its thread. */
export function watchTraining(page: Page, bound: { readonly steps?: number; readonly ms?: number }): Promise<Training> {
  return page.evaluate(async ({ steps, ms }) => {
    const shown = () => document.querySelector<HTMLInputElement>('input[aria-label^="Timeline"]')?.value;
    const long: number[] = [];
    const tasks = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
    const intervals: number[] = [];
    let [drawn, before, last, running] = [0, shown(), performance.now(), true];
    const tick = (now: number) => {
      intervals.push(now - last);
      last = now;
      const step = shown();
      if (step !== before) drawn++;
      before = step;
      if (running) requestAnimationFrame(tick);
    };
    // Lets the work of loading end before the page is watched.
    await new Promise((done) => setTimeout(done, 1500));
    tasks.observe({ type: 'longtask' });
    last = performance.now();
    requestAnimationFrame(tick);
    const from = performance.now();
    const run = window.loraExplorer.train(steps);
    if (ms !== undefined) setTimeout(() => window.loraExplorer.pause().catch(() => {}), ms);
    const { trace, status, backend } = await run;
    const took = performance.now() - from;
    running = false;
    // The observer is notified after the task has ended.
    await new Promise((done) => setTimeout(done, 200));
    tasks.disconnect();
    const made = trace.step.at(-1) ?? 0;
    return {
      steps: made,
      ms: took,
      intervals,
      drawn,
      longest: Math.max(0, ...long),
      firstLoss: trace.loss[0],
      lastLoss: trace.loss.at(-1) ?? Number.NaN,
      complete: trace.loss.length === made + 1 && trace.loss.every(Number.isFinite),
      status,
      backend: typeof backend === 'string' ? backend : JSON.stringify(backend),
    };
  }, bound);
}
