import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Page } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';

/** What a figure was measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Whether the page's WebAssembly multiplied and added in one operation; null where none took part. */
  readonly fused: boolean | null;
  /** WebGPU's adapter as the browser names it. */
  readonly device: string;
  readonly browser: string;
  /** ISO date. */
  readonly date: string;
  readonly quick: boolean;
}

/** BENCH_QUICK: fewer sizes and rounds, to see that everything works. */
export const QUICK = process.env.BENCH_QUICK === '1';

/** Asks the engine itself, in a context of its own. */
async function fuses(page: Page): Promise<boolean | null> {
  const tab = await page
    .context()
    .browser()
    ?.newPage({ baseURL: new URL(page.url()).origin });
  if (!tab) return null;
  try {
    await openWorkbench(tab, 'bench/steppers/fuses-page.ts');
    return await tab.evaluate(() => (globalThis as unknown as { workbench: { fuses: boolean } }).workbench.fuses);
  } finally {
    await tab.close();
  }
}

const CPUINFO = '/proc/cpuinfo';
/** What a product of matrices is made with, by the names that Linux has for it. */
const FEATURES: Readonly<Record<string, string>> = {
  avx2: 'AVX2',
  fma: 'FMA',
  avx512f: 'AVX-512',
  asimd: 'NEON',
  sve: 'SVE',
};

/**
 * "AMD EPYC, family 25, model 1: AVX2, FMA": a name alone may be of several generations. Only Linux tells more than the name,
 * and of a virtual machine what it has been given.
 */
export function processorWords(): string {
  const name = cpus()[0]?.model ?? 'unknown processor';
  if (!existsSync(CPUINFO)) return name;
  const info = readFileSync(CPUINFO, 'utf8');
  const of = (field: string) => new RegExp(`^${field}\\s*: (.*)$`, 'm').exec(info)?.[1];
  const [family, model] = [of('cpu family'), of('model')];
  const has = new Set((of('flags') ?? of('Features') ?? '').split(' '));
  const features = Object.entries(FEATURES).flatMap(([flag, words]) => (has.has(flag) ? [words] : []));
  const kind = family && model ? `, family ${family}, model ${model}` : '';
  return `${name}${kind}${features.length > 0 ? `: ${features.join(', ')}` : ''}`;
}

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
  return {
    processor: processorWords(),
    cores: cpus().length,
    fused: await fuses(page),
    device,
    browser: `Chromium ${version}`,
    date: new Date().toISOString().slice(0, 10),
    quick: QUICK,
  };
}

export function machineWords({ processor, cores, fused, device, browser, date, quick }: Machine): string {
  const how = quick ? ', in a quick run' : '';
  const wasm = fused === null ? '' : `; WebAssembly ${fused ? 'with' : 'without'} fused multiply-add`;
  return `Measured ${date} with ${browser} on ${cores} cores (${processor})${wasm}; WebGPU: ${device}${how}.`;
}
