import { expectNoViolations, setColorScheme } from './axe.ts';
import { openAndWait } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const TEACH = './?backend=cpu#v=1&view=teach';

test('a plan is chosen and taught by keyboard: from the projector to a lesson, the class link and the wall, and back', async ({
  page,
}) => {
  await page.goto(TEACH);
  const times = page.locator('.plan-lines b');
  await page.getByRole('radio', { name: 'Choosing r, α and the rate' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'The owl, rank by rank' })).toBeChecked();
  await expect(times).toHaveText(['0:00', '0:05', '0:15', '0:18', '0:33', '0:41']);
  await expectNoViolations(page, 'plans');
  await page.getByRole('link', { name: 'Start this lesson' }).press('Enter');
  const strip = page.getByRole('complementary', { name: 'Plan: The owl, rank by rank' });
  await expect(page.locator('html')).toHaveAttribute('data-view', 'present');
  await expect(strip).toContainText('1 of 6');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('Step 1 of 7')).toBeVisible();
  await expect(strip).toContainText('0:05 Pairs');
  // In a lesson the arrows turn its steps first.
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('Step 2 of 7')).toBeVisible();
  await strip.getByRole('button', { name: 'Next line' }).press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-view', 'present');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('heading', { name: 'Make a class link' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('A hat in 600 numbers');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('Drop run files here')).toBeVisible();
  await expect(page.getByLabel('Trained numbers allowed')).toHaveValue('600');
  await expectNoViolations(page, 'a line of the plan');
  await page.reload();
  await expect(strip).toContainText('5 of 6');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Make a class link' })).toBeVisible();
  await strip.getByRole('button', { name: 'End' }).click();
  await expect(strip).toBeHidden();
});

test('a teacher rehearses with an example class, one by one, on the projector too; a real hand-in leaves it', async ({
  page,
}) => {
  await openAndWait(page, TEACH);
  await page.getByRole('button', { name: 'Rehearse with an example class' }).click();
  await expect(page.locator('.goal-sentence')).toContainText('4 of 12 reached it');
  await expect(page.getByText('The floor at rank 3 is 0.0692')).toBeVisible();
  await expectNoViolations(page, 'example class');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Let them hand in again, one by one' }).click();
  await page.getByRole('button', { name: 'Next hand-in' }).click();
  await expect(page.locator('.goal-sentence')).toContainText('of 2 reached it');
  await page.keyboard.press('f');
  await expect(page.getByText('Example class')).toBeVisible();
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await expect(page.locator('.goal-sentence')).toContainText('of 3 reached it');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add runs …' }).click();
  await page
    .getByLabel('Or paste links, one per line')
    .fill('Mei https://a.example/#v=1&target=edit&edit=hat&d=64&k=64&rank=4&alpha=8&lr=0.02');
  await page.getByRole('button', { name: 'Add links' }).click();
  await expect(page.getByText('Example class')).toBeHidden();
  await expect(page.locator('.class-table .who')).toHaveCount(1);
  await expect(page.getByLabel('Name of Mei')).toBeVisible();
});

test('plans, handouts and a line of a plan fit a phone and are accessible in the dark', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const view of ['teach', 'handouts']) {
    await openAndWait(page, `./?backend=cpu#v=1&view=${view}`);
    await setColorScheme(page, 'dark');
    await expectNoViolations(page, view);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
  await openAndWait(page, TEACH);
  await page.getByRole('link', { name: /^Lesson: Lesson 0/ }).click();
  await expect(page.getByText('Step 1 of 7')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
