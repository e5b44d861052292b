import { trainRun, waitUntilReady } from './explorer.ts';
import { recordFetches } from './first-load.ts';
import { expect, test } from './fixtures.ts';
import { processorTest } from './start.ts';

processorTest('Chromium without an adapter');

test.describe('without an adapter', () => {
  for (const target of ['low-rank', 'regression']) {
    test(`nothing that needs one is fetched: ${target}`, async ({ page, baseURL }) => {
      const fetched = recordFetches(page, baseURL ?? '');
      await page.goto(`#v=1&target=${target}&d=16&k=16&steps=20`);
      await waitUntilReady(page);
      await trainRun(page);
      // Once WebGPU is in the table of timings, the search is over.
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'About' }).click();
      await page.getByRole('button', { name: 'How it is computed' }).click();
      await expect(page.getByRole('rowheader', { name: 'WebGPU' })).toBeVisible();
      expect(fetched().filter(({ file }) => /tfjs|-chunk-/.test(file))).toEqual([]);
    });
  }
});
