/** The clinic: twelve complaints, each with the runs that show it and the switch that cures it. */

import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { openAndWait, SMALL_RUN } from './explorer.ts';
import { expect, test } from './fixtures.ts';
import { walkWidths } from './widths.ts';

const LIST = /^Clinic · Experiments/;
const RANK64 = /^Rank 64 is worse than rank 8 · Clinic/;

const headline = (page: Page) => page.locator('.case-runs .claim');
const status = (page: Page) => page.locator('.run-status');
const remedy = (page: Page) => page.getByRole('group', { name: /^The switch/ }).getByRole('button');

test('every complaint opens from the list, shows its symptom, and the switch shows its cure', async ({ page }) => {
  test.slow();
  await openAndWait(page, './#v=1&d=8&k=8&steps=3&view=clinic');
  await expect(page).toHaveTitle(LIST);
  await expectNoViolations(page, 'the list');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'the list in the dark');
  await setColorScheme(page, 'light');
  const faults: string[] = [];
  const wide = page.viewportSize() ?? { width: 1440, height: 900 };
  await walkWidths(page, 'the list', faults);
  await page.setViewportSize(wide);
  const complaints = await page.locator('.complaints .item').all();
  expect(complaints).toHaveLength(12);
  const names = await Promise.all(complaints.map((one) => one.locator('.complaint').textContent()));
  // The engine is timed elsewhere: here some of each group, and all with ALL_SEEDS=1.
  const named = names.flatMap((name) => name ?? []);
  const shown = process.env.ALL_SEEDS ? named : named.filter((_, i) => [1, 3, 9].includes(i));
  for (const name of shown) {
    await page.getByRole('link', { name }).click();
    await expect(page).toHaveTitle(new RegExp(`^${name.replace(/[“”]/g, '').replace(/[?.]/g, '\\$&')} · Clinic`));
    await expect(status(page)).toContainText('Finished', { timeout: 60_000 });
    // What its words say of the symptom is what the run shows.
    await expect(headline(page)).not.toContainText('…');
    const symptom = await headline(page).textContent();
    await remedy(page).last().click();
    await expect(status(page)).toContainText('Finished', { timeout: 60_000 });
    await expect(headline(page)).not.toHaveText(symptom ?? '');
    await expect(headline(page)).not.toContainText('…');
    await walkWidths(page, name, faults);
    await page.setViewportSize(wide);
    await page.getByRole('button', { name: '← All twelve' }).click();
    await expect(page).toHaveTitle(LIST);
  }
  expect(faults).toEqual([]);
});

test('a complaint is an entry of the history, opens in the lab with its runs, and the lab leads back', async ({
  page,
}) => {
  await openAndWait(page, './#view=clinic&case=rank64');
  await expect(page).toHaveTitle(RANK64);
  await expect(status(page)).toContainText('Finished', { timeout: 60_000 });
  await expect(headline(page)).toContainText('0.716 at rank 64 and 0.258 at rank 8');
  await expectNoViolations(page, 'a complaint');
  await setColorScheme(page, 'dark');
  await expectNoViolations(page, 'a complaint in the dark');
  await setColorScheme(page, 'light');
  await page.getByRole('button', { name: 'Show the cure' }).click();
  await expect(headline(page)).toContainText('0.0613 in place of 0.716');
  await expect(remedy(page).last()).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('n');
  await expect(page).toHaveTitle(/^The new variant is worse than LoRA · Clinic/);
  await page.goBack();
  await expect(page).toHaveTitle(RANK64);
  // The runs are kept, and so is the switch.
  await expect(headline(page)).toContainText('0.0613 in place of 0.716');
  await page.getByRole('button', { name: 'Open in the lab' }).click();
  await expect(page).toHaveTitle(/^Compare · Lab/);
  await expect.poll(() => page.evaluate(() => window.loraExplorer.run().status)).toBe('finished');
  const { trace } = await page.evaluate(() => window.loraExplorer.run());
  expect(trace.relativeError?.at(-1)?.toPrecision(3)).toBe('0.0613');
  await expect.poll(() => page.url()).toContain('compare=');
  await page.getByRole('button', { name: 'Back to the clinic' }).click();
  await expect(page).toHaveTitle(RANK64);
  await page.goBack();
  await expect(page).toHaveTitle(/^Compare · Lab/);
  await page.goBack();
  await expect(page).toHaveTitle(RANK64);
  await page.keyboard.press('f');
  await expect(page.locator('html')).toHaveAttribute('data-view', 'present');
  await expectNoViolations(page, 'a complaint on a projector');
  await page.keyboard.press(' ');
  await expect(page.locator('.claim')).toContainText('0.716 at rank 64');
  await page.keyboard.press('Escape');
  await expect(page).toHaveTitle(RANK64);
  await page.keyboard.press('Escape');
  await expect(page).toHaveTitle(LIST);
});

