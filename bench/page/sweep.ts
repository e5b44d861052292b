import type { Page } from '@playwright/test';

export interface Timed {
  /** Milliseconds of each; the first includes the start of the workers. */
  readonly ms: readonly number[];
  readonly losses: readonly (number | null)[];
  readonly links: readonly string[];
  /** Longest task on the page's thread, ms; 0 if none took over 50. */
  readonly longest: number;
}

/** Runs the sweeps in turn on a freshly loaded page. `alone`: the page sees one processor, so it has one worker. */
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
      // Lets the work of loading end before the page is watched.
      await new Promise((done) => setTimeout(done, 800));
      tasks.observe({ type: 'longtask' });
      const from = performance.now();
      const { cells } = await window.loraExplorer.sweep();
      ms.push(performance.now() - from);
      losses.push(...cells.map(({ loss }) => loss));
      last = cells.map((cell) => cell.link);
      // The observer is notified after the task has ended.
      await new Promise((done) => setTimeout(done, 200));
      tasks.disconnect();
    }
    return { ms, losses, links: last, longest: Math.max(0, ...long) };
  }, asked);
}

/** The same runs in the Lab, one link after the other: milliseconds, and last losses. */
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
