import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

const HAND = '/#v=1&target=digits&adapt=hand';

test('a sample hand by keyboard: it adapts, keeps the drawings, and a link sends the adapter without them', async ({
  page,
}) => {
  await page.goto(HAND);
  const results = page.getByRole('region', { name: 'What it reads' });
  await expect(results.getByText(/Draw the digits 0 to 9 in five rounds/)).toBeVisible();
  await page.getByRole('button', { name: 'Use a sample hand' }).press('Enter');
  await expect(page.getByText('Finished, 100 of 100 steps')).toBeVisible();
  await expect(results.getByRole('status')).toContainText(/Of your 20 test drawings it read \d+, now (19|20)\./);
  await expect(results.getByRole('heading', { name: /^It learns you/ })).toBeVisible();
  // A digit is drawn again, and both networks read it stroke by stroke.
  await page.getByRole('grid', { name: 'Fifty drawings' }).press('Enter');
  const pad = page.getByRole('application', { name: 'Draw a 0' });
  await pad.focus();
  await page.keyboard.down('Space');
  for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.up('Space');
  await expect(page.getByText(/^before: reads \d/)).toBeVisible();
  await expect(page.getByText(/^now: reads \d/)).toBeVisible();
  await page.getByRole('button', { name: 'Skip this digit' }).click();
  await expectNoViolations(page);
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'dark');

  await results.getByRole('button', { name: 'Make a link' }).press('Enter');
  const link = await results.getByLabel('Link with your hand').inputValue();
  expect(link).toMatch(/&hand=[\w-]{1500,2500}(&|$)/);
  await expect(results.getByText(/Rounding changed (none|\d+) of the 617 answers/)).toBeVisible();

  // The drawings are there after a reload, and with them the run.
  await page.goto('about:blank');
  await page.goto(HAND);
  await expect(results.getByRole('status')).toContainText(/now (19|20)\./);

  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Somebody else’s hand' })).toBeVisible();
  await expect(results.getByRole('status')).toContainText(/with this adapter (19|20)\./);
  await page.getByRole('button', { name: 'Adapt to mine' }).click();
  await expect(page).not.toHaveURL(/hand=[\w-]{9}/);
  await expect(page.getByText('Finished, 100 of 100 steps')).toBeVisible();
});

test('a link with a broken adapter says what is wrong with it, and opens without', async ({ page }) => {
  await page.goto(`${HAND}&hand=AQQAAIA_`);
  await expect(page.getByText(/this adapter cannot be read: it has 6 bytes/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Use a sample hand' })).toBeVisible();
});
