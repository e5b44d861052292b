/** The map "Which adapter for which update?", an experiment of the menu that is a screen of its own. */

import { expectNoViolations, setColorScheme } from './axe.ts';
import { openAndWait, SMALL_RUN } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const TITLE = /^Which adapter for which update\?/;

test('arrows walk the map, Enter opens a cell in the lab, and from there a button and Back lead to it again', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Which adapter for which update?' });
  await expect(page).toHaveTitle(TITLE);
  const map = page.getByRole('grid');
  const head = page.locator('.which-page aside h2');
  await expect(head).toHaveText('W₀ turned, LoRA: 0.734');
  await expectNoViolations(page, 'the map');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'the map in the dark');
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await expect(head).toContainText('W₀ turned, HiRA');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(head).toContainText('Row scaling, LoRA');
  await expect(page.getByRole('button', { name: 'Open in the lab' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle(/^row scaling, rank 8/);
  await page.getByRole('button', { name: 'Back to the map' }).click();
  await expect(head).toContainText('Row scaling, LoRA');
  await page.goBack();
  await expect(page).toHaveTitle(/^row scaling, rank 8/);
  await page.goForward();
  await expect(head).toContainText('Row scaling, LoRA');
  await page.keyboard.press('Escape');
  await expect(page).toHaveTitle(/^row scaling, rank 8/);
});

test('the budget and SHiRA’s places change the numbers, and a link keeps them', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&view=which&which=noise,shira,8');
  const head = page.locator('.which-page aside h2');
  await expect(head).toHaveText('Noise, SHiRA: 0.525');
  await page.getByRole('checkbox', { name: /Count SHiRA/ }).check();
  await expect(head).toHaveText('Noise, SHiRA: 0.710');
  await page.getByRole('button', { name: '2,048' }).click();
  await expect(head).toHaveText('Noise, SHiRA: 0.525');
  await expect.poll(() => page.url()).toContain('which=noise,shira,16,places');
  await page.reload();
  await expect(head).toHaveText('Noise, SHiRA: 0.525');
});

test('on a phone the kind is a choice, and nine bars are sorted by error', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAndWait(page, './?backend=cpu#v=1&view=which');
  const bars = page.getByRole('group', { name: /least error first/ }).getByRole('button');
  await expect(bars).toHaveCount(9);
  await expect(bars.first()).toHaveAccessibleName(/^OFT: 0, best of the row, made for this/);
  await page.getByRole('combobox', { name: 'Kind of update' }).selectOption({ label: 'low rank' });
  await expect(bars.first()).toHaveAccessibleName(/^LoRA: 0.044/);
  await expectNoViolations(page, 'the bars');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('one’s own update is a row: what is in closed form at once, the rest when it is found', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&target=picture&d=32&k=32&view=which&which=own,lora,8');
  const head = page.locator('.which-page aside h2');
  await expect(head).toHaveText(/^Your own update, LoRA: 0\.\d{3}$/);
  const row = page.getByRole('row', { name: 'your own update' }).getByRole('gridcell');
  await expect(row).toHaveCount(9);
  for (let i = 0; i < 9; i++) await expect(row.nth(i)).toHaveAccessibleName(/^\d/);
  await page.getByRole('button', { name: 'Open in the lab' }).click();
  await expect(page).toHaveTitle(/^picture, rank 8/);
});

test('the runs of a row on one axis of trained parameters, from Sweep and by its link', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&target=dots&d=8&k=8&steps=20&view=sweep');
  await page.getByRole('button', { name: 'Methods by trained parameters' }).click();
  await expect.poll(() => page.url()).toContain('which=own,lora,8,sizes');
  const runs = page.getByRole('region', { name: 'The runs of this row' });
  await expect(runs.getByText(/^With 128 parameters .* can leave /)).toBeVisible();
  await runs.getByRole('button', { name: 'Train each size' }).click();
  await expect(runs.getByRole('button', { name: 'Stop' })).toBeHidden({ timeout: 60_000 });
  await expect(runs.getByRole('button', { name: 'Train each size' })).toBeHidden();
  await expect(runs.getByRole('row')).toHaveCount(10);
  await expectNoViolations(page, 'the sizes');
  await page.getByRole('button', { name: 'learning rate', exact: true }).click();
  await expect.poll(() => page.url()).not.toContain('sizes');
});

test('from Compare, two settings fight at ten rates over five seeds', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&target=picture&d=8&k=8&rank=2&steps=20&compare=opt:sgd,name:SGD');
  await page.getByRole('button', { name: 'Fair fight …' }).click();
  const panel = page.getByRole('dialog', { name: 'A fair fight' });
  await expect(panel.getByText('100 runs')).toBeVisible();
  await panel.getByRole('button', { name: 'Train each at ten rates' }).click();
  await expect(panel.getByText(/^At its own rate /)).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('row')).toHaveCount(3);
  await expectNoViolations(page, 'the fight of two settings');
});

test('a fair fight trains every adapter of the row at each rate, and an adapter opens in the lab at its size', async ({
  page,
}) => {
  await openAndWait(page, './?backend=cpu#v=1&target=dots&d=8&k=8&steps=20&view=which&which=own,oft,4');
  const fight = page.getByRole('region', { name: 'The runs of this row' });
  await fight.getByRole('button', { name: 'Train each at ten rates' }).click();
  await expect(fight.getByText(/^At rate /)).toBeVisible({ timeout: 60_000 });
  await expect(fight.getByRole('row')).toHaveCount(10);
  await expectNoViolations(page, 'the fight');
  await page.getByRole('button', { name: 'Open in the lab' }).click();
  await expect.poll(() => page.url()).toContain('method=oft');
  expect(page.url()).toContain('block=8');
});
