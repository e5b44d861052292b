import { openAndWait, storedRun, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const PAGES = [
  [320, 'target=picture&rank=64'],
  [320, 'target=regression'],
  [390, 'target=decay&rank=32'],
  [600, 'target=regression'],
  [640, 'target=regression&view=embed'],
  [720, 'target=picture&init=pissa'],
] as const;

test('words of the strip stay apart and in the window', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto('./?backend=cpu');
  for (const [width, fragment] of PAGES) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate((link) => window.loraExplorer.open(link), `#v=1&${fragment}`);
    await waitUntilReady(page);
    const faults = () =>
      page.locator('.strip').evaluate((picture) => {
        const words = [...picture.querySelectorAll('.head, figcaption p, .sign > span, .op, .scale-key > span')];
        const boxes = words.map((text) => {
          const range = document.createRange();
          range.selectNodeContents(text);
          return { said: text.textContent, box: range.getBoundingClientRect() };
        });
        const cut = boxes.filter(({ box }) => box.left < 0 || box.right > window.innerWidth).map(({ said }) => said);
        // Empty parts of lines may overlap by a pixel or two.
        const meet = boxes.flatMap(({ said, box: a }, i) =>
          boxes
            .slice(0, i)
            .filter(
              ({ box: b }) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom,
            )
            .map((other) => `${said} / ${other.said}`),
        );
        return [...cut, ...meet];
      });
    await expect.poll(faults, { message: `${width} px, ${fragment}` }).toEqual([]);
  }
});

test('a low window and an upright tablet hold the whole page, axes and all', async ({ page }) => {
  await page.goto('./?backend=cpu');
  for (const [width, height] of [
    [1280, 720],
    [820, 1180],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const fragment of ['target=regression', 'target=picture&init=pissa', 'target=edit']) {
      await page.evaluate((link) => window.loraExplorer.open(link), `#v=1&${fragment}`);
      await waitUntilReady(page);
      const below = () => page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
      await expect.poll(below, { message: `${width} × ${height}, ${fragment}` }).toBe(0);
    }
  }
});

test('the bar has room for a kept run, and an open list stays in a window that shrinks', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&d=8&k=8&steps=5');
  await trainRun(page);
  await expect.poll(() => storedRun(page)).not.toBeNull();
  await page.goto('about:blank');
  await openAndWait(page, './?backend=cpu#v=1&d=8&k=8&steps=6');
  const offer = page.getByRole('button', { name: 'Reopen' });
  await expect(offer).toBeVisible();
  const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  for (const width of [561, 640, 700, 761, 844]) {
    await page.setViewportSize({ width, height: 500 });
    await expect.poll(beyond, { message: `${width} px` }).toBe(0);
  }
  await page.setViewportSize({ width: 640, height: 360 });
  await page.getByRole('button', { name: 'Places: Lab' }).click();
  await expect(offer).toBeVisible();
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.evaluate((link) => window.loraExplorer.open(link), '#v=1&d=8&k=8&view=present');
  await expect(page.locator('html[data-view=present]')).toBeVisible();
  await waitUntilReady(page);
  const list = page.locator('.explained .list:popover-open');
  await page.getByRole('button', { name: 'Rank r: what it does' }).click();
  await page.setViewportSize({ width: 360, height: 640 });
  await expect.poll(beyond).toBe(0);
  await expect(list).toBeInViewport({ ratio: 1 });
});

test('a low window holds the whole rail: no slider is cut', async ({ page }) => {
  await page.goto('./?backend=cpu');
  for (const [width, height] of [
    [1280, 720],
    [1110, 720],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const target of ['edit', 'picture', 'regression', 'low-rank']) {
      await page.evaluate((link) => window.loraExplorer.open(link), `#v=1&target=${target}`);
      await waitUntilReady(page);
      const cut = () =>
        page.locator('.rail').evaluate((rail) => {
          // There is no room for the formula.
          const foot = rail.getBoundingClientRect().bottom;
          const sliders = [...rail.querySelectorAll('.ctl')].map((ctl) => ctl.getBoundingClientRect().bottom);
          return [rail.scrollHeight - rail.clientHeight, sliders.filter((bottom) => bottom > foot + 1).length];
        });
      await expect.poll(cut, { message: `${width} × ${height}, ${target}` }).toEqual([0, 0]);
      const wide = await page
        .locator('.tiles .tile')
        .evaluateAll((tiles) =>
          tiles
            .map((tile) => tile.getBoundingClientRect())
            .filter(({ top, right }, i, all) => all[i + 1]?.top === top && all[i + 1].left < right - 1),
        );
      expect(wide).toEqual([]);
    }
  }
});
