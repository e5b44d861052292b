import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { openAndWait } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const HAT = 'v=1&target=edit&edit=hat&d=64&k=64&rank=1&alpha=2&steps=300';
const CLASS = `#${HAT}&show=rank,alpha&lock=steps&goal=error:0.05,numbers:600&handin=1&title=A+hat`;

const question = (page: Page, n: number) => page.locator('.quiz > li').nth(n);

/** Answers with the keyboard alone: the option is the n-th. */
async function choose(page: Page, n: number, option: string) {
  await question(page, n).getByRole('radio', { name: option }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

test('a student answers a lesson of a class link by keyboard, hands the first answers in, and goes on to the exercise', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  await page.goto(`./?backend=cpu${CLASS}&lesson=what-is-lora&step=7`);
  await expect(question(page, 3)).toBeVisible();
  await choose(page, 0, 'All numbers of the large matrix, a little');
  await expect(question(page, 0)).toContainText('Not quite.');
  await choose(page, 0, 'Two thin matrices');
  await expect(question(page, 0)).toContainText('Right.');
  await question(page, 1).getByRole('textbox').focus();
  await page.keyboard.type('256');
  await page.keyboard.press('Enter');
  await expect(question(page, 1)).toContainText('one of the two');
  await page.getByRole('button', { name: 'Hand in …' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: 'lesson 0: 2 of 4 questions' })).toBeChecked();
  await expectNoViolations(page, 'hand in with answers', 'dialog');
  await dialog.getByRole('textbox', { name: 'Nickname' }).fill('Ada');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('status').filter({ hasText: 'copied' })).toHaveText('Link copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  // The exercise is that of the link, not the run of the lesson; the first tries count.
  expect(link).toMatch(/edit=hat.*&rank=1&.*answers=what-is-lora\.\w{3}:a,256,,/);
  await page.keyboard.press('Escape');
  await page
    .getByRole('button', { name: 'To the lab' })
    .or(page.getByRole('button', { name: 'Close' }))
    .first()
    .click();
  await expect(page.locator('.goal')).toBeVisible();
  await expect(page).toHaveURL(/edit=hat/);

  await page.goto('./?backend=cpu#v=1&view=answers');
  await page
    .getByLabel('Or paste links, one per line')
    .fill(`${link}\nBen ${link.replace(/&by=Ada/, '&by=Ben').replace(':a,256,,', ':b,512,y,b')}`);
  await page.getByRole('button', { name: 'Add links' }).press('Enter');
  await expect(
    page.getByRole('heading', { name: 'Question 1 is the one to talk about: 1 of 2 have it right.' }),
  ).toBeVisible();
  await expect(page.getByRole('row', { name: /^Ada/ })).toContainText('256');
});

test('a teacher rehearses the answers of the example class: mistakes, table, key, phone and dark', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&view=answers');
  await expectNoViolations(page, 'no answers yet');
  await page.getByRole('button', { name: 'rehearse with an example class' }).press('Enter');
  await expect(
    page.getByRole('heading', { name: 'Question 2 is the one to talk about: 7 of 12 have it right.' }),
  ).toBeVisible();
  await expect(page.locator('.mistakes li')).toHaveCount(3);
  await expect(page.locator('.mistakes')).toContainText('That is one of the two.');
  await expectNoViolations(page, 'answers');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Table (CSV)' }).click(),
  ]);
  expect(file.suggestedFilename()).toContain('example-class-answers.csv');
  const csv = await readFile(await file.path(), 'utf8');
  expect(csv).toContain('made up');
  expect(csv).toMatch(/\r\nDeniz,Two thin matrices,1,256,0,/);
  await page.getByRole('button', { name: /^4 At rank 8/ }).press('Enter');
  await expect(page.locator('.mistakes')).toContainText('not answered');
  await page.setViewportSize({ width: 390, height: 844 });
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'answers on a phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('button', { name: 'Answer key' }).click();
  await expect(page.getByRole('heading', { name: 'Lesson 0: answer key' })).toBeVisible();
  await page.goBack();
  await page.getByRole('button', { name: 'Leave the example' }).click();
  await expect(page.getByText('Names and answers are made up')).toBeHidden();
});
