import type { Page } from '@playwright/test';

interface Swept {
  /** Milliseconds from the call of sweep() to the sweep file. */
  readonly ms: number;
  /** Milliseconds of the longest task on the page's thread; 0 where none was over 50. */
  readonly longest: number;
  /** The last loss of each run. */
  readonly losses: readonly (number | null)[];
}

/** Runs the sweep of a page's link, and watches the page meanwhile. */
export function watchSweep(page: Page): Promise<Swept> {
  return page.evaluate(async () => {
    // What led here, loading for one, is another matter.
    await new Promise((done) => setTimeout(done, 1500));
    const long: number[] = [];
    const tasks = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
    tasks.observe({ type: 'longtask' });
    const from = performance.now();
    const { cells } = await window.loraExplorer.sweep();
    const ms = performance.now() - from;
    // The observer hears of a task after it has ended.
    await new Promise((done) => setTimeout(done, 200));
    tasks.disconnect();
    return { ms, longest: Math.max(0, ...long), losses: cells.map(({ loss }) => loss) };
  });
}
