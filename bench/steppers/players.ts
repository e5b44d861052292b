import type { Page } from '@playwright/test';
import type { Corner, Timed } from './corner.ts';
import type { Counts } from './counts.ts';
import type { Size } from './start.ts';

/** A contestant as the bench sees it, wherever it runs. */
export interface Player {
  readonly name: string;
  /** Steps per call, if they should not follow from its speed. */
  readonly fixed?: number;
  open(size: Size): Promise<void>;
  time(n: number): Promise<Timed>;
  close(): Promise<void>;
}

export interface PagePlayer extends Player {
  count(n: number): Promise<Counts>;
  lossAfter(size: Size, n: number): Promise<number>;
}

type Global = { workbench: Corner };

export async function playersOf(page: Page): Promise<PagePlayer[]> {
  const names = await page.evaluate(() => (globalThis as unknown as Global).workbench.names);
  return names.map((name) => ({
    name,
    open: (size) =>
      page.evaluate(([n, s]) => (globalThis as unknown as Global).workbench.open(n, s), [name, size] as const),
    time: (n) => page.evaluate(([c, m]) => (globalThis as unknown as Global).workbench.time(c, m), [name, n] as const),
    count: (n) =>
      page.evaluate(([c, m]) => (globalThis as unknown as Global).workbench.count(c, m), [name, n] as const),
    lossAfter: (size, n) =>
      page.evaluate(([c, s, m]) => (globalThis as unknown as Global).workbench.lossAfter(c, s, m), [
        name,
        size,
        n,
      ] as const),
    close: () => page.evaluate((n) => (globalThis as unknown as Global).workbench.close(n), name),
  }));
}
