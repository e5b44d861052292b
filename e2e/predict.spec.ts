import { openLink, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const dashes = (chart: string) => `[data-chart="${chart}"] svg path.dashed.ink`;

test('dashes stand before the first step, follow a slider at once, and the run lands near them', async ({ page }) => {
  await page.goto('./');
  await waitUntilReady(page);
  await openLink(page, '#v=1&target=edit&edit=sunglasses&opt=sgd&predict=1&pace=max');
  const error = page.locator(dashes('foretoldError'));
  const directions = page.locator(dashes('directions'));
  await expect(error).toHaveCount(1);
  await expect(directions).toHaveCount(5);
  const before = await error.getAttribute('d');
  const rate = page.getByRole('slider', { name: 'Learning rate' });
  await rate.focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(() => error.getAttribute('d')).not.toBe(before);
  await expect(page.locator('.st')).toContainText('Ready, step 0');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.locator('.st')).toContainText(/within 0\.0\d+ of the prediction/);
  await expect(page.locator('[data-chart="directions"] svg')).toContainText(/σ₁ step \d+/);
});

test('where no law is known the page says why, and draws the run alone', async ({ page }) => {
  await page.goto('./');
  await waitUntilReady(page);
  await openLink(page, '#v=1&target=low-rank&opt=adam&predict=1');
  await expect(page.getByText('No law for Adam yet.')).toBeVisible();
  await expect(page.locator('[data-chart="directions"] svg')).toBeVisible();
  await expect(page.locator(dashes('directions'))).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Predict before training' }).click();
  await expect(page.locator('[data-chart="spectrum"] svg')).toBeVisible();
});

test('four knobs turned together change no bit of a run, one alone does', async ({ page }) => {
  await page.goto('./#v=1&view=experiments');
  await page.getByRole('button', { name: 'Turn them' }).click();
  const dialog = page.getByRole('dialog', { name: 'Four knobs, two dials' });
  const said = dialog.locator('p').filter({ hasText: 'entries of' });
  for (const rule of ['Adam', 'SGD']) {
    await dialog.getByRole('button', { name: rule }).click();
    for (const [p, q] of [
      ['4', '2'],
      ['¼', '4'],
    ]) {
      await dialog.getByRole('group', { name: 'p', exact: true }).getByRole('button', { name: p, exact: true }).click();
      await dialog.getByRole('group', { name: 'q', exact: true }).getByRole('button', { name: q, exact: true }).click();
      await expect(said).toContainText(/^0 of 495,616 entries/);
    }
  }
  await dialog.getByRole('group', { name: 'p', exact: true }).getByRole('button', { name: '3', exact: true }).click();
  await expect(said).toContainText(/at most [\d.]+·10⁻[⁶⁷⁸] apart/);
  await dialog.getByRole('slider', { name: 'Rate of B' }).press('ArrowLeft');
  await expect(said).not.toContainText(/^0 of/);
});

test('the knobs are in the link while their panel is open', async ({ page }) => {
  await page.goto('./#v=1&view=experiments&dials=rule:sgd,p:2,q:4');
  const dialog = page.getByRole('dialog', { name: 'Four knobs, two dials' });
  const turn = (name: string) => dialog.getByRole('group', { name, exact: true });
  await expect(turn('q').getByRole('button', { name: '4', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await turn('p').getByRole('button', { name: '½', exact: true }).click();
  await expect.poll(() => page.url()).toContain('dials=rule:sgd,p:0.5,q:4');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => page.url()).not.toContain('dials');
});
