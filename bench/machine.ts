import { cpus } from 'node:os';
import type { Page } from '@playwright/test';

/** What a figure was measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** WebGPU's adapter as the browser names it. */
  readonly device: string;
  readonly browser: string;
  /** ISO date. */
  readonly date: string;
  readonly quick: boolean;
}

/** BENCH_QUICK: fewer sizes and rounds, to see that everything works. */
export const QUICK = process.env.BENCH_QUICK === '1';

/** Needs a page that is open on the server's origin: elsewhere there is no WebGPU to ask. */
export async function machineOf(page: Page): Promise<Machine> {
  const device = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    if (!adapter) return 'no WebGPU';
    const { description, device: name, vendor, architecture } = adapter.info;
    const words = [description || name, vendor, architecture].filter(Boolean);
    return words.join(', ') || 'a device without a name';
  });
  const version = page.context().browser()?.version() ?? 'unknown';
  const [first] = cpus();
  return {
    processor: first?.model ?? 'unknown processor',
    cores: cpus().length,
    device,
    browser: `Chromium ${version}`,
    date: new Date().toISOString().slice(0, 10),
    quick: QUICK,
  };
}

export function machineWords({ processor, cores, device, browser, date, quick }: Machine): string {
  const how = quick ? ', in a quick run' : '';
  return `Measured ${date} with ${browser} on ${cores} cores (${processor}), WebGPU: ${device}${how}.`;
}
