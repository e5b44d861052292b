/** Back and Forward lead through the places of the page, with its state kept. */

import type { Locator } from '@playwright/test';
import { openAndWait, runOf, SMALL_RUN, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('a panel, the drawing pad and Present are entries of the history: Back closes them, and so do their own buttons', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  const { trace } = await trainRun(page);
  const html = page.locator('html');
  await page.keyboard.press('h');
  await expect(page.locator('.rail.list')).toBeVisible();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.locator('dialog[open]')).toBeVisible();
  await page.goBack();
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await expect(page.locator('.rail.list')).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.locator('dialog[open]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await page.keyboard.press('f');
  await expect(html).toHaveAttribute('data-view', 'present');
  await page.goBack();
  await expect(html).not.toHaveAttribute('data-view', 'present');
  await page.keyboard.press('b');
  await expect(page.locator('.editor')).toBeVisible();
  await page.goBack();
  await expect(page.locator('.editor')).toHaveCount(0);
  await page.goBack();
  await expect(page.locator('.rail.list')).toHaveCount(0);
  expect((await runOf(page)).trace).toEqual(trace);
});

test('a link shared from a finished run opens with the run trained, number for number', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&target=edit&d=32&k=32&rank=4&steps=40&pace=max');
  const { trace } = await trainRun(page);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toContain('done=1');
  await page.goto('about:blank');
  await openAndWait(page, `./?backend=cpu${new URL(link).hash}`);
  expect((await runOf(page)).status).toBe('finished');
  expect((await runOf(page)).trace).toEqual(trace);
});

test('Back from another experiment brings the trained run back, number for number', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  const { trace } = await trainRun(page);
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Dead start: A = B = 0' });
  await expect(page).toHaveTitle(/^Dead start/);
  await page.goBack();
  await expect.poll(async () => (await runOf(page)).status).toBe('finished');
  expect((await runOf(page)).trace).toEqual(trace);
});

/** The title of the document says where one is. */
const AT = {
  Lab: /^.* · Lab · LoRA Explorer$/,
  Lessons: /^Lessons · /,
  Experiments: /^Experiments · /,
  Adapters: /Adapters · LoRA Explorer$/,
  'Plan a run': /Plan a run · LoRA Explorer$/,
  Teach: /Teach · LoRA Explorer$/,
};
const TABS = {
  'This run': /, rank 8 · Lab · /,
  'All runs': /^All runs · Lab · /,
  Compare: /^Compare · Lab · /,
  Sweep: /^Sweep · Lab · /,
};

const CLINIC = { Experiments: /^Experiments · LoRA/, Clinic: /^Clinic · Experiments · / };

/** A walk from each place to the next and back; with ALL_SEEDS=1 every ordered pair of the places is one step of it. */
function walkOf(names: readonly string[]): string[] {
  const next = process.env.ALL_SEEDS ? names.length : 1;
  return names.flatMap((from, i) => names.slice(i + 1, i + 1 + next).flatMap((to) => [from, to])).concat(names[0]);
}

test('Back and Forward lead from each place and tab to each other, and the run stays', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  const { trace } = await trainRun(page);
  const bar = page.getByRole('banner');
  const walk = async (names: Readonly<Record<string, RegExp>>, within: Locator) => {
    const path = walkOf(Object.keys(names));
    const steps = path.filter((name, i) => i === 0 || name !== path[i - 1]);
    for (const name of steps) {
      await within.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await expect(page, name).toHaveTitle(names[name]);
    }
    for (const name of steps.slice(0, -1).reverse()) {
      await page.goBack();
      await expect(page, `back to ${name}`).toHaveTitle(names[name]);
    }
    for (const name of steps.slice(1)) {
      await page.goForward();
      await expect(page, `on to ${name}`).toHaveTitle(names[name]);
    }
  };
  await walk(AT, bar);
  await walk(TABS, page.getByRole('navigation', { name: 'Tabs of Lab' }));
  await bar.getByRole('button', { name: /^Experiments/ }).click();
  await walk(CLINIC, page.getByRole('navigation', { name: 'Tabs of Experiments' }));
  expect((await runOf(page)).trace).toEqual(trace);
  await page.getByRole('link', { name: 'LoRA Explorer' }).click();
  await expect(page).toHaveTitle(AT.Lab);
});

test('the focus stays on the bar from place to place, and is never lost with a screen or a lesson', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  const bar = page.getByRole('banner');
  for (const [name, title] of Object.entries(AT)) {
    await bar.getByRole('button', { name: new RegExp(`^${name}`) }).press('Enter');
    await expect(page).toHaveTitle(title);
    await expect(bar.locator(':focus'), name).toContainText(name);
  }
  // From a list of the bar it goes to the page: the search and the first complaints are a few presses away.
  await page.setViewportSize({ width: 900, height: 900 });
  const more = page.getByRole('button', { name: 'More', exact: true });
  await more.press('Enter');
  await page.getByRole('button', { name: 'Clinic: what is wrong?' }).press('Enter');
  await expect(page).toHaveTitle(/^Clinic · Experiments/);
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => window.loraExplorer.open('#v=1&d=8&k=8&view=first'));
  const ask = page.getByRole('button', { name: /What is LoRA/ });
  await ask.press('Enter');
  await expect(page.locator('aside.lesson h3').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(ask).toBeFocused();
  await bar.getByRole('button', { name: /^Lessons/ }).press('Enter');
  await page
    .getByRole('button', { name: /The layer, by hand/ })
    .first()
    .press('Enter');
  await expect(page.locator('aside.lesson h3').first()).toBeFocused();
  await page.goBack();
  await expect(page).toHaveTitle(AT.Lessons);
  await expect(page.locator('body')).not.toBeFocused();
});

test('no screen is a dead end: each has the places, or a way out', async ({ page }) => {
  const views = [
    'lab',
    'runs',
    'compare',
    'sweep',
    'experiments',
    'clinic',
    'class',
    'wall',
    'adapters',
    'plan',
    'which',
    'present',
    'embed',
  ];
  await openAndWait(page, SMALL_RUN);
  for (const view of [...views.map((name) => `view=${name}`), 'lesson=contents', 'lesson=glossary', 'lesson=rank']) {
    await page.evaluate((link) => window.loraExplorer.open(link), `#v=1&d=8&k=8&${view}`);
    const out = page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('button')
      .or(page.getByRole('button', { name: /^Exit/ }))
      .or(page.getByRole('link', { name: 'Open in LoRA Explorer' }));
    await expect(out.first(), view).toBeVisible();
  }
});
