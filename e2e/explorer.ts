import type { Page } from '@playwright/test';
import type { RunFile } from '../src/experiment/run-file.ts';

/** window.loraExplorer, from a test's side: everything goes through the page's public interface. */
type Explorer = import('../src/app/page-interface.ts').LoraExplorer;
type Global = { loraExplorer: Explorer };

export function ready(page: Page) {
  return page.evaluate(() => (globalThis as unknown as Global).loraExplorer.ready);
}

export function open(page: Page, link: string): Promise<{ notices: string[] }> {
  return page.evaluate((l) => (globalThis as unknown as Global).loraExplorer.open(l), link);
}

export function link(page: Page): Promise<string> {
  return page.evaluate(() => (globalThis as unknown as Global).loraExplorer.link());
}

export function train(page: Page, steps?: number): Promise<RunFile> {
  return page.evaluate((n) => (globalThis as unknown as Global).loraExplorer.train(n), steps);
}

export function runOf(page: Page): Promise<RunFile> {
  return page.evaluate(() => (globalThis as unknown as Global).loraExplorer.run());
}
