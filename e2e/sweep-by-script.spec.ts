import type { Page } from '@playwright/test';
import { openAndWait, openLink, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const sweep = (page: Page) => page.evaluate(() => window.loraExplorer.sweep());
const RATES = Array.from({ length: 50 }, (_, i) => (i + 1) / 1000);
const SWEPT = `sweep=lr:${RATES};rank:1,2,3,4,5,6,7,8`;

test('400 cells are run on workers of their own, found again after a reload, and open in the lab with the same numbers', async ({
  page,
}) => {
  await openAndWait(page, `./?backend=wasm#v=1&d=8&k=8&steps=5&opt=sgd&${SWEPT}`);
  const file = await sweep(page);
  expect(file.cells).toHaveLength(400);
  expect(file.cells.every(({ loss, why }) => loss !== null && why === null)).toBe(true);
  expect(file.cells.map(({ settings }) => settings.lr).slice(0, 50)).toEqual(RATES);
  expect(await sweep(page)).toEqual(file);
  await page.reload();
  await page.evaluate(() => window.loraExplorer.ready);
  const before = page.workers().length;
  expect(await sweep(page)).toEqual(file);
  expect(page.workers().length - before).toBeLessThanOrEqual(8);
  const cell = file.cells[273];
  expect((await openLink(page, cell.link)).notices).toEqual([]);
  const run = await trainRun(page);
  expect(run.trace.loss.at(-1)).toBe(cell.loss);
  expect(run.config).toMatchObject({ ...cell.settings, seed: cell.seed });
});

test('the sweep’s screen shows what a script has run', async ({ page }) => {
  await openAndWait(page, './?backend=wasm#v=1&d=8&k=8&steps=5&opt=sgd&sweep=rank:1,2,3');
  await expect(page.getByRole('region', { name: 'Sweep' })).toContainText('Ready');
  await sweep(page);
  await expect(page.getByRole('region', { name: 'Sweep' })).toContainText('Finished, 3 runs');
});

test('a sweep ends where another link is opened, with what it has; a second one is refused meanwhile', async ({
  page,
}) => {
  // So long that it cannot end during the test.
  await openAndWait(
    page,
    `./?backend=cpu#v=1&d=128&k=128&steps=50000&opt=sgd&lr=0.00001&${SWEPT.replace('lr:', 'alpha:')}`,
  );
  const { refused, cells } = await page.evaluate(async () => {
    const running = window.loraExplorer.sweep();
    const refused = await new Promise<string>((resolve) => {
      setTimeout(() => window.loraExplorer.sweep().catch(({ message }: Error) => resolve(message)), 50);
    });
    await window.loraExplorer.open('#v=1&d=8&k=8');
    return { refused, cells: (await running).cells };
  });
  expect(refused).toBe('A sweep is in progress; stop it first.');
  expect(cells).toHaveLength(400);
  expect(cells.every(({ status, loss, why }) => status === 'idle' && loss === null && why === null)).toBe(true);
});
