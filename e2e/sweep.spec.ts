import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, openAndWait, runOf } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const BASE = './?backend=cpu#v=1&target=decay&d=16&k=16&rank=4&opt=sgd&steps=40&seed=3&pace=max';
const NINE = `${BASE}&sweep=lr:0.01,0.02,50;rank:2,4,8&repeat=2`;

const finished = (page: Page) => expect(page.locator('.swt .st b')).toHaveText('Finished');
const cellNow = (page: Page) =>
  page.evaluate(() => {
    const grid = document.activeElement;
    return document.getElementById(grid?.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-label') ?? '';
  });

async function runs(page: Page): Promise<Map<string, { error: string; status: string; link: string }>> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV', exact: true }).click(),
  ]);
  const [head = '', ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  const columns = head.split(',');
  return new Map(
    lines.map((line) => {
      const fields =
        line.match(/("[^"]*"|[^,]*)(,|$)/g)?.map((field) => field.replace(/,$/, '').replaceAll('"', '')) ?? [];
      const at = (name: string) => fields[columns.indexOf(name)] ?? '';
      return [
        `${at('lr')} ${at('rank')} ${at('seed')}`,
        { error: at('relativeError'), status: at('status'), link: at('link') },
      ];
    }),
  );
}

test('a sweep of 3 × 3 cells runs; a cell opens in the lab with the same error; a reload finds it', async ({
  page,
}) => {
  await openAndWait(page, NINE);
  await expect(page.getByText('3 × 3 cells, 2 seeds = 18 runs')).toBeVisible();
  await page.getByRole('button', { name: 'Run sweep' }).click();
  await finished(page);
  await expect(page.locator('.swt .st')).toContainText('18 runs');
  await expect(page.locator('.swt .st')).toContainText('9 cells × 2 seeds; 6 runs diverged');
  const all = await runs(page);
  expect(all.size).toBe(18);
  expect([...all.values()].filter(({ status }) => status === 'diverged')).toHaveLength(6);
  const wanted = all.get('0.02 4 3');

  const whole = page.viewportSize() ?? { width: 1280, height: 800 };
  const map = page.locator('.map');
  const wide = (await map.boundingBox())?.width ?? 0;
  await page.setViewportSize({ ...whole, width: whole.width - 160 });
  await expect.poll(async () => (await map.boundingBox())?.width ?? wide).toBeLessThan(wide - 100);
  await page.setViewportSize(whole);

  // By keys alone: to rate 0.02 and rank 4, and into the lab.
  const grid = page.getByRole('grid');
  await grid.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await cellNow(page)).toMatch(/^r = 4, rate 0\.02: error [\d.]+, [\d.]+ times the floor, 2 seeds/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.st > b')).toHaveText('Finished');
  const { trace, link: opened } = await runOf(page);
  expect(String(trace.relativeError?.at(-1))).toBe(wanted?.error);
  expect(opened).toContain('rank=4');
  expect(await currentLink(page)).not.toContain('sweep=');
  await page.getByRole('button', { name: 'Sweep', exact: true }).click();
  await finished(page);
  // The map is unchanged: the lab's own rank and rate are varied.
  expect(new URLSearchParams((await currentLink(page)).slice(1)).get('sweep')).toBe('lr:0.01,0.02,50;rank:2,4,8');

  await expect.poll(() => page.url()).toContain('sweep=');
  await page.reload();
  await finished(page);
  await expect(page.locator('.swt .st')).toContainText('6 runs diverged');
  expect((await runs(page)).get('0.02 4 3')?.error).toBe(wanted?.error);
});

test('it is stopped and continued, a change of plan is undone, and no rule of accessibility is broken', async ({
  page,
}) => {
  await openAndWait(
    page,
    `${BASE.replace('steps=40', 'steps=4000')}&sweep=rank:1,2,3,4,5,6,7,8;alpha:1,2,4,8&repeat=8`,
  );
  await page.getByRole('button', { name: 'Run sweep' }).click();
  // A slow machine asks first.
  const [bar, asked] = [page.locator('.swt progress'), page.getByRole('button', { name: 'Run it' })];
  await expect(bar.or(asked)).toBeVisible();
  if (await asked.isVisible()) await asked.click();
  await expect(bar).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('.swt .st b')).toHaveText(/Stopped|Ready/);
  await page.getByRole('combobox', { name: /^LoRA α/ }).selectOption('fixed');
  await expect.poll(() => currentLink(page)).toContain('sweep=rank:1,2,3,4,5,6,7,8&');
  await page.keyboard.press('Control+z');
  expect(await currentLink(page)).toContain(';alpha:1,2,4,8&');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('w');
  await expect(page.getByRole('region', { name: 'Matrices' })).toBeVisible();

  await openAndWait(page, BASE);
  await page.getByRole('slider', { name: 'Rank r' }).hover();
  await page.getByRole('button', { name: 'Vary Rank r in a sweep' }).click();
  await expect.poll(() => currentLink(page)).toContain('sweep=rank:1,2,4,8,16');
  await page.getByRole('button', { name: 'Run sweep' }).click();
  await finished(page);
  await page.keyboard.press('t');
  await expect(page.getByRole('dialog').getByRole('row')).toHaveCount(6);
  await page.keyboard.press('Escape');
  for (const colours of ['light', 'dark'] as const) {
    await setColorScheme(page, colours);
    await expectNoViolations(page, `one setting, ${colours}`);
  }
});

