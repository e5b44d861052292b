import type { Page } from '@playwright/test';
import { partOf } from '../src/math/testing/part-of.ts';
import { expectNoViolations } from './axe.ts';
import { waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&target=picture&d=16&k=16&rank=4&steps=20';

test('a press on the padding of a save menu leaves it open, and a press beside it closes it', async ({ page }) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  let crashed = false;
  page.on('crash', () => {
    crashed = true;
  });
  for (const button of await page.getByRole('button', { name: /^Save: / }).all()) {
    await button.click();
    const list = page.getByRole('button', { name: 'Show as a table' });
    await expect(list).toBeVisible();
    const box = await list.locator('..').boundingBox();
    if (!box) throw new Error('the list has no box');
    for (const [x, y] of [
      [3, 3],
      [box.width - 3, 3],
      [3, box.height - 3],
      [box.width - 3, box.height / 2],
    ]) {
      await page.mouse.click(box.x + x, box.y + y);
      expect(crashed).toBe(false);
      await expect(list).toBeVisible();
    }
    await page.mouse.click(5, 300);
    await expect(list).toBeHidden();
  }
});

test('a menu is used with the keyboard: it opens, Esc closes it, a choice closes it and acts', async ({ page }) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  const save = page.getByRole('button', { name: 'Save: Error' });
  const first = page.getByRole('button', { name: 'Picture (SVG)' });
  await save.focus();
  await page.keyboard.press('Enter');
  await expect(first).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(first).toBeHidden();
  await expect(save).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(first).toBeFocused();
  // To the button, then before it: once the focus is outside, the list closes.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await expect(first).toBeHidden();
  await save.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(file.suggestedFilename()).toMatch(/-error\.svg$/);
  await expect(first).toBeHidden();
});

test('undo and redo of a narrow bar are pressed more than once', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 800 });
  await page.goto(SMALL);
  await waitUntilReady(page);
  for (const rank of ['3', '2']) {
    const typed = page.getByRole('textbox', { name: 'Rank r, typed' }).first();
    await typed.fill(rank);
    await typed.press('Enter');
  }
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.click();
  await undo.click();
  await expect(undo).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Redo' })).toBeVisible();
  await page.getByRole('button', { name: 'Shortcuts' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(undo).toBeHidden();
});

/**
 * Opens and closes each menu: the edges of the lists that are then visible, and by how much the page is too wide. By
 * script, since a press by Playwright takes twenty times as long; the tests above press with mouse and keys.
 */
function openEachMenu(page: Page): Promise<{ lists: (readonly [left: number, right: number])[]; beyond: number }[]> {
  return page.evaluate(async () => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const visible = () =>
      [...document.querySelectorAll('.menu .list')].filter((list) =>
        list.checkVisibility({ visibilityProperty: true }),
      );
    const found = [];
    // The page has drawn the bar of this width.
    await drawn();
    for (const button of document.querySelectorAll<HTMLElement>(':is(.bar, .charts, .dock) .menu > :first-child')) {
      button.click();
      for (let frame = 0; frame < 200 && visible().length === 0; frame++) await drawn();
      await drawn();
      const lists = visible().map((list) => list.getBoundingClientRect());
      found.push({
        lists: lists.map(({ left, right }) => [left, right] as const),
        beyond: document.documentElement.scrollWidth - window.innerWidth,
      });
      button.click();
      for (let frame = 0; frame < 200 && visible().length > 0; frame++) await drawn();
    }
    return found;
  });
}

/** Breakpoints, and the widths between which a menu once stuck out. */
const WIDTHS = [
  320, 360, 390, 480, 559, 560, 561, 570, 580, 599, 600, 620, 660, 700, 720, 740, 759, 760, 761, 780, 800,
];

for (const [fragment, widths] of [
  ['target=picture', partOf(WIDTHS, 3)],
  ['target=picture&init=pissa', partOf(WIDTHS, 6, 1)],
  ['target=regression', partOf(WIDTHS, 6, 2)],
] as const)
  test(`no width of a small page is left, by open menus neither: ${fragment}`, async ({ page }) => {
    await page.setViewportSize({ width: 800, height: 800 });
    await page.goto(`./?backend=cpu#v=1&d=32&k=32&steps=20&${fragment}`);
    await waitUntilReady(page);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const across = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await expect.poll(across, { message: `${width} px` }).toBe(0);
      const menus = await openEachMenu(page);
      expect(menus.length, `${width} px`).toBeGreaterThan(0);
      for (const { lists, beyond } of menus) {
        expect(lists, `${width} px`).toHaveLength(1);
        const [[left, right]] = lists;
        expect(left, `${width} px, left`).toBeGreaterThanOrEqual(0);
        expect(right, `${width} px, right`).toBeLessThanOrEqual(width);
        expect(beyond, `${width} px, menu open`).toBe(0);
      }
    }
  });

test('all that is kept on the device is forgotten at once, after a question: then the page is as on a first visit', async ({
  page,
}) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  // Somebody who comes back from before the places is told once where Runs, Compare and Sweep are.
  await page.evaluate(() => {
    localStorage.removeItem('lora-explorer/places');
    localStorage.setItem('lora-explorer/nickname', 'Ada');
  });
  const note = page.getByText('Runs, Compare and Sweep are tabs of the Lab now.');
  await page.reload();
  await expect(note).toBeVisible();
  await page.reload();
  await waitUntilReady(page);
  await expect(note).toBeHidden();
  await page.evaluate(() => window.loraExplorer.train());
  const names = () =>
    page.evaluate(async () => {
      const request = indexedDB.open('keyval-store');
      await new Promise((resolve) => {
        request.onsuccess = resolve;
      });
      if (!request.result.objectStoreNames.contains('keyval')) return Object.keys(localStorage);
      const keys = request.result.transaction('keyval').objectStore('keyval').getAllKeys();
      await new Promise((resolve) => {
        keys.onsuccess = resolve;
      });
      request.result.close();
      return [...keys.result.map(String), ...Object.keys(localStorage)];
    });
  await expect.poll(names).toContain('lora-explorer/kept-run');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Forget everything …' }).click();
  const question = page.getByRole('dialog', { name: 'Forget everything on this device' });
  await expect(question.getByRole('listitem').filter({ hasText: 'your last run' })).toBeVisible();
  await expect(question.getByRole('listitem').filter({ hasText: 'your nickname' })).toBeVisible();
  await expectNoViolations(page, 'question');
  await question.getByRole('button', { name: 'Forget everything' }).click();
  await expect(page).toHaveURL(/\/(\?backend=cpu)?$/);
  // The address changes before the scripts of the new page have run.
  await page.waitForLoadState();
  await waitUntilReady(page);
  expect((await names()).filter((name) => !/places|charts/.test(name))).toEqual([]);
  await expect(page.getByRole('textbox', { name: 'Rank r, typed' }).first()).toHaveValue('8');
});
