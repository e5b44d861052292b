import { runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test.describe('the worker', () => {
  test.use({ allow: { complaints: [/Failed to load resource/, /worker/i] } });

  test('script is missing: the page says so and stays usable', async ({ page }) => {
    await page.route(/worker.*\.js$/, (route) => route.fulfill({ status: 404, body: '' }));
    await page.goto('./?backend=cpu#v=1&d=16&k=16');
    await expect(page.getByText('The engine stopped.').first()).toBeVisible();
    const why = await page.evaluate(() => window.loraExplorer.train().then(String, (e: Error) => e.message));
    expect(why).toContain('The engine');
    await page.unroute(/worker.*\.js$/);
    await page.getByRole('button', { name: 'Use the processor' }).click();
    await expect(page.getByText(/Ready, step 0/).first()).toBeVisible();
    expect((await trainRun(page, 5)).trace.loss).toHaveLength(6);
  });

  test('throws at start: the page says so', async ({ page }) => {
    await page.route(/worker.*\.js$/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("broken on purpose")' }),
    );
    await page.goto('./?backend=cpu#v=1&d=16&k=16');
    await expect(page.getByText(/broken on purpose/).first()).toBeVisible();
  });
});

test.describe('a part of the page', () => {
  // A service worker would have it in its cache.
  test.use({ allow: { complaints: [/Failed to load resource/] } });

  test('cannot be loaded: what was asked for is answered, and the page can be loaded again', async ({ page }) => {
    await page.goto('./?backend=cpu#v=1&d=16&k=16');
    await waitUntilReady(page);
    await page.route(/commands.*\.js$/, (route) => route.fulfill({ status: 404, body: '' }));
    await page.getByRole('button', { name: 'Save: Error' }).click();
    await page.getByRole('button', { name: 'Numbers (CSV)' }).click();
    await expect(page.getByText('A part of this page could not be loaded.').first()).toBeVisible();
    await page.unroute(/commands.*\.js$/);
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.waitForLoadState();
    await waitUntilReady(page);
    await page.getByRole('button', { name: 'Save: Error' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Numbers (CSV)' }).click();
    expect((await saved).suggestedFilename()).toMatch(/-error\.csv$/);
  });
});

test.describe('TensorFlow.js', () => {
  test.use({ allow: { complaints: [/Failed to load resource/] } });

  test('is missing: the page says so and takes the best other back end', async ({ page }) => {
    await page.route(/tfjs-chunk.*\.js$/, (route) => route.fulfill({ status: 404, body: '' }));
    await page.goto('./?backend=cpu&stepper=tfjs#v=1&d=16&k=16');
    expect(await waitUntilReady(page)).toMatchObject({ backend: 'wasm' });
    expect((await trainRun(page, 5)).trace.loss).toHaveLength(6);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'About' }).click();
    await page.getByRole('button', { name: 'How it is computed' }).click();
    const why = 'TensorFlow.js could not be loaded. The steps are therefore computed on WebAssembly.';
    await expect(page.getByText(why).first()).toBeVisible();
  });
});

test('a lost graphics device: the run is kept and goes on from its last step', async ({ page, browser }) => {
  test.setTimeout(180_000);
  await page.goto('./?backend=webgpu#v=1&target=picture&d=64&k=64&rank=8&steps=4000&pace=50');
  await waitUntilReady(page);
  await page.getByRole('region', { name: 'Run' }).getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length, { timeout: 60_000 }).toBeGreaterThan(30);
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess').catch(() => {});
  await expect(page.getByText(/The graphics device was lost at step/).first()).toBeVisible({ timeout: 60_000 });
  const kept = await runOf(page);
  expect(kept.status).toBe('device-lost');
  expect(kept.trace.loss.length).toBeGreaterThan(30);
  expect(Math.min(...kept.trace.loss)).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Use the processor' }).click();
  const on = await trainRun(page, 10);
  expect(on.trace.loss).toHaveLength(kept.trace.loss.length + 10);
  expect(on.trace.loss.slice(0, kept.trace.loss.length)).toEqual(kept.trace.loss);
});
