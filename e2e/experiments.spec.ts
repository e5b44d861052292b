import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { presets } from '../src/experiment/presets.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&target=picture&d=16&k=16&rank=4&steps=20&pace=max';

const chooser = (page: Page) => page.getByRole('combobox', { name: 'Experiment' });
const mine = (page: Page) => page.getByRole('region', { name: 'My experiments' });

async function keep(page: Page, title: string, note: string): Promise<void> {
  await chooser(page).selectOption({ label: 'Save these settings …' });
  const dialog = page.getByRole('dialog', { name: 'Save these settings' });
  await dialog.getByLabel('Title').fill(title);
  await dialog.getByLabel(/^Note/).fill(note);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText(`“${title}” is among your experiments.`)).toBeVisible();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(mine(page).locator('.kept b').filter({ hasText: title })).toBeVisible();
}

test('o opens the page and leaves it; Enter on an experiment opens it with what to watch', async ({ page }) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  await page.keyboard.press('o');
  await expect(page.getByRole('heading', { name: 'How large a learning rate' })).toBeVisible();
  await expect(page.locator('.item')).toHaveCount(presets.all.length);
  // Each has a picture of its result: drawn lines, or painted matrices.
  expect(await page.locator('.item svg.shot:not(:has(path))').count()).toBe(0);
  const blank = await page.locator('.item canvas').evaluateAll(
    (all) =>
      all.filter((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const data = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        return new Set(data).size < 5;
      }).length,
  );
  expect(blank).toBe(0);
  await page.keyboard.press('o');
  await expect(page.getByRole('button', { name: /^Train( more)?$/ })).toBeVisible();
  await page.keyboard.press('o');
  await page.getByRole('link', { name: 'Merging in bfloat16' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('note')).toContainText('in the bfloat16 column');
  expect(await currentLink(page)).toContain('lr=0.00057');
  // An experiment with a painting is opened by its address.
  await chooser(page).selectOption({ label: 'Two edits in one update' });
  await expect(page.getByRole('note')).toContainText('their ranks nearly add up');
  await expect.poll(async () => (await runOf(page)).link).toContain('data=Fw');
});

test('own experiments are kept, renamed, put in order, and deleted with a way back', async ({ page }) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  await trainRun(page);
  await keep(page, 'First', 'What comes first?');
  // The menu names the state on screen as it was saved.
  await page.keyboard.press('o');
  await expect(chooser(page).locator('option:checked')).toHaveText('First');
  await keep(page, '<img src=x onerror=alert(1)>', '');
  await expect(mine(page).locator('canvas')).toHaveCount(2);
  await page.reload();
  await waitUntilReady(page);
  const titles = mine(page).locator('.kept b');
  await expect(titles).toHaveText(['First', '<img src=x onerror=alert(1)>']);
  await page.getByRole('button', { name: 'Edit First' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Renamed');
  await page.getByRole('button', { name: 'Move down' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(titles).toHaveText(['<img src=x onerror=alert(1)>', 'Renamed']);
  await page.getByRole('button', { name: 'Edit <img' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(titles).toHaveText(['Renamed']);
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(titles).toHaveCount(2);
  await page.getByRole('link', { name: 'Open Renamed' }).click();
  await expect.poll(() => currentLink(page)).toContain('d=16&k=16&base=gaussian&rank=4');
  await expect(page.getByRole('button', { name: /^Train( more)?$/ })).toBeVisible();
});

test('a file of experiments goes out and comes back; a bad one changes nothing', async ({ page }) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  await keep(page, 'One', '');
  await expect(mine(page).locator('canvas')).toHaveCount(1);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export all as a file' }).click(),
  ]);
  const text = readFileSync(await file.path(), 'utf8');
  const chosen = mine(page).locator('input[type=file]');
  const give = (content: string) =>
    chosen.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(content) });
  await give('{"format":"lora-explorer/experiments","version":1,"experiments":{"length":9}}');
  await expect(page.getByText('The file of experiments could not be opened.')).toBeVisible();
  await give(text.replace('"One"', '"Two"').replace('#v=1', '#v=9'));
  await expect(page.getByText('its link is not one of this page')).toBeVisible();
  await expect(mine(page).locator('.kept > li')).toHaveCount(1);
  await give(text.replace('"One"', '"Two"'));
  await expect(mine(page).locator('.kept b')).toHaveText(['One', 'Two']);
});

test('a link brings experiments, which are kept only if a person says so', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(SMALL);
  await waitUntilReady(page);
  await keep(page, 'Passed on', 'with a note');
  await page.getByRole('button', { name: 'Copy all as one link' }).click();
  await expect(page.getByText('One link with all of them is copied.')).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Edit Passed on' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('“Passed on” was deleted.')).toBeVisible();
  const other = await context.newPage();
  await other.goto(address);
  await waitUntilReady(other);
  await expect(other.getByText('This link brings 1 experiment.')).toBeVisible();
  await expect(mine(other).locator('.kept > li')).toHaveCount(0);
  await other.getByRole('button', { name: 'Add to mine' }).click();
  await expect(mine(other).locator('.kept b')).toHaveText(['Passed on']);
  await expect.poll(() => currentLink(other)).not.toContain('experiments=');
});

test('where the browser refuses to store, the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused', 'SecurityError');
    };
  });
  await page.goto(SMALL);
  await waitUntilReady(page);
  await keep(page, 'For now', '');
  await expect(mine(page).getByText('This page can store nothing here')).toBeVisible();
});

test('axe finds nothing, light and dark, and a phone has one column', async ({ page }) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  await trainRun(page);
  await keep(page, 'One', 'A note');
  await page.getByRole('button', { name: 'Edit One' }).click();
  await expectNoViolations(page, 'light');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'dark');
  await page.setViewportSize({ width: 390, height: 844 });
  const lefts = await page.locator('.item').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  expect(new Set(lefts).size).toBe(1);
  await page.setViewportSize({ width: 320, height: 640 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
