/** What a first visit costs: bytes over the network, and the time until the opening experiment can be trained. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { test } from '@playwright/test';
import { machineOf } from './machine.ts';
import { report } from './report.ts';
import { spread, told } from './statistics.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const VISITS = 5;

/** gz kB of the file that an address under `base` stands for. */
function sizeOf(address: string, base: string): number {
  const path = new URL(address).pathname.slice(new URL(base).pathname.length) || 'index.html';
  return gzipSync(readFileSync(join(DIST, path))).length / 1000;
}

test('start-up', async ({ browser, baseURL }) => {
  const base = baseURL ?? '';
  const times: number[] = [];
  const loaded = new Set<string>();
  for (let visit = 0; visit < VISITS; visit++) {
    // A context of its own: no cache, and no service worker, whose fetches would be counted too.
    const context = await browser.newContext({ baseURL: base, serviceWorkers: 'block' });
    const page = await context.newPage();
    page.on('request', (request) => loaded.add(request.url().replace(/#.*/, '')));
    await page.goto('');
    times.push(
      await page.evaluate(async () => {
        const explorer = (window as unknown as { loraExplorer?: { ready: Promise<unknown> } }).loraExplorer;
        if (!explorer) throw new Error('The page has no window.loraExplorer.');
        await explorer.ready;
        return performance.now();
      }),
    );
    await context.close();
  }

  const page = await browser.newPage({ baseURL: base });
  await page.goto('');
  const machine = await machineOf(page);
  await page.close();
  const files = [...loaded].filter((address) => address.startsWith(base)).sort();
  const rows = files.map((address) => ({
    file: address.slice(base.length) || 'index.html',
    kB: sizeOf(address, base),
  }));
  const total = rows.reduce((sum, row) => sum + row.kB, 0);
  report(
    'first-load',
    'First load, gz kB',
    machine,
    [...rows, { file: 'together', kB: total }].map((row) => ({ ...row, kB: row.kB.toFixed(1) })),
  );
  const all = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  report('start-up', 'Start-up', machine, [
    {
      visits: VISITS,
      'until ready, ms: median (quartiles)': told(spread(times)),
      'gz kB loaded': total.toFixed(0),
      'files in dist/': all.length,
    },
  ]);
});
