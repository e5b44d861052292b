import { currentLink, openLink, runOf, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('Firefox: open, train, share', async ({ page }) => {
  await page.goto('#v=1&target=picture&d=32&k=32&rank=4&steps=40&pace=max');
  await waitUntilReady(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText(/Finished, 40 of 40 steps/).first()).toBeVisible();
  const shared = await currentLink(page);
  await page.getByRole('button', { name: /Share/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  const before = await runOf(page);
  expect((await openLink(page, shared)).notices).toEqual([]);
  expect((await runOf(page)).layers[0].initial).toEqual(before.layers[0].initial);
  expect(await currentLink(page)).toBe(shared);
});
