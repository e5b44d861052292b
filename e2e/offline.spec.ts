import type { Page } from '@playwright/test';
import { type BuildCopy, OTHER_PORT, serveCopy } from './copy.ts';
import { expect, test } from './fixtures.ts';

test.use({ allow: { complaints: [OTHER_PORT] }, serviceWorkers: 'allow', reuseContext: false });

let copy: BuildCopy;
test.beforeEach(async () => {
  copy = await serveCopy();
});
test.afterEach(() => copy.remove());

const cacheNames = (page: Page) => page.evaluate(() => caches.keys());
const ready = (page: Page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));
const shownBuild = (page: Page) => page.locator('meta[name="build"]').getAttribute('content');
/** In Firefox, too, with ALL_SEEDS=1. */
const inChromium = (browserName: string) => test.skip(browserName === 'firefox' && !process.env.ALL_SEEDS);
const appIsThere = (page: Page) => expect(page.locator('.shell-waiting')).toHaveCount(0);

test('everything works after one visit when the server is gone', async ({ page }) => {
  await page.goto(copy.address);
  await appIsThere(page);
  await ready(page);
  await copy.stop();

  await page.goto(`${copy.address}?backend=cpu#v=1`);
  await appIsThere(page);
  await page.goto(`${copy.address}index.html`);
  await appIsThere(page);
  const kept = await page.evaluate(async () => {
    const [name = ''] = await caches.keys();
    const addresses = (await (await caches.open(name)).keys()).map((request) => request.url);
    const files = addresses.filter((url) => !url.endsWith('/'));
    return Promise.all(files.map(async (url) => [url, (await fetch(url)).status] as const));
  });
  expect(kept.filter(([, status]) => status !== 200)).toEqual([]);
  expect(
    kept
      .filter(([url]) => /worker.*\.js$/.test(url))
      .map(([url]) => url.replace(/.*assets.|-[^-]*$/g, ''))
      .sort(),
  ).toEqual(['adapters-worker', 'packer-worker', 'pair-worker', 'reader-worker', 'worker']);
  expect(kept.filter(([url]) => url.endsWith('.wasm')).length).toBeGreaterThan(0);
});

test('a host that has lost the page does not hide the one that is kept', async ({ page, browserName }) => {
  inChromium(browserName);
  await page.goto(copy.address);
  await ready(page);
  copy.losePage();
  for (const address of ['?backend=cpu#v=1', 'index.html?backend=cpu']) {
    const answer = await page.goto(copy.address + address);
    // The host answers 404: 200 comes from the service worker. Firefox does not report whose answer it is.
    expect(answer?.status()).toBe(200);
    await appIsThere(page);
  }
});

test('a new build waits for the last tab of the old one, and reloading shows it', async ({ context, page }) => {
  await page.goto(copy.address);
  await ready(page);
  const old = copy.build();
  const next = 'feedfeedfeedfeed';
  copy.publishNewBuild(next);
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect.poll(() => cacheNames(page)).toHaveLength(2);
  expect(await shownBuild(page)).toBe(old);

  const second = await context.newPage();
  await second.goto(copy.address);
  expect(await shownBuild(second)).toBe(next);
  expect(await cacheNames(page)).toHaveLength(2);

  await page.close();
  await second.close();
  // The browser forgets closed tabs a moment later; a tab opened before that still belongs to the old build.
  await expect
    .poll(
      async () => {
        const third = await context.newPage();
        await third.goto(copy.address);
        expect(await shownBuild(third)).toBe(next);
        const names = await cacheNames(third);
        await third.close();
        return names;
      },
      { timeout: 60_000 },
    )
    .toEqual([expect.stringContaining(next)]);
});

test('the same build again is no new version', async ({ page, browserName }) => {
  inChromium(browserName);
  await page.goto(copy.address);
  await ready(page);
  await page.reload();
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBeNull();
  expect(await cacheNames(page)).toHaveLength(1);
});
