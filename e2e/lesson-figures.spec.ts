import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('real adapters: a file is chosen, and a module of it by keys', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&lesson=low-rank&step=7');
  const figure = page.getByRole('region', { name: 'Singular values of public adapters' });
  const grid = figure.getByRole('grid', { name: 'Modules, coloured by effective rank ÷ r' });
  await expect(figure.getByRole('status')).toContainText('layer 0, q (768 × 768), effective rank 7.18 of 8');
  await grid.focus();
  for (let row = 0; row < 5; row++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(figure.getByRole('status')).toContainText('layer 5, q (768 × 768), effective rank 1.65 of 8');
  await expect(page.locator('.lesson .try [role=status]')).toContainText('Layer 5, q: an effective rank of 1.65');
  await expectNoViolations(page, 'spectra', '.real-spectra');
  await figure.getByRole('radio', { name: /Gemma/ }).check();
  await expect(figure.getByRole('status')).toContainText('Median effective rank of all 72: 3.65.');
  await expect(figure.getByRole('link')).toHaveAttribute('href', /^https:\/\/github\.com\/[\w-]+\/[\w-]+$/);
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'spectra, dark', '.real-spectra');
});
