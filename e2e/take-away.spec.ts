import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { trainRun, waitUntilReady } from './explorer.ts';
import { gifFacts } from './film.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&d=12&k=12&rank=2&steps=60';

async function saved(page: Page, name: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name }).click(),
  ]);
  return readFile(await download.path());
}

const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

test('pictures have their words, a slide is 16:9, and one can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(SMALL);
  await waitUntilReady(page);
  await trainRun(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const svg = (await saved(page, 'Error against rank as SVG')).toString();
  for (const words of ['Error against rank', 'Frobenius', 'rank 2', 'seed 1', 'step 60 of 60', 'v=1&amp;target='])
    expect(svg).toContain(words);
  expect(svg).not.toMatch(/class=|style=|var\(|<script|href=/);
  const csv = (await saved(page, 'Error against rank as CSV')).toString();
  for (const words of ['# Error against rank', '· rank 2 ·', '# #v=1&target=', '\r\nrank i,Eckart–Young floor,'])
    expect(csv).toContain(words);
  const strip = (await saved(page, 'Matrices as SVG')).toString();
  expect(strip.match(/<image /g)).toHaveLength(7);
  for (const name of ['Frozen', 'Trained', 'relative error', 'ΔW*']) expect(strip).toContain(name);
  await page.getByRole('combobox', { name: 'For' }).selectOption('slide');
  await expect(page.getByRole('checkbox', { name: 'with the link' })).toBeChecked();
  expect(sizeOf(await saved(page, 'Matrices as PNG'))).toEqual([2560, 1440]);
  expect((await saved(page, 'Gradient norms as SVG')).toString()).toContain('v=1&amp;target=');
  await page.getByRole('button', { name: 'Copy the picture: Error against rank' }).click();
  await expect(page.getByRole('dialog').getByText('The picture was copied.')).toBeVisible();
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => [...item.types]));
  expect(types).toEqual(['image/png']);
  await page.evaluate(() => {
    navigator.clipboard.write = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Copy the picture: Matrices' }).click();
  await expect(page.getByRole('dialog').getByText('does not let the page copy a picture')).toBeVisible();
});

test('a film of the run is a video that plays, in the size that was said; a browser without a recorder gets a GIF', async ({
  page,
}) => {
  await page.goto(SMALL);
  await waitUntilReady(page);
  await trainRun(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const film = (await saved(page, 'Film (WebM)')).toString('base64');
  await expect(page.getByRole('dialog').getByText('The film was saved.')).toBeVisible();
  const other = await page.context().newPage();
  const video = await other.evaluate(async (data) => {
    const element = Object.assign(document.createElement('video'), { src: `data:video/webm;base64,${data}` });
    await new Promise((resolve, reject) => Object.assign(element, { onloadeddata: resolve, onerror: reject }));
    return { width: element.videoWidth, height: element.videoHeight, seconds: element.duration };
  }, film);
  expect([video.width, video.height]).toEqual([1280, 720]);
  expect(video.seconds).toBeGreaterThan(2);
  // Upper bound of its length: film-state.test.ts. A busy machine draws its last picture late.
  expect(Number.isFinite(video.seconds)).toBe(true);
  await page.evaluate(() => Reflect.deleteProperty(window, 'MediaRecorder'));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const gif = (await saved(page, 'Film (GIF)')).toString('base64');
  await expect(page.getByRole('dialog').getByText('It is a GIF file.')).toBeVisible();
  expect(await gifFacts(page, gif)).toMatchObject({ width: 1280, height: 720, repeats: true });
});
