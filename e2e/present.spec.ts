/** A lecturer's page: entered from the lab, steered by hand or by keys, left again with nothing lost. */

import { link, ready, runOf, train } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&target=picture&d=32&k=32&rank=4&steps=20&pace=max';

test('Present has tabs, a pace and a way out, and Back leaves it for the lab with the run as it is', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(SMALL);
  await ready(page);
  const { trace } = await train(page);
  const lab = await link(page);
  const html = page.locator('html');
  await page.getByRole('button', { name: 'Present' }).click();
  await expect(html).toHaveAttribute('data-view', 'present');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('combobox', { name: /Pace/ })).toBeVisible();
  const right = page.getByRole('group', { name: 'Right chart' });
  await right.getByRole('button', { name: /Effective rank/ }).click();
  await expect(page.locator('figure[data-chart=effectiveRank]')).toBeVisible();
  await expect(page.locator('figure[data-chart=gradients]')).toBeHidden();
  await page.keyboard.press('1');
  await expect(page.locator('figure[data-chart=spectrum]')).toBeVisible();
  await page.keyboard.press('Space');
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(trace.loss.length);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
  const { trace: longer, link: kept } = await runOf(page);
  await page.goBack();
  await expect(html).toHaveAttribute('data-view', 'lab');
  expect((await runOf(page)).trace).toEqual(longer);
  await page.getByRole('button', { name: 'Present' }).click();
  await expect.poll(() => page.url()).toContain('view=present');
  await page.getByRole('button', { name: 'Exit' }).click();
  await expect(html).toHaveAttribute('data-view', 'lab');
  await expect.poll(() => page.url()).not.toContain('view=present');
  await page.goForward();
  await expect(html).toHaveAttribute('data-view', 'present');
  expect((await runOf(page)).trace).toEqual(longer);
  expect([lab.includes('view'), kept.includes('rank=4')]).toEqual([false, true]);
});

test('all of Present is in a small and in a large projector', async ({ page }) => {
  await page.goto(`${SMALL}&view=present`);
  await ready(page);
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    const beyond = () =>
      page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, scrollHeight - innerHeight];
      });
    await expect.poll(beyond, { message: `${width} × ${height}` }).toEqual([0, 0]);
    await expect(page.locator('.pbar').getByRole('button', { name: /^Rank r/ })).toBeVisible();
    // 22 of the 1080 lines of a projector, whatever it shows them with.
    const smallest = await page.evaluate(() => {
      const texts = [...document.querySelectorAll('main *')].filter(
        (e) =>
          e.checkVisibility() &&
          !e.closest('.unseen, sub') &&
          [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
      );
      return Math.min(...texts.map((e) => Number.parseFloat(getComputedStyle(e).fontSize)));
    });
    expect((smallest * 1080) / height).toBeGreaterThanOrEqual(22);
  }
});
