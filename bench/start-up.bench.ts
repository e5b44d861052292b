/** Cost of a first visit: bytes over the network, and the time until the default experiment can be trained. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { type FetchedFile, recordFetches, totalSize } from '../e2e/first-load.ts';
import { machineOf } from './machine.ts';
import { report } from './report.ts';
import { quartilesText, spread } from './statistics.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const VISITS = 5;

test('start-up', async ({ browser, baseURL }) => {
  const base = baseURL ?? '';
  const times: number[] = [];
  let rows: readonly FetchedFile[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    // A fresh context: no cache, and no service worker, whose fetches would be counted too.
    const context = await browser.newContext({ baseURL: base, serviceWorkers: 'block' });
    const page = await context.newPage();
    const fetched = recordFetches(page, base);
    await page.goto('');
    times.push(
      await page.evaluate(async () => {
        const explorer = (window as unknown as { loraExplorer?: { ready: Promise<unknown> } }).loraExplorer;
        if (!explorer) throw new Error('The page has no window.loraExplorer.');
        await explorer.ready;
        return performance.now();
      }),
    );
    rows = fetched();
    await context.close();
  }

  const page = await browser.newPage({ baseURL: base });
  await page.goto('');
  const machine = await machineOf(page);
  await page.close();
  const total = totalSize(rows);
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
      'until ready, ms: median (quartiles)': quartilesText(spread(times)),
      'gz kB loaded': total.toFixed(0),
      'files in dist/': all.length,
    },
  ]);
});
