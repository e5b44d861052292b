import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { LIVE_LINK, openComparison, PINS_VALUE, pinsTest } from './compare.ts';
import { currentLink, openAndWait, runOf, SMALL_RUN, trainRun } from './explorer.ts';
import { expect, test } from './fixtures.ts';

pinsTest('Chromium');

const finished = (page: Page) => expect(page.locator('.st > b')).toHaveText('Finished');
/** Visible: while a part of the page loads, the part it replaces is still in the DOM. */
const claim = (page: Page) => page.locator('main .claim').filter({ visible: true });
const names = (page: Page) =>
  page
    .getByRole('textbox', { name: 'Name of this pinned run' })
    .evaluateAll((all) => all.map((input) => (input as HTMLInputElement).value));

test('by keyboard alone: pin, change, compare, rename, change places, undo', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  await trainRun(page);
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: /^Compare ?1$/ })).toBeVisible();
  await page.keyboard.press('-');
  await finished(page);
  await page.keyboard.press('v');
  await expect(claim(page)).toContainText('Two runs, same target; r = 8 comes closest.');
  await expect.poll(() => names(page)).toEqual(['r = 8']);
  expect(await currentLink(page)).toContain('compare=rank:8');
  const name = page.getByRole('textbox', { name: 'Name of this pinned run' });
  await name.focus();
  await name.fill('my best');
  await page.keyboard.press('Enter');
  await expect.poll(() => currentLink(page)).toContain('name:my+best');
  const live = page.getByRole('button', { name: 'Open in the lab: my best' });
  await live.focus();
  // The focused column's run is raised in the charts.
  await expect(page.locator('[data-chart="effectiveRank"] text.strong[data-run]')).toHaveText(/my best/);
  await page.keyboard.press('Enter');
  await expect.poll(() => names(page)).toEqual(['r = 4']);
  await expect(page.locator('.runs .acts')).toContainText('my best');
  // Focus stays at the place of the run, and moves to the main column with the last one.
  await expect(page.getByRole('button', { name: 'Open in the lab: r = 4' })).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect.poll(() => names(page)).toEqual(['my best']);
  await page.getByRole('button', { name: 'Unpin: my best' }).press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Compare puts up to four runs side by side.' })).toBeVisible();
  await page.keyboard.press('v');
  await expect(page.getByRole('region', { name: 'Matrices' })).toBeVisible();
});

test('a pin that is not possible is left out with its reason, the others are trained', async ({ page }) => {
  await openAndWait(page, `./?backend=cpu${LIVE_LINK.replace('120', '20')}&compare=rank:4;rank:900;init:task-informed`);
  const notices = page.locator('.notice');
  await expect(notices).toContainText('rank:900');
  await expect(notices).toContainText('init:task-informed');
  await expect.poll(() => names(page)).toEqual(['r = 4']);
  expect(await currentLink(page)).toContain('compare=rank:4');
});

test('a pin that would train for long asks first, while the others are trained', async ({ page }) => {
  const live = LIVE_LINK.replace('120', '20');
  await openAndWait(page, `./?backend=cpu${live}&compare=d:2048,k:2048,rank:256,steps:100000;rank:4`);
  await expect(page.locator('.notice')).toContainText('1 pinned run waits to be trained.');
  await expect(page.getByRole('button', { name: /^Train the pin, about / })).toBeVisible();
  await expect(claim(page)).toContainText('1 is ready, 1 waits to be trained.');
});

test('a fifth pin asks in the place of the sentence, and nothing moves', async ({ page }) => {
  await openComparison(page, `./?backend=cpu${LIVE_LINK}&compare=${PINS_VALUE}`);
  await page.keyboard.press('v');
  const matrices = page.getByRole('region', { name: 'Matrices' });
  await expect(matrices).toBeVisible();
  await page.getByRole('button', { name: 'Pin run' }).click();
  const question = page.getByRole('group', { name: 'Replace a pinned run' });
  await expect(question.getByRole('button')).toHaveText(['PiSSA', 'r = 2', 'r = 32', 'SGD', 'None']);
  await question.getByRole('button', { name: 'r = 2', exact: true }).click();
  await expect(question).toBeHidden();
  await expect.poll(() => currentLink(page)).toContain('compare=init:pissa;seed:1;rank:32;opt:sgd');
});

