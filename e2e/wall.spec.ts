import type { Page } from '@playwright/test';
import type { RunFile } from '../src/experiment/run-file/run-file.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { drop } from './drop.ts';
import { currentLink, openAndWait, openLink, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const TARGET = 'v=1&target=low-rank&d=16&k=16&truerank=2&steps=40';
const WALL = `./?backend=cpu#${TARGET}&rank=2&view=wall&goal=error:0.2,numbers:70&lock=steps`;
const linkOf = (by: string, more: string) => `https://a.example/lora/#${TARGET}&${more}&by=${by}`;

const by = (file: RunFile, name: string): readonly [string, string] => [
  `${name}.json`,
  JSON.stringify({ ...file, link: `${file.link}&by=${name}` }),
];

async function pasteLinks(page: Page, lines: readonly string[]) {
  await page.getByLabel('Or paste links, one per line').fill(lines.join('\n'));
  await page.getByRole('button', { name: 'Add links' }).click();
}

const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('textbox', { name: `Name of ${name}`, exact: true }) });
const checked = (page: Page) => expect(page.getByText(/trained again here/)).toBeVisible();

test('30 files and 30 links: reached, missed and forged ones stand as they must, broken ones are named', async ({
  page,
}) => {
  await openAndWait(page, `./?backend=cpu#${TARGET}&rank=2&lr=0.05`);
  const file = await trainRun(page);
  await page.goto(WALL);
  await expect(page.getByText('Drop run files here')).toBeVisible();
  const errors = file.trace.relativeError.map((error, i) => (i > 20 ? (error ?? 0) / 10 : error));
  const forged = { ...file, trace: { ...file.trace, relativeError: errors } };
  const files = Array.from({ length: 29 }, (_, i) => by(file, `file${i}`));
  await drop(page, [
    ...files,
    by(forged, 'forger'),
    ['holiday.jpg', 'JFIF'],
    ['cut.json', by(file, 'x')[1].slice(0, 900)],
  ]);
  await checked(page);
  await page.getByRole('button', { name: 'Add runs …' }).click();
  const rates = Array.from({ length: 28 }, (_, i) => linkOf(`link${i}`, `rank=2&lr=${0.002 * (i + 1)}`));
  const [one, four] = [linkOf('one', 'rank=1&lr=0.05'), linkOf('four', 'rank=4&lr=0.05')];
  await pasteLinks(page, [...rates, one, four, 'hello']);
  await expect(page.getByText(/32 files and 31 links\. 60 were trained again here/)).toBeVisible();
  await expect(page.getByText(/1 file does not agree with its link/)).toBeVisible();
  await expect(page.getByText(/3 left out: holiday\.jpg is not a run file; cut\.json cannot be read/)).toBeVisible();
  await expect(row(page, 'forger')).toContainText(/claims .*; its link gives 0\.\d+/);
  await expect(row(page, 'four')).toHaveAttribute('data-standing', 'over');
  await expect(row(page, 'one')).toHaveAttribute('data-standing', 'missed');
  const place = (name: string) => row(page, name).getByRole('cell').first().textContent();
  expect(await place('file0')).toBe(await place('file28'));
  // The steps of the score are those of the lab.
  const reached = file.trace.relativeError.findIndex((error) => (error ?? 1) <= 0.2);
  await expect(row(page, 'file0').getByRole('cell').nth(1)).toHaveText(String(reached));
  expect(await page.locator('circle[data-run]').count()).toBeGreaterThan(50);
});

