import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('a transformer is adapted to sort downwards: its answers before and now, its twelve matrices', async ({
  page,
}) => {
  await page.goto('/#v=1&target=transformer&steps=5&batch=4&run=1&pace=max');
  const answers = page.getByRole('region', { name: 'downwards' });
  await expect(answers.getByRole('row', { name: /symbols right/ })).toBeVisible();
  await expect(page.getByText('Finished, 5 of 5 steps')).toBeVisible();
  await expect(page.getByRole('grid', { name: /^Modules/ })).toBeVisible();
  const first = await answers.getByRole('rowheader').first().textContent();
  await answers.getByRole('button', { name: 'Questions after' }).click();
  await expect(answers.getByRole('rowheader').first()).not.toHaveText(first ?? '');
  await page.getByRole('button', { name: 'reverse', exact: true }).click();
  await expect(page).toHaveURL(/adapt=copy-reverse/);
});

test('a classifier of points shows how it divides the plane, before and now', async ({ page }) => {
  await page.goto('/#v=1&target=classifier&adapt=moons-rotated&run=1&pace=max');
  await expect(page.getByText('Finished, 400 of 400 steps')).toBeVisible();
  await expect(page.getByRole('img', { name: /^turned, now: (1\.0|0\.9)/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^turned, before: 0\.[0-8]/ })).toBeVisible();
  await expectNoViolations(page, 'pictures', '.network');
});
