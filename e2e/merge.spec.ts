import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

function numbersIn(text: string): number[] {
  const figures = (raised: string) =>
    raised.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (c) => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).replace('⁻', '-');
  return Array.from(
    text.matchAll(/(\d[\d.]*)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/g),
    ([, mantissa, power]) => Number(mantissa) * 10 ** Number(figures(power ?? '⁰')),
  );
}

async function table(page: Page): Promise<number[][]> {
  const rows = page.getByRole('dialog').locator('tbody tr');
  await expect(rows).toHaveCount(6);
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((td) => td.textContent)),
  );
  return cells.map((row) => row.flatMap(numbersIn));
}

test('the adapter of a run is merged by keyboard: every difference lies below its bound', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&target=low-rank&d=48&k=32&rank=4&steps=40&pace=max');
  await waitUntilReady(page);
  await trainRun(page);
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog', { name: 'Merge the adapter' });
  await expect(dialog.getByText(/^Merging changes the outputs .*16 random inputs, step 40/)).toBeVisible();
  await expect(
    dialog.getByText(/Among the 10 leading directions: 0 at step 0, \d+ in the merged weight/),
  ).toBeVisible();
  const [outputs, bound, beforehand, unmerged, unmergedBound, lost] = await table(page);
  for (const format of [0, 1]) {
    expect(outputs[format]).toBeGreaterThan(0);
    expect(outputs[format]).toBeLessThanOrEqual(bound[format]);
    expect(bound[format]).toBeLessThanOrEqual(beforehand[format]);
    expect(unmerged[format]).toBeLessThanOrEqual(unmergedBound[format]);
  }
  expect(outputs[0]).toBeLessThan(outputs[1] / 100);
  expect(lost[0]).toBeLessThan(lost[1] / 100);
  for (const colorScheme of ['light', 'dark'] as const) {
    await setColorScheme(page, colorScheme);
    await expectNoViolations(page, colorScheme, 'dialog');
  }

  // While looking back: the shown step, not the last one.
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  for (let i = 0; i < 40; i++) await page.keyboard.press('J');
  await page.keyboard.press('m');
  await expect(dialog.getByText(/^Merging changes the outputs .* step 0\)/)).toBeVisible();
  expect((await table(page))[5]).toEqual([0, 0]);
  await page.keyboard.press('Escape');

  // The frozen weight has another symbol if the initialisation has moved a part of W₀.
  await openLink(page, '#v=1&target=low-rank&d=32&k=48&rank=4&init=pissa&steps=10&pace=max');
  await trainRun(page);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(dialog.getByText(/Wfrozen \+ s·B·A at step 10/)).toBeVisible();
});

test('on a quantised base, merging into W₀ is told apart from merging into what was trained on', async ({ page }) => {
  await page.goto(
    './?backend=cpu#v=1&target=low-rank&d=64&k=64&quant=nf4&rank=8&alpha=16&init=loftq&steps=200&pace=max&done=1',
  );
  await waitUntilReady(page);
  await expect(page.getByText('NF4 of W₀, 9.2% off it')).toBeVisible();
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog', { name: 'Merge the adapter' });
  const ways = dialog.getByRole('region', { name: 'Ways of merging' });
  // The first sentence of all.
  await expect(dialog.getByRole('status').first()).toHaveText(
    'Merging into the bfloat16 base is not merging into the one that was trained on.',
  );
  const cells = await ways
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].slice(-2).map((td) => td.textContent)));
  expect(cells).toHaveLength(4);
  const [trained, quantised, full] = cells.map((row) => row.flatMap(numbersIn));
  // bfloat16 hardly changes what was trained; the other base is as far as NF4 took it.
  expect(quantised[1]).toBeLessThan(0.02);
  expect(full[1]).toBeGreaterThan(0.1);
  expect(Math.abs(trained[0] - quantised[0])).toBeLessThan(0.01);
  await expectNoViolations(page);
});

test('the base is chosen below the size, and takes the starts made for it with it', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&target=low-rank&d=32&k=32&rank=4&steps=20&init=pissa&pace=max');
  await waitUntilReady(page);
  await page.getByRole('button', { name: '32 × 32' }).click();
  const base = page.locator('[data-param="quant"]');
  await base.getByRole('button', { name: 'NF4' }).click();
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('quant=nf4');
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('init=qpissa');
  await base.getByRole('button', { name: 'full precision' }).click();
  await expect.poll(() => page.evaluate(() => window.location.hash)).not.toContain('quant');
  await expect.poll(() => page.evaluate(() => window.location.hash)).toContain('init=pissa');
});
