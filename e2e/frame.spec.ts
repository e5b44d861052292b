import { createServer, type Server } from 'node:http';
import { listen } from '../scripts/serve.mjs';
import { type BuildCopy, OTHER_PORT, serveCopy } from './copy.ts';
import { expect, test } from './fixtures.ts';

let host: Server;
let embedding: (address: string) => string;
test.beforeAll(async () => {
  host = createServer((request, response) => {
    const address = new URL(request.url ?? '/', 'http://localhost').searchParams.get('page') ?? '';
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>A lesson</title><link rel="icon" href="data:,">
      <iframe sandbox="allow-scripts" width="1000" height="700" src="${address}"></iframe>`);
  });
  const port = await listen(host, 4400);
  embedding = (address) => `http://localhost:${port}/?page=${encodeURIComponent(address)}`;
});
test.afterAll(() => {
  host.closeAllConnections();
  host.close();
});

test.describe('with the headers of npm start', () => {
  test.use({ allow: { complaints: [OTHER_PORT] } });

  test('the page starts, and nothing complains', async ({ page, baseURL }) => {
    await page.goto(embedding(baseURL ?? ''));
    await expect(page.frameLocator('iframe').locator('.shell-waiting')).toHaveCount(0);
    const frame = page.frames()[1];
    expect(await frame?.evaluate(() => self.origin)).toBe('null');
    // The clinic's reader starts there too.
    await frame.evaluate(() => window.loraExplorer.open('#v=1&d=8&k=8&view=clinic'));
    await expect(frame.getByRole('textbox', { name: 'A config, a command or losses' })).toBeVisible();
    // What a driver types into a frame of Firefox does not reach the page.
    await frame.evaluate((text) => {
      const field = document.querySelector('.paste textarea');
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field, text);
      field?.dispatchEvent(new Event('input', { bubbles: true }));
    }, 'step,loss\n0,1.5\n10,32\n20,nan\n');
    await frame.getByRole('button', { name: 'Look' }).click();
    await expect(frame.getByText('One that fits')).toBeVisible();
  });
});

test.describe('what the worker fetches later', () => {
  test.use({ allow: { complaints: [OTHER_PORT] } });

  // The worker comes from a blob there: relative URLs of its script and of the binary would fail.
  for (const [name, backend, stepper] of [
    ['TensorFlow.js on cpu', 'cpu', '&stepper=tfjs'],
    ['TensorFlow.js on wasm', 'wasm', '&stepper=tfjs'],
    ['the page’s own WebAssembly', 'wasm', ''],
  ]) {
    test(`${name} trains`, async ({ page, baseURL }) => {
      await page.goto(embedding(`${baseURL}?backend=${backend}${stepper}#v=1&d=16&k=16&steps=20`));
      await expect(
        page
          .frameLocator('iframe')
          .getByText(/Ready, step 0/)
          .first(),
      ).toBeAttached();
      const run = await page.frames()[1].evaluate(() => window.loraExplorer.train(5));
      expect(run.backend).toBe(backend);
      expect(/TensorFlow/.test(run.device)).toBe(stepper !== '');
      expect(run.trace.loss).toHaveLength(6);
      const [worker] = page.workers();
      expect(worker.url()).toMatch(/^blob:/);
    });
  }
});

test.describe('on a host that sends no headers of ours', () => {
  // The browser reports there that it refuses the module script: Chromium in two sentences, Firefox in one.
  test.use({
    allow: {
      complaints: [
        OTHER_PORT,
        /^console error: Access to (script|CSS stylesheet) .* blocked by CORS/,
        /^console error: Failed to load/,
        /^page error: Cross-Origin Request Blocked/,
      ],
    },
  });
  let bare: BuildCopy;
  test.beforeAll(async () => {
    bare = await serveCopy({});
  });
  test.afterAll(() => bare.remove());

  test('the frame shows a sentence and a link', async ({ page }) => {
    await page.goto(embedding(bare.address));
    const note = page.frameLocator('iframe').locator('.shell-waiting');
    await expect(note).toBeVisible();
    await expect(note.getByRole('link')).toHaveAttribute('href', './');
  });

  test('the page itself works', async ({ page }) => {
    await page.goto(bare.address);
    await expect(page.locator('.shell-waiting')).toHaveCount(0);
  });
});
