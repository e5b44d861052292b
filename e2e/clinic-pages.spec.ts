/** The clinic as pages without script, as a link from a forum opens them. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { CASE_NAMES } from '../src/clinic/cases/case.ts';
import { expect, test } from './fixtures.ts';

const FOLDER = new URL('../dist/clinic/', import.meta.url);
const built = (file: string) => readFileSync(new URL(file, FOLDER));

// Whether there is script is a setting of a whole context.
test.use({ reuseContext: false });

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a complaint is read, and leads to the others', async ({ page }) => {
    await page.goto('./clinic/rank64.html');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('“Rank 64 is worse than rank 8”');
    for (const title of [
      'What you see',
      'Look here',
      'Why',
      'The switch',
      'What people try first',
      'In PEFT',
      'In kohya',
    ])
      await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible();
    await expect(page.getByRole('img').first()).toBeVisible();
    await page.getByRole('link', { name: 'All twelve complaints' }).click();
    await expect(page.getByRole('listitem').filter({ has: page.getByRole('heading') })).toHaveCount(CASE_NAMES.length);
    await page.getByRole('link', { name: '“The loss is NaN”' }).click();
    await expect(page).toHaveURL(/clinic\/nan\.html$/);
  });
});

test('they break no rule of WCAG, light, dark and on a phone, and nothing is wider than the screen', async ({
  page,
}) => {
  for (const [name, colorScheme, width] of [
    ['index', 'light', 1280],
    ['rank64', 'light', 390],
    ['together', 'dark', 1280],
    ['nothing', 'dark', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.goto(`./clinic/${name}.html`);
    const { violations } = await new AxeBuilder({ page })
      .setLegacyMode()
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual(
      [],
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBe(0);
  }
});

test('the way into the app opens the same complaint', async ({ page }) => {
  await page.goto('./clinic/rank64.html');
  await page.getByRole('link', { name: 'Watch it happen' }).click();
  await expect(page).toHaveURL(/view=clinic/);
  await expect(page.getByRole('heading', { name: '“Rank 64 is worse than rank 8”' })).toBeVisible();
});

test('the build has one for each complaint, with a card of the right size', () => {
  const pages = readdirSync(fileURLToPath(FOLDER)).filter((file) => file.endsWith('.html'));
  expect(pages.sort()).toEqual([...CASE_NAMES, 'index'].map((name) => `${name}.html`).sort());
  for (const file of pages) {
    const card = /property="og:image" content="[^"]*?([\w-]+\.png)"/.exec(built(file).toString())?.[1] ?? '';
    const png = built(card);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)], file).toEqual([1200, 630]);
    expect(png.length, file).toBeLessThan(40_000);
  }
});
