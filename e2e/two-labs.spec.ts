import { expect, test } from '@playwright/test';
import type { RunFile } from '../src/experiment/run-file/run-file.ts';
import { openLink, trainRun, waitUntilReady } from './explorer.ts';
import type { Workbench } from './workbench/two-labs.tsx';
import { openWorkbench } from './workbench/workbench.ts';

const LINKS = ['#v=1&rank=3&steps=100&pace=max', '#v=1&rank=8&seed=5&opt=sgd&steps=100&pace=max'];

/** Numbers per step and at the end. Spectra are sampled as time allows. */
function numbersOf({ trace, layers: [{ initial, final, trace: norms }] }: RunFile) {
  const { effectiveRank: _, spectrum: __, ...everyStep } = norms;
  return { trace, initial, final, ...everyStep };
}

test('two labs on one page train at once, and each gets the numbers of its run alone', async ({ page }) => {
  const alone: RunFile[] = [];
  await page.goto('./?backend=cpu#v=1');
  await waitUntilReady(page);
  for (const link of LINKS) {
    await openLink(page, link);
    alone.push(await trainRun(page));
  }
  await openWorkbench(page, 'e2e/workbench/two-labs.tsx');
  const together = await page.evaluate(
    (links) => (globalThis as unknown as { workbench: Workbench }).workbench.train(links),
    LINKS,
  );
  expect(together.map((file) => file && numbersOf(file))).toEqual(alone.map(numbersOf));

  for (const [name, rank] of [
    ['First', '3'],
    ['Second', '8'],
  ]) {
    const lab = page.getByRole('region', { name, exact: true });
    await expect(lab).toContainText(`r\u00a0=\u00a0${rank}`);
    await expect(lab.locator('.st b')).toHaveText(/Finished|Converged/);
    const [place, strip] = [await lab.boundingBox(), await lab.locator('.strip').boundingBox()];
    expect(strip?.width).toBeLessThanOrEqual(place?.width ?? 0);
  }
  expect(new URL(page.url()).hash).toBe('');
});
