import { expect, test } from './fixtures.ts';

test('a network of digits is adapted to turned ones beside full fine-tuning, and says what it forgets', async ({
  page,
}) => {
  await page.goto('/#v=1&target=digits&rank=4&run=1&pace=max');
  const grid = page.getByRole('grid', { name: 'Held-out digits: turned' });
  await expect(grid).toBeVisible();
  await expect(page.getByText('Finished, 300 of 300 steps')).toBeVisible();
  const right = async (section: string) =>
    Number(
      (await page.getByRole('region', { name: section }).getByRole('heading').innerText()).match(/(\d+) of 100/)?.[1],
    );
  await expect.poll(() => right('turned')).toBeGreaterThan(85);
  expect(await right('upright, the old task')).toBeLessThan(95);
  await expect(page.getByText('full', { exact: true }).first()).toBeVisible();
  // A matrix is chosen, and a digit is read by keyboard.
  await page.getByRole('button', { name: /^out 10 × 64/ }).click();
  await expect(page).toHaveURL(/module=out/);
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await expect(grid).toHaveAttribute('aria-activedescendant', /1-0$/);
  const { trace } = await page.evaluate(() => window.loraExplorer.run());
  expect(trace.loss).toHaveLength(301);
});
