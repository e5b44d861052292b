import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { encodePainting } from '../src/experiment/link/drawing.ts';
import { NO_PAINT } from '../src/experiment/targets/painting.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, openAndWait, openLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { playedFilm } from './film.ts';
import { expect, test } from './fixtures.ts';

const OWL = './?backend=cpu#v=1&target=edit&rank=8&alpha=16&steps=120&seed=3';

/** The owl with a slanted band of three cells, drawn on it. */
async function drawnOwl(): Promise<string> {
  const side = 64;
  const band = (at: number) => Math.abs((at % side) - Math.floor(at / side)) < 2;
  const data = Float64Array.from({ length: side * side }, (_, at) => (band(at) ? 1 : NO_PAINT));
  return `${OWL}&data=${await encodePainting({ rows: side, cols: side, data })}`;
}

const panel = (page: Page) => page.getByRole('dialog', { name: 'My owl, one rank at a time' });

/** Opens the panel by keyboard, from Share, and waits for its four owls. */
async function openPanel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Share', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Share my owl …' }).focus();
  await page.keyboard.press('Enter');
  await expect(panel(page).getByText(/^\d+% of the drawing missing$/)).toHaveCount(4);
}

async function saved(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(page).getByRole('button', { name }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('the owl that was drawn is trained at four ranks, saved as a picture and a film, and its link opens it trained', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAndWait(page, await drawnOwl());
  await trainRun(page);
  await openPanel(page);
  const owls = panel(page).getByRole('listitem');
  await expect(owls).toHaveText([/Rank 1 · 128 numbers/, /Rank 2 · 256/, /Rank 4 · 512/, /Rank 8 · 1,024/]);
  const texts = await owls.allInnerTexts();
  const shares = texts.map((text) => Number(/(\d+)% of the drawing missing/.exec(text)?.[1]));
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  const error = (await runOf(page)).trace.relativeError.at(-1) ?? Number.NaN;
  expect(shares[3]).toBe(Math.round(100 * Number(error)));

  const picture = await saved(page, 'Save picture');
  expect(picture.name).toBe('lora-explorer-owl.png');
  expect([picture.bytes.readUInt32BE(16), picture.bytes.readUInt32BE(20)]).toEqual([1200, 630]);
  await expect(panel(page).getByRole('status')).toHaveText('The picture was saved.');
  const film = await saved(page, 'Save film, 6 s');
  expect(film.name).toBe('lora-explorer-owl.webm');
  await expect(panel(page).getByRole('status')).toHaveText('The film was saved. It is a WebM file.');
  const played = await playedFilm(page, film.bytes.toString('base64'), 'video/webm');
  expect([played.width, played.height]).toEqual([720, 720]);
  // A busy machine draws its last picture late.
  expect(played.seconds).toBeGreaterThan(5);
  expect(played.seconds).toBeLessThan(9);

  await panel(page).getByRole('button', { name: 'Copy link' }).click();
  await expect(panel(page).getByRole('status')).toHaveText('Link copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  for (const part of ['&view=first', '&done=1', '&data=']) expect(link).toContain(part);
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeFocused();

  const friend = await context.newPage();
  await friend.goto(`./?backend=cpu${new URL(link).hash}`);
  await waitUntilReady(friend);
  await expect.poll(async () => (await runOf(friend)).status).toMatch(/finished|converged/);
  const theirs = (await runOf(friend)).trace.relativeError.at(-1);
  expect(theirs).toBe(error);
  await expect.poll(() => currentLink(friend)).toContain('view=first');
});

test('the share sheet of a phone gets the picture and the link; the lesson is one press away', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.addInitScript(() => {
    const shared = { canShare: () => true, share: async (data: ShareData) => Object.assign(window, { shared: data }) };
    for (const [name, value] of Object.entries(shared)) Object.defineProperty(navigator, name, { value });
  });
  await openAndWait(page, OWL);
  await openPanel(page);
  await panel(page).getByRole('button', { name: 'Share …' }).click();
  const given = await page.waitForFunction(() => {
    const { files = [], url = '' } = (window as unknown as { shared?: ShareData }).shared ?? {};
    return files[0] && { url, name: files[0].name, type: files[0].type, bytes: files[0].size };
  });
  const { url, bytes, ...file } = (await given.jsonValue()) ?? { url: '', bytes: 0 };
  expect(file).toEqual({ name: 'lora-explorer-owl.png', type: 'image/png' });
  expect(bytes).toBeGreaterThan(10_000);
  expect(url).toMatch(/^http:.*#v=1&.*view=first.*done=1/);
  await panel(page)
    .getByRole('button', { name: /^What is LoRA\? A \d+-minute lesson$/ })
    .click();
  await expect(panel(page)).toBeHidden();
  await expect(page.locator('aside.lesson')).toBeVisible();
  await expect.poll(() => currentLink(page)).toContain('lesson=what-is-lora');
});

test('Back closes the panel; it is accessible in light and dark and fits a phone; another target has none', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAndWait(page, OWL);
  await openPanel(page);
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    await expectNoViolations(page, `share my owl, ${scheme}`);
    const over = await panel(page).evaluate((it) => it.scrollWidth - it.clientWidth);
    expect(over).toBeLessThanOrEqual(0);
  }
  await page.goBack();
  await expect(panel(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeVisible();
  await openLink(page, '#v=1&target=low-rank&d=12&k=12&rank=2');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Share my owl …' })).toBeHidden();
});