test('a goal is typed over, runs are renamed, removed and brought back, sorted and numbered, with the keyboard', async ({
  page,
}) => {
  await page.goto(WALL);
  await pasteLinks(page, [
    linkOf('Ada', 'rank=2&lr=0.05'),
    linkOf('Mei', 'rank=2&lr=0.02'),
    linkOf('Bo', 'rank=1&lr=0.05'),
    `Tom ${linkOf('', 'rank=4&lr=0.05').replace('&by=', '')}`,
  ]);
  await checked(page);
  const goal = page.locator('.goal-sentence');
  await expect(goal).toContainText(/[12] of 4 reached it/);
  await page.getByLabel('Trained numbers allowed').fill('200');
  await expect(row(page, 'Tom')).toHaveAttribute('data-standing', 'reached');
  await page.getByLabel('Error to reach').fill('2');
  await expect(goal).toContainText('4 of 4 reached it');
  expect(await currentLink(page)).toContain('goal=error:2,numbers:200');
  await page.getByLabel('Error to reach').fill('x');
  await expect(page.getByLabel('Error to reach')).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'Sort by rank' }).press('Enter');
  await expect(page.locator('.class-table .who').first()).toHaveValue('Bo');
  // A focused name raises its dot and its curve; arrows go from row to row.
  await page.getByLabel('Name of Bo').focus();
  await expect(page.locator('circle.ink[data-run="3"]')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('circle.ink[data-run="3"]')).toHaveCount(0);
  await page.getByLabel('Name of Mei').fill('Meili');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove Bo' }).press('Enter');
  await expect(row(page, 'Bo')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(row(page, 'Bo')).toHaveCount(1);
  await page.keyboard.press('n');
  await expect(page.locator('.class-table .nm').first()).toHaveText('run 3');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Table (CSV)' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/-class\.csv$/);
  await page.keyboard.press('n');
  await expect(page.getByLabel('Name of Meili')).toBeVisible();
});

test('several files dropped on the lab ask; without a class link the first run decides; Back leads to the lab', async ({
  page,
}) => {
  await openAndWait(page, `./?backend=cpu#${TARGET}&rank=2&lr=0.05`);
  const file = await trainRun(page);
  await openLink(page, '#v=1&d=8&k=8');
  await drop(page, [by(file, 'Ada'), by(file, 'Mei')]);
  await page.getByRole('button', { name: 'Open the class wall' }).click();
  await expect(page.getByText(/Target and locks are those of Ada/)).toBeVisible();
  await expect(page.getByText(/Ada and Mei have the same settings, so theirs is the same run/)).toBeVisible();
  expect(await currentLink(page)).toContain('d=16&k=16');
  await page.goto(`./?backend=cpu#${TARGET}&truerank=3&rank=2&view=wall&goal=error:0.5`.replace('&truerank=2', ''));
  await expect(page.getByText('No run has the target of this wall.')).toBeVisible();
  await page.getByRole('button', { name: 'Use the target of Ada' }).click();
  await expect(page.getByText(/2 were trained again here/)).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('region', { name: 'Run' })).toBeVisible();
  await drop(page, [by(file, 'Ada'), by(file, 'Mei')]);
  await page.getByRole('button', { name: 'Pin all two' }).click();
  await expect(page.getByRole('button', { name: /Compare\s*2/ })).toBeVisible();
});

test('axe finds nothing on the wall: light, dark, empty, for a projector and on a phone', async ({ page }) => {
  await page.goto(WALL);
  await expect(page.getByText('Drop run files here')).toBeVisible();
  await expectNoViolations(page, 'empty');
  const lines = [2, 1, 4].map((rank) => linkOf(`r${rank}`, `rank=${rank}&lr=0.05`));
  await pasteLinks(page, [...lines, linkOf('other', 'rank=2').replace('low-rank', 'rotation')]);
  await checked(page);
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    await expectNoViolations(page, scheme);
  }
  await setColorScheme(page, 'light');
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.keyboard.press('f');
  await expect(page.locator('html[data-view=present]')).toBeVisible();
  const sizes = await page
    .locator('main')
    .locator('td, th, h2, p, button, svg text')
    .evaluateAll((all) =>
      all
        .filter((one) => one.textContent && one.getClientRects().length && !one.closest('.unseen'))
        .map((one) => Number.parseFloat(getComputedStyle(one).fontSize)),
    );
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(18);
  await expectNoViolations(page, 'projector');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.locator('.class-table tbody tr').first()).toHaveCSS('height', /^4[4-9]/);
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectNoViolations(page, 'phone');
});