test('on a phone the nearest cell is read out above the map and stays', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, baseURL });
  const page = await context.newPage();
  await openAndWait(
    page,
    `${NINE};scaling:standard,none&run=1`.replace('&repeat=2;', ';').replace('&run=1', '&repeat=1&run=1'),
  );
  await finished(page);
  const map = page.locator('.map');
  const box = await map.boundingBox();
  if (!box) throw new Error('no map');
  await page.touchscreen.tap(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await expect(page.locator('.hh .readout')).toContainText(/s = α\/r, r = \d, rate 0.02: error/);
  await page.getByRole('button', { name: 's = 1', exact: true }).click();
  await expect(page.locator('.hh .readout')).toContainText('rate 0.02');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectNoViolations(page, 'phone');
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByRole('dialog').getByRole('combobox', { name: /^Rank r/ })).toHaveValue('rows');
  await context.close();
});

test('the run of the lab is repeated over seeds: their median and middle half stand on its charts', async ({
  page,
}) => {
  await openAndWait(page, BASE);
  await page.getByRole('button', { name: 'Train', exact: true }).first().click();
  await expect(page.locator('.st > b')).toHaveText('Finished');
  await page.getByRole('button', { name: /^repeat over 10 seeds/ }).click();
  await page.getByRole('spinbutton', { name: 'Seeds' }).fill('5');
  await page.getByRole('button', { name: 'Repeat', exact: true }).click();
  await expect(page.getByRole('button', { name: /^median of 5 seeds shown/ })).toBeVisible();
  expect(await currentLink(page)).toContain('repeat=5');
  for (const chart of ['gradients', 'effectiveRank'])
    await expect(page.locator(`svg[data-chart=${chart}] .band`).first()).toBeAttached();
  await expect(page.locator('svg[data-chart=effectiveRank]')).toContainText('band: middle half');
  await expectNoViolations(page, 'repeated');
  await page.getByRole('slider', { name: 'Rank r' }).press('ArrowRight');
  await expect(page.getByRole('button', { name: /^repeat over 5 seeds/ })).toBeVisible();
  await expect(page.locator('svg .band')).toHaveCount(0);
});

test('an empty sweep asks questions: one runs, its answer opens in the lab, and Back leads to the sweep', async ({
  page,
}) => {
  await openAndWait(page, `${BASE}&view=sweep`);
  await expect(page.getByRole('heading', { name: /^A sweep trains every combination/ })).toBeVisible();
  await expect(page.getByRole('link', { name: /\?$/ })).toHaveCount(4);
  await expectNoViolations(page, 'empty sweep');
  await page.getByRole('link', { name: 'Which rank is enough?' }).press('Enter');
  await finished(page);
  await expect(page.locator('main .claim')).toContainText('From rank 8 on, only noise is gained. Above rank 32');
  await expectNoViolations(page, 'the rank that is enough');
  expect(await page.evaluate(() => Number(localStorage.getItem('lora-explorer/speed')))).toBeGreaterThan(0);
  const opens = page.getByRole('button', { name: 'Open rank 8 in the lab' });
  await expect(opens).toBeInViewport({ ratio: 1 });
  await opens.click();
  await expect(page.locator('.st > b')).toHaveText('Finished');
  expect(await currentLink(page)).toContain('rank=8');
  await page.goBack();
  await finished(page);
  await expect(page.locator('main .claim')).toContainText('From rank 8 on');
  await page.goBack();
  await page.getByRole('button', { name: 'My own sweep' }).click();
  await expect(page.getByRole('complementary', { name: 'What the sweep varies' })).toBeVisible();
});

test('an experiment about ranks sweeps its rank: held-out samples show that a higher one can do harm', async ({
  page,
}) => {
  await openAndWait(page, `${BASE}&view=experiments`);
  await page.getByRole('link', { name: 'Sweep the rank: Rank as regularisation' }).press('Enter');
  await finished(page);
  await expect(page.locator('main .claim')).toContainText('lowest at r = 4 in 3 of 3 seeds; at r = 32 it is 2.3 times');
});
