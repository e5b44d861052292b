import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Page } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Whether the page's WebAssembly fuses multiply and add; null without one. */
  readonly fused: boolean | null;
  /** WebGPU's adapter as the browser names it. */
  readonly device: string;
  readonly browser: string;
  readonly date: string;
  readonly quick: boolean;
}

/** BENCH_QUICK: fewer sizes and rounds, to check that everything works. */
export const QUICK = process.env.BENCH_QUICK === '1';

/** Asks the engine itself, in a separate context. */
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
/** Instruction sets that matrix products use, by Linux's flags. */
const FEATURES: Readonly<Record<string, string>> = {
  avx2: 'AVX2',
  fma: 'FMA',
  avx512f: 'AVX-512',
  asimd: 'NEON',
  sve: 'SVE',
};

/** "AMD EPYC, family 25, model 1: AVX2, FMA": one name may cover several generations; only Linux gives the rest. */
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

/** The page has to be on the server's origin: elsewhere there is no WebGPU. */
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
