import { expectNoViolations, setColorScheme } from './axe.ts';
import { trainRun } from './explorer.ts';
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

test('merging: B and A fold into W₀; bfloat16 takes up little; two pairs and wrong factors are seen', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&lesson=merging&step=1');
  const lesson = page.locator('.lesson');
  const seen = lesson.locator('.try:not(.guess) [role=status]');
  const reading = page.locator('.one-base .reading');
  const next = lesson.getByRole('button', { name: 'Next →' });

  await test.step('folds a column and a row at a time, by slider and by button', async () => {
    await lesson.getByRole('button', { name: 'Skip the guess' }).click();
    await expect(reading).toContainText('The layer holds 5,120 numbers.');
    await page.getByRole('slider', { name: 'Columns of B and rows of A in W₀' }).press('ArrowRight');
    await expect(reading).toContainText('The layer holds 4,992 numbers.');
    await lesson.getByRole('button', { name: 'Fold them in' }).click();
    await expect(reading).toContainText(/holds 4,096 numbers. The outputs differ by at most .*rounding allows up to/);
    await expect(seen).toContainText('The picture on the right has not changed. The outputs differ by at most');
    await expectNoViolations(page, 'fold', '.one-base');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  await test.step('trains a step, and shows what bfloat16 keeps of it', async () => {
    await next.click();
    const buttons = lesson.locator('.try').getByRole('button');
    await expect(buttons.first()).toHaveText('Train 1 step');
    await buttons.first().click();
    await expect(reading).toContainText('and 98% of ΔW is lost.');
    await buttons.getByText('To 10', { exact: true }).click();
    await expect(seen).toContainText('Now 79% of ΔW is lost.');
  });

  await test.step('counts multiplications to scale', async () => {
    await next.click();
    await lesson.getByRole('textbox', { name: 'Rank r, typed' }).fill('64');
    await page.keyboard.press('Enter');
    await expect(reading).toContainText('12,288 multiplications for one input, 200% more than merged.');
  });

  await test.step('marks what is beyond black, and shows what wrong factors add', async () => {
    await next.click();
    await next.click();
    await lesson.getByRole('button', { name: 'Both sunglasses' }).click();
    await expect(page.locator('.one-base')).toContainText(/In W 2\d\d numbers are beyond black or white/);
    await next.click();
    await lesson.getByRole('button', { name: 'Add the factors' }).click();
    await expect(page.getByRole('img', { name: 'What adding the factors gets wrong' })).toBeVisible();
    await page.getByRole('button', { name: 'Train them here' }).click();
    await expect(page.locator('.one-base')).toContainText('The three adapters were trained here, on this device.');
    await expect(reading).toContainText('misses the sum of the products by 87%');
    await expectNoViolations(page, 'factors', '.one-base');
  });
});

test('choosing: a line of the guide trains beside the lesson, and the first question has its rank', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&lesson=choosing&step=7');
  const lesson = page.locator('.lesson');
  await expect(page.locator('.st b').first()).toHaveText(/Finished|Converged/);
  await lesson.getByRole('button', { name: 'Two tasks at rank 32' }).click();
  await expect(page).toHaveURL(/lesson=choosing&step=7/);
  await expect(page).toHaveURL(/rank=32/);
  await expect(page.locator('.st b').first()).toHaveText(/Finished|Converged/);
  await lesson.getByRole('button', { name: 'Next →' }).click();
  await lesson.getByRole('radio', { name: /^Rank 64 in all seven/ }).check();
  await lesson.getByRole('button', { name: 'Check' }).click();
  await expect(lesson.locator('.quiz')).toContainText('It takes 16.2 GiB, which is more than she has.');
  await lesson.getByRole('button', { name: 'Next →' }).click();
  const first = lesson.locator('.quiz > li').first();
  // The step sets the lab up.
  await expect(page).toHaveURL(/rank=8/);
  await lesson.getByRole('textbox', { name: 'Rank r, typed' }).fill('14');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/rank=14/);
  // A change of rank trains again at once only where a step is quick.
  await trainRun(page);
  await expect(lesson.locator('.try .seen')).toContainText('At rank 14 the error is');
  await first.getByRole('button', { name: 'Check my setting' }).click();
  await expect(first.getByRole('status')).toContainText(/Right\.|lower one does too|too high/);
});

test('the last question on gradients has its initialisations, and stays in sight', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&lesson=gradients&step=9');
  const lesson = page.locator('.lesson');
  await lesson.getByRole('combobox', { name: 'Initialisation of A and B' }).selectOption('init-b');
  const last = lesson.locator('.quiz > li').last();
  await expect(lesson.locator('.try .seen')).toContainText('that of B 0');
  await last.getByRole('button', { name: 'Check my setting' }).click();
  await expect(last.getByRole('status')).toContainText('Right.');
});
