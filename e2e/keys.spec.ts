import { currentLink, openAndWait, runOf, SMALL_RUN, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('the whole main path works with the keyboard alone', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  await page.keyboard.press('+');
  await expect(page.getByRole('slider', { name: 'Rank r' })).toHaveAttribute('aria-valuetext', /16/);
  await waitUntilReady(page);
  await page.keyboard.press('t');
  await expect(page.getByText(/Finished, 60 of 60/).first()).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('slider', { name: /Timeline/ })).not.toHaveValue('60');
  await page.keyboard.press('r');
  await expect(page.getByText(/Ready, step 0/).first()).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByText(/step 1 of 60/).first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  await expect(page.locator('html')).toHaveAttribute('data-view', 'present');
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).not.toHaveAttribute('data-view', 'present');
});

test('at 200 % zoom arrows and space scroll the page and walk its controls: a finished run stays', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await openAndWait(page, SMALL_RUN);
  const { trace } = await trainRun(page);
  const before = await currentLink(page);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    // A focused button, link or picture; sliders and choices take the arrows as everywhere.
    const takes = await page.evaluate(() => document.activeElement?.matches('input, select'));
    if (!takes) for (const key of ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
  }
  expect(await currentLink(page)).toBe(before);
  const run = await runOf(page);
  expect([run.status, run.trace]).toEqual(['finished', trace]);
});

test('cells of ΔW are read by arrow keys: value, row of B, column of A', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  await trainRun(page);
  await page.getByRole('group', { name: /Cells of ΔW/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(/row \d+, column \d+/).first()).toBeVisible();
});
