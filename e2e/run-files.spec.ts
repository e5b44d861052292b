import type { Page } from '@playwright/test';
import type { RunFile } from '../src/experiment/run-file/run-file.ts';
import { partOf } from '../src/math/testing/part-of.ts';
import { openLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const PLACES = ['wasm', 'cpu', 'webgpu'] as const;
const LINKS = [
  '#v=1&target=picture&d=32&k=32&rank=4&steps=200',
  '#v=1&target=low-rank&d=48&k=20&rank=4&init=pissa&opt=sgd&steps=200',
  '#v=1&target=decay&d=20&k=48&rank=4&init=svd&opt=adamw&steps=200',
];
const SAID = /contradicts its own link|does not end where its link does/;

/** Drops a run file on the page and waits until the page shows it, with the first frame of its matrices. */
async function drop(page: Page, file: RunFile) {
  await openLink(page, '#v=1&d=4&k=4');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'run.json'));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, JSON.stringify(file));
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(file.trace.loss.length);
}

async function start(page: Page, place: string) {
  await page.goto(`./?backend=${place}#v=1&d=4&k=4`);
  await waitUntilReady(page);
}

test('run files of every back end are opened and go on, on every back end, without a word', async ({ page }) => {
  // On each back end one of each, each with another link: on the three together every file is opened.
  const wanted = PLACES.map((_, to) => partOf([...PLACES.keys()], 3, to + 1));
  const linkFor = (from: number, to: number) => LINKS[(from + to) % LINKS.length];
  const files = new Map<string, RunFile>();
  for (const [from, place] of PLACES.entries()) {
    await start(page, place);
    for (const to of PLACES.keys()) {
      if (!wanted[to].includes(from)) continue;
      await openLink(page, linkFor(from, to));
      const file = await trainRun(page, 40);
      expect(file.backend).toBe(place);
      files.set(`${from} ${to}`, file);
    }
  }
  for (const [to, place] of PLACES.entries()) {
    await start(page, place);
    for (const from of wanted[to]) {
      const file = files.get(`${from} ${to}`);
      if (!file) throw new Error('no file');
      await drop(page, file);
      const on = await trainRun(page, 3);
      expect(on.trace.loss.slice(0, 41)).toEqual(file.trace.loss);
      expect(on.trace.loss).toHaveLength(44);
      await expect(page.getByText(SAID)).toHaveCount(0);
    }
  }
});

test('one whose losses and start are not those of its link says so', async ({ page }) => {
  await start(page, 'cpu');
  await openLink(page, LINKS[0]);
  const file = await trainRun(page, 10);
  const [layer] = file.layers;
  const A = layer.initial.A.map((row) => row.map(() => 1));
  const trace = { ...file.trace, loss: file.trace.loss.map(() => 1e-3) };
  const forged = { ...file, trace, layers: [{ ...layer, initial: { ...layer.initial, A } }] };
  await drop(page, forged);
  await expect(page.getByText('This run file contradicts its own link.')).toBeVisible();
  await expect(
    page.getByText(/Its A at step 0 does not match\. Its loss at step 0 is 0\.001; the link gives/),
  ).toBeVisible();
  expect((await trainRun(page, 3)).trace.loss).toHaveLength(14);
  await expect(page.getByText(SAID)).toHaveCount(1);
  await openLink(page, LINKS[1]);
  await expect(page.getByText(SAID)).toHaveCount(0);
});
