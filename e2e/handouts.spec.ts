import type { Page } from '@playwright/test';
import { LESSON_NAMES } from '../src/experiment/settings/view.ts';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';

async function printedPages(page: Page, lesson: string): Promise<number> {
  await page.evaluate((name) => {
    location.hash = `#v=1&lesson=${name}`;
  }, lesson);
  await expect(page.locator('.sheet')).toHaveCount(1);

  const pdf = await page.pdf({ preferCSSPageSize: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

test('each handout prints on one or two pages, and so does its answer key', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&lesson=handout-what-is-lora');
  const pages = new Map<string, number>();
  for (const lesson of LESSON_NAMES)
    for (const kind of ['handout', 'key'])
      pages.set(`${kind}-${lesson}`, await printedPages(page, `${kind}-${lesson}`));
  expect([...pages].filter(([, n]) => n < 1 || n > 2)).toEqual([]);
  await expect(page.locator('.sheet')).toContainText('Keep the adapter apart');
});

test('a teacher finds handout, key and notes of a lesson; the same handout whatever was guessed on the device', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&view=handouts');
  await page.getByRole('button', { name: 'Answer key', exact: true }).nth(1).click();
  await expect(page.getByRole('heading', { name: 'Lesson 1: answer key' })).toBeVisible();
  await expectNoViolations(page, 'answer key', '.handout');
  await page.getByRole('button', { name: 'Handout', exact: true }).click();
  const sheet = page.locator('.sheet');
  const before = await sheet.innerHTML();
  await page.evaluate(() => {
    const kept = {
      level: 'lora',
      numbers: true,
      last: 'by-hand',
      lessons: { 'by-hand': { guesses: { moves: 'B' }, right: ['7.0'] } },
    };
    localStorage.setItem('lora-explorer/lessons', JSON.stringify(kept));
  });
  await page.reload();
  await expect(sheet).toHaveCount(1);
  expect(await sheet.innerHTML()).toBe(before);
});
