import { expectNoViolations, setColorScheme } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('a layer by hand, then one step of the run: by keys, by typing, by pointing', async ({ page }) => {
  await page.goto('/#v=1&lesson=by-hand&step=8');
  const lesson = page.locator('.lesson');
  const spelled = page.locator('.spelled');
  const x = page.getByRole('textbox', { name: 'x, row 1, column 3' });

  await test.step('walks through the products by arrow keys, and keeps back the one that is asked for', async () => {
    await page.getByRole('group', { name: '2nd step, ∂L/∂A: arrow keys' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(spelled).toContainText('∂L/∂A1,3 = s·(Bᵀδ)1·x3 = 2 × 1.575 × (−1) = −3.15');
    await page.keyboard.press('ArrowDown');
    await expect(spelled).toContainText('∂L/∂A2,3 = s·(Bᵀδ)2·x3 = 2 × (−1.8375) × (−1) = ?');
    const answer = lesson.getByRole('textbox');
    await answer.fill('-3.675');
    await answer.press('Enter');
    await expect(lesson).toContainText('The size is right. Look at the signs');
    await answer.fill('3,675');
    await answer.press('Enter');
    await expect(spelled).toContainText('= 3.675');
  });

  await test.step('takes typed numbers, says what is none, puts the example back', async () => {
    await x.fill('abc');
    await x.press('Enter');
    await expect(page.locator('.fault')).toHaveText('“abc” is not a number. x, row 1, column 3, is still −1.');
    await x.press('Escape');
    await expect(x).toHaveValue('−1');
    await expect(lesson).toBeVisible();
    await x.fill('0,5');
    await x.press('Tab');
    await expect(spelled).toContainText('2 × (−1.05) × 0.5 = −1.05');
    await expect(page.getByRole('row', { name: 'row 2, column 3' })).toHaveText(/−1\.05−1\.0500000\d\d$/);
    await expect(lesson.locator('.try [role=status]')).toContainText('They agree for any numbers');
    // At the end of the text the bar below covers no button.
    await lesson.getByRole('button', { name: 'Notes for teachers' }).scrollIntoViewIfNeeded();
    await expectNoViolations(page, 'by hand');
    await page.getByRole('button', { name: 'Put back' }).click();
    await expect(x).toHaveValue('−1');
  });

  await test.step('has numbers of the reader’s own in every step, by keys', async () => {
    const own = page.locator('.own-numbers');
    await own.getByText('Numbers of your own').click();
    await own.getByLabel(/^Your number on the list/).fill('7');
    await page.keyboard.press('Enter');
    await expect(own.getByRole('status')).toContainText(
      'These are the numbers of 7, in every step and every question.',
    );
    await expect(spelled).toContainText('= ?');
    await expectNoViolations(page, 'own numbers', '.own-numbers');
    // 2 · (−6.375) · 1.
    await lesson.getByRole('textbox').fill('-12.75');
    await page.keyboard.press('Enter');
    await expect(lesson.locator('.quiz')).toContainText('Right.');
    await own.getByRole('button', { name: 'Back to the example' }).click();
    await expect(x).toHaveValue('−1');
  });

  await test.step('has a tab for each stage of both steps', async () => {
    await page.getByRole('tab', { name: '2nd step: ∂L/∂A' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('tab', { name: '2nd step: ∂L/∂B' })).toBeFocused();
    await expect(spelled).toContainText('∂L/∂B1,1 = s·δ1·z1 = 2 × 1 × (−1.5) = −3');
  });

  await test.step('shows a step of the run, and the product under the pointer', async () => {
    await page.goto('/#v=1&lesson=gradients&step=3');
    const picture = page.getByRole('group', { name: '∂L/∂B: arrow keys' });
    await expect(page.getByRole('tablist', { name: 'Stages of one step' })).toContainText('Step 40, sample');
    await expect(spelled).toContainText('∂L/∂B4,1 = s·δ4·z1');
    await expect(spelled).toContainText(/over all of ∂L\/∂B the largest difference is [\d.]+·10⁻¹/);
    await page.locator('[data-block=gradB] rect').first().hover();
    await expect(spelled).toContainText('∂L/∂B1,1 = s·δ1·z1');
    await expect(lesson.locator('.try [role=status]')).toContainText('Two signs that agree');
    await picture.focus();
    await page.keyboard.press('ArrowDown');
    await expect(spelled).toContainText('∂L/∂B2,1');
    await expectNoViolations(page, 'one step', '.live-step');
    await setColorScheme(page, 'dark');
    await expectNoViolations(page, 'one step, dark', '.live-step');
  });

  await test.step('plays slowly until Esc, and the lesson stays open', async () => {
    const play = page.getByRole('button', { name: 'Play slowly' });
    await play.click();
    await expect(page.getByRole('tab', { name: /∂L\/∂A$/ })).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Escape');
    await expect(play).toHaveAttribute('aria-pressed', 'false');
    await expect(lesson).toBeVisible();
  });
});