test('a search finds complaints by any word and leads out of nothing; a link names a wrong complaint', async ({
  page,
}) => {
  await openAndWait(page, SMALL_RUN);
  const seen = await page.evaluate(() => window.loraExplorer.open('#view=clinic&case=%3Cimg%20src=x%3E'));
  expect(seen.notices.join(' ')).toContain('case=<img src=x>');
  await expect(page).toHaveTitle(LIST);
  await expect(page.locator('.notices')).toContainText('one of nothing, flat, zeros');
  const search = page.getByRole('searchbox', { name: 'Search the complaints' });
  await search.fill('merge bf16');
  await expect(page.locator('.complaints .complaint')).toHaveText(['“Merged, it forgot everything”']);
  await expect(page.getByRole('search').getByRole('status')).toHaveText('1 complaint');
  await search.fill('xylophone');
  await expect(page.getByText('No complaint has these words: “xylophone”')).toBeVisible();
  await page.getByRole('button', { name: 'Show all twelve' }).click();
  await expect(page.locator('.complaints .item')).toHaveCount(12);
  // A sweep is of the lab's run: its key leads nowhere from here.
  await page.keyboard.press('Escape');
  await page.locator('main').focus();
  await page.keyboard.press('w');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveTitle(LIST);
  // A low window: complaints and hits are in view, and Enter opens the first; the list of places scrolls.
  await page.setViewportSize({ width: 640, height: 360 });
  await expect(page.locator('.complaints .complaint').first()).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'Or paste your own' }).click();
  await expect(page.getByRole('textbox', { name: 'A config, a command or losses' })).toBeFocused();
  await page.getByRole('button', { name: /^Places/ }).click();
  await page.getByRole('button', { name: /^Lessons/ }).hover();
  await page.mouse.wheel(0, 400);
  await expect(page.getByRole('button', { name: /^Teach/ })).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Escape');
  await search.fill('merge bf16');
  await expect(page.locator('.complaints .complaint')).toBeInViewport();
  await search.press('Enter');
  await expect(page).toHaveTitle(/^Merged, it forgot everything · Clinic/);
});

test('in a low window the switch and the sentence with its figures stay in view; the lab leads back', async ({
  page,
}) => {
  await page.setViewportSize({ width: 640, height: 360 });
  await openAndWait(page, './#view=clinic&case=rank64');
  await remedy(page).last().click();
  await expect(page.locator('main p.claim')).toContainText('0.0613 in place of 0.716', { timeout: 60_000 });
  for (const one of [page.locator('main p.claim'), remedy(page).last()]) await expect(one).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'Open in the lab' }).click();
  await expect(page).toHaveTitle(/^Compare · Lab/);
  await page.getByRole('button', { name: '← Clinic' }).click();
  await expect(page).toHaveTitle(RANK64);
});

test('on a phone the switch stays at the bottom with the chart above it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAndWait(page, './#view=clinic&case=flat');
  await expect(status(page)).toContainText('Finished', { timeout: 60_000 });
  const [figure, bar] = [page.locator('.pinned'), page.locator('.remedy-bar')];
  for (const scroll of [0, 300]) {
    await page.evaluate((y) => scrollTo(0, y), scroll);
    const [above, below] = [await figure.boundingBox(), await bar.boundingBox()];
    expect(Math.round((below?.y ?? 0) + (below?.height ?? 0))).toBe(844);
    expect(Math.round((above?.y ?? 0) + (above?.height ?? 0))).toBe(Math.round(below?.y ?? 0));
  }
  await expectNoViolations(page, 'a complaint on a phone');
  await remedy(page).last().click();
  await expect(headline(page)).toContainText('with Adam');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
