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

test('a link shared from a finished run opens with the run trained, number for number', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&target=edit&d=32&k=32&rank=4&steps=40&pace=max');
  const { trace } = await trainRun(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toContain('done=1');
  await page.goto('about:blank');
  await openAndWait(page, `./?backend=cpu${new URL(link).hash}`);
  expect((await runOf(page)).status).toBe('finished');
  expect((await runOf(page)).trace).toEqual(trace);
});
