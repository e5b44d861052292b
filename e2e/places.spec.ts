/** Back and Forward lead through the places of the page, with its state kept. */

import { openAndWait, runOf, SMALL_RUN, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('a panel, the drawing pad and Present are entries of the history: Back closes them, and so do their own buttons', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  const { trace } = await trainRun(page);
  const html = page.locator('html');
  await page.keyboard.press('h');
  await expect(page.locator('.rail.list')).toBeVisible();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await page.goBack();
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await expect(page.locator('.rail.list')).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.locator('dialog[open]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await page.keyboard.press('f');
  await expect(html).toHaveAttribute('data-view', 'present');
  await page.goBack();
  await expect(html).not.toHaveAttribute('data-view', 'present');
  await page.keyboard.press('b');
  await expect(page.locator('.editor')).toBeVisible();
  await page.goBack();
  await expect(page.locator('.editor')).toHaveCount(0);
  await page.goBack();
  await expect(page.locator('.rail.list')).toHaveCount(0);
  expect((await runOf(page)).trace).toEqual(trace);
});
