import type { Page } from '@playwright/test';
import type { Corner, Timed } from './corner.ts';
import type { Counts } from './counts.ts';
import type { Size } from './start.ts';

/** A contestant as the bench sees it, wherever it runs. */
export interface Player<Case = Size> {
  readonly name: string;
  /** Steps per call, if they should not follow from its speed. */
  readonly fixed?: number;
  open(size: Case): Promise<void>;
  time(n: number): Promise<Timed>;
  close(): Promise<void>;
}

export interface PagePlayer<Case = Size> extends Player<Case> {
  count(n: number): Promise<Counts>;
  lossAfter(size: Case, n: number): Promise<number>;
}

type Global<Case> = { workbench: Corner<Case> };

export async function playersOf<Case = Size>(page: Page): Promise<PagePlayer<Case>[]> {
  const corner = await page.evaluateHandle(() => (globalThis as unknown as Global<Case>).workbench);
  const names = await corner.evaluate((it) => it.names);
  return names.map((name) => ({
    name,
    open: (size) => corner.evaluate((it, [one, own]) => it.open(one, own as Case), [name, size] as const),
    time: (n) => corner.evaluate((it, [one, steps]) => it.time(one, steps), [name, n] as const),
    count: (n) => corner.evaluate((it, [one, steps]) => it.count(one, steps), [name, n] as const),
    lossAfter: (size, n) =>
      corner.evaluate((it, [one, own, steps]) => it.lossAfter(one, own as Case, steps), [name, size, n] as const),
    close: () => corner.evaluate((it, one) => it.close(one), name),
  }));
}
