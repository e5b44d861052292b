/** Memory that the page still holds after a hundred runs. */

import { test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { type Heaps, heapsOf } from './page/memory.ts';
import { report, say } from './report.ts';
import { digits } from './statistics.ts';

const [FEW, MANY] = QUICK ? [5, 15] : [10, 100];

test('memory after many runs', async ({ page }) => {
  const rows = [];
  for (const backend of QUICK ? ['wasm'] : ['wasm', 'webgpu']) {
    await page.goto('about:blank');
    await page.goto(`./?backend=${backend}#v=1&target=picture&d=64&k=64&steps=40&seed=0`);
    await page.evaluate(() => window.loraExplorer.ready);
    const until = async (last: number, from: number): Promise<Heaps> => {
      say(`${backend}: runs ${from + 1} to ${last}`);
      await page.evaluate(
        async ([first, end]) => {
          for (let seed = first; seed < end; seed++) {
            await window.loraExplorer.open(`#v=1&target=picture&d=64&k=64&steps=40&seed=${seed}`);
            await window.loraExplorer.train();
          }
        },
        [from, last] as const,
      );
      return heapsOf(page);
    };
    const before = await until(FEW, 0);
    const after = await until(MANY, FEW);
    const row = (runs: number, { page: own, worker, tensors, buffers }: Heaps) => ({
      'back end': backend,
      runs,
      'page, MB': digits(own),
      'worker, MB': digits(worker),
      tensors,
      'GPU buffers': buffers,
    });
    rows.push(row(FEW, before), row(MANY, after));
  }
  report('memory', 'Memory after many runs (64 × 64, 40 steps each)', await machineOf(page), rows, [
    'JavaScript’s heap with array buffers, after a collection of garbage.',
  ]);
});
