import type { Page } from '@playwright/test';

/** Some sweeps of one page. */
export interface Timed {
  /** Milliseconds of each; for the first one workers have to start. */
  readonly ms: readonly number[];
  /** The last loss of each run. */
  readonly losses: readonly (number | null)[];
  /** The links of the runs of the last sweep. */
  readonly links: readonly string[];
  /** Milliseconds of the longest task on the page's thread; 0 where none was over 50. */
  readonly longest: number;
}

/**
 * Runs the sweeps of these links on a page that has just been loaded, one after the other, and watches the page meanwhile.
 * `alone`: it is told of one processor, so that one worker trains all runs.
 */
export function timeSweeps(page: Page, links: readonly string[], alone: boolean): Promise<Timed> {
  const asked = { all: links, alone };
  return page.evaluate(async ({ all, alone }) => {
    if (alone) Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 });
    const long: number[] = [];
    const tasks = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
    const ms: number[] = [];
    const losses: (number | null)[] = [];
    let last: readonly string[] = [];
    for (const link of all) {
      await window.loraExplorer.open(link);
      // What led here, loading for one, is another matter.
      await new Promise((done) => setTimeout(done, 800));
      tasks.observe({ type: 'longtask' });
      const from = performance.now();
      const { cells } = await window.loraExplorer.sweep();
      ms.push(performance.now() - from);
      losses.push(...cells.map(({ loss }) => loss));
      last = cells.map((cell) => cell.link);
      // The observer hears of a task after it has ended.
      await new Promise((done) => setTimeout(done, 200));
      tasks.disconnect();
    }
    return { ms, losses, links: last, longest: Math.max(0, ...long) };
  }, asked);
}

/** The same runs in the Lab of a page, one after the other: each link is opened and trained. Milliseconds, and the last losses. */
export function timeInLab(
  page: Page,
  links: readonly string[],
): Promise<Pick<Timed, 'losses'> & { readonly ms: number }> {
  return page.evaluate(async (all) => {
    const losses: (number | null)[] = [];
    const from = performance.now();
    for (const link of all) {
      await window.loraExplorer.open(link);
      const { trace } = await window.loraExplorer.train();
      losses.push(trace.loss[trace.loss.length - 1] ?? null);
    }
    return { ms: performance.now() - from, losses };
  }, links);
}