test('the runs of the session come back from their list, and go into a file', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  await trainRun(page);
  await page.keyboard.press('-');
  await finished(page);
  await page.keyboard.press('h');
  const list = page.getByRole('complementary', { name: 'Runs of this session' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('listitem').first()).toHaveAttribute('aria-current', 'true');
  await list.getByRole('button', { name: 'Pin run 1' }).click();
  await expect(page.getByRole('button', { name: /^Compare ?1$/ })).toBeVisible();
  await list.getByRole('button', { name: /^1 / }).click();
  await expect(list.getByRole('listitem').last()).toHaveAttribute('aria-current', 'true');
  expect(await currentLink(page)).toContain('rank=8');
  await finished(page);
  const saved = page.waitForEvent('download');
  await list.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await saved).suggestedFilename()).toBe('lora-explorer-runs.csv');
  await expectNoViolations(page, 'list');
});

test('axe finds nothing in runs side by side, light and dark, on a desk and on a phone', async ({ page }) => {
  // The live run is trained like the pins.
  await openComparison(page, `./?backend=cpu${LIVE_LINK.replace('&run=1', '')}&compare=${PINS_VALUE}`);
  await expect(claim(page)).toContainText('Five runs, same target; r = 32 comes closest.');
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    await expectNoViolations(page, scheme);
  }
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: /^Exit/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^Relative error/ })).toBeVisible();
  await expect(names(page)).resolves.toEqual([]);
  // The choice of gradients is not part of the adjacent tab.
  const [tabs, choice] = [
    page.getByRole('group', { name: 'Right chart' }),
    page.getByRole('combobox', { name: 'Whose gradients' }),
  ];
  const [one, other] = await Promise.all([tabs.boundingBox(), choice.boundingBox()]);
  expect((other?.x ?? 0) - ((one?.x ?? 0) + (one?.width ?? 0))).toBeGreaterThan(40);
  await expectNoViolations(page, 'presented');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('row', { name: /PiSSA/ })).toContainText('its own');
  await expectNoViolations(page, 'phone');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('all initialisations are trained at once; ticks pin them, and they stand side by side', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  await trainRun(page);
  await page.getByRole('button', { name: /^All \d+ …$/ }).click();
  const panel = page.getByRole('dialog', { name: 'Initialisation of A and B' });
  await expect(panel.getByText(/^1?\d of 4|were trained here/).first()).toBeVisible();
  // Twenty runs.
  await expect(panel.getByText(/were trained here in/)).toBeVisible({ timeout: 120_000 });
  const row = (name: string) => panel.getByRole('row', { name: new RegExp(`^(Use ${name} for this run )?${name}`) });
  const { trace } = await runOf(page);
  await expect(row('Kaiming uniform')).toContainText(`this run`);
  await expect(row('Kaiming uniform')).toContainText(Number(trace.relativeError?.at(-1)).toPrecision(3));
  await panel.getByRole('checkbox', { name: 'Pin PiSSA' }).check();
  await panel.getByRole('checkbox', { name: 'Pin MiCA' }).check();
  await expect(panel.getByText('2 of 4')).toBeVisible();
  await expectNoViolations(page, 'initialisations');
  await panel.getByRole('button', { name: 'Compare side by side' }).click();
  await expect.poll(() => names(page)).toEqual(['PiSSA', 'MiCA']);
  expect(await currentLink(page)).toContain('compare=init:pissa;init:mica');
});

test('with WebGPU chosen, pins and a sweep are trained to their end', async ({ page }) => {
  const small = '#v=1&target=decay&d=16&k=16&rank=2&opt=sgd&steps=8&pace=max';
  await openAndWait(page, `./?backend=webgpu${small}&compare=rank:4`);
  await expect(claim(page)).toContainText('Two runs, same target');
  await page.getByRole('button', { name: 'Sweep', exact: true }).click();
  await page.getByRole('button', { name: 'My own sweep' }).click();
  await page.getByRole('combobox', { name: /^Ratio/ }).selectOption('columns');
  await page.getByRole('button', { name: 'Run sweep' }).click();
  await expect(page.locator('.swt .st b')).toHaveText('Finished');
  await expect(page.locator('.notice')).toHaveCount(0);
});
