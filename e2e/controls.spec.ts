import type { Locator, Page } from '@playwright/test';
import { partOf } from '../src/math/testing/part-of.ts';
import { waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

async function start(page: Page, fragment: string) {
  await page.goto(`./?backend=cpu#v=1&${fragment}`);
  await waitUntilReady(page);
}

/** Drags a slider's thumb by 52 px in steps; its position at each. */
async function dragged(page: Page, slider: Locator): Promise<string[]> {
  await slider.scrollIntoViewIfNeeded();
  const place = async () => JSON.stringify(await slider.boundingBox());
  const { x, y, width, height } = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = Number(await slider.inputValue());
  const from = x + 6 + at * (width - 12);
  const places = [await place()];
  await page.mouse.move(from, y + height / 2);
  await page.mouse.down();
  for (let px = 4; px <= 52; px += 12) {
    await page.mouse.move(from + (at > 0.6 ? -px : px), y + height / 2);
    places.push(await place());
  }
  await page.mouse.up();
  return [...places, await place()];
}

/** Letter spacings in em that emulate narrower and wider fonts, whatever a machine has. */
const SPACINGS = [-0.05, 0, 0.05, 0.1];

/** Distance of a slider from the top of its control at each spacing, and clipped or wrapped texts of its head. */
function spaced(slider: Locator): Promise<{ places: number[]; faults: string[] }> {
  return slider.evaluate((input, spacings) => {
    const control = input.closest<HTMLElement>('.ctl');
    const head = control?.querySelector('.hd');
    if (!control || !head) throw new Error('no control');
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    const faults: string[] = [];
    const places = spacings.map((em) => {
      sheet.replaceSync(
        `.rail * { font-family: 'LoRA Explorer Serif' !important; letter-spacing: ${em}em !important }`,
      );
      const parts = [...head.querySelectorAll('.explained > .link, .back, .num')].map((e) => e.getBoundingClientRect());
      const apart = (i: number) => {
        const [one, next] = [parts[i], parts[i + 1]];
        return !next || (one.right <= next.left + 2 && one.top < next.bottom && next.top < one.bottom);
      };
      if (!parts.every((_, i) => apart(i))) faults.push(`${em} em: ${head.textContent}`);
      if (control.scrollWidth > control.clientWidth + 16) faults.push(`${em} em: wider than the rail`);
      return input.getBoundingClientRect().top - control.getBoundingClientRect().top;
    });
    document.adoptedStyleSheets.pop();
    return { places, faults };
  }, SPACINGS);
}

for (const [at, fragment] of ['target=low-rank&align=0.5', 'target=regression&scaling=rslora&rank=48'].entries()) {
  test(`a track holds still while it is dragged, in any font: ${fragment}`, async ({ page }) => {
    await start(page, fragment);
    const sliders = page.locator('.rail input[type=range]:visible');
    for (const slider of partOf(await sliders.all(), 2, at)) {
      const name = await slider.getAttribute('aria-label');
      const before = await slider.inputValue();
      const atRest = await spaced(slider);
      const places = await dragged(page, slider);
      expect(await slider.inputValue(), `${name} was dragged`).not.toBe(before);
      expect([...new Set(places)], `${name}`).toHaveLength(1);
      const after = await spaced(slider);
      expect(after.places, `${name}`).toEqual(atRest.places);
      expect([...atRest.faults, ...after.faults], `${name}`).toEqual([]);
    }
  });
}

test('at 1440 × 900 the opening view has its whole rail in sight', async ({ page }) => {
  for (const fragment of ['target=picture', 'target=picture&init=pissa', 'target=low-rank']) {
    await start(page, fragment);
    const [shown, all] = await page.locator('.rail').evaluate((rail) => [rail.clientHeight, rail.scrollHeight]);
    expect(all, fragment).toBe(shown);
  }
});

test('at 1280 × 720 every target has its name, and the rail is whole', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  for (const fragment of ['target=edit', 'target=low-rank', 'target=regression']) {
    await start(page, fragment);
    const [shown, all] = await page.locator('.rail').evaluate((rail) => [rail.clientHeight, rail.scrollHeight]);
    expect(all, fragment).toBe(shown);
    // px of the text of each name, read where it is drawn.
    const names = await page.locator('.rail [data-param=target] .tile').evaluateAll((tiles) =>
      tiles.map((tile) => {
        const range = document.createRange();
        range.selectNodeContents(tile.lastChild ?? tile);
        const { height, bottom } = range.getBoundingClientRect();
        return {
          size: Number.parseFloat(getComputedStyle(tile).fontSize),
          height,
          below: tile.getBoundingClientRect().bottom - bottom,
        };
      }),
    );
    expect(names).toHaveLength(8);
    for (const { size, height, below } of names) {
      expect(size).toBeGreaterThanOrEqual(13);
      expect(height).toBeGreaterThanOrEqual(13);
      expect(below).toBeGreaterThanOrEqual(-1);
    }
  }
});

/** Share of the middle row of an element's picture that differs from its upper left corner. */
async function drawnAcross(page: Page, element: Locator): Promise<number> {
  const png = (await element.screenshot()).toString('base64');
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const { width, height } = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/png' })), 0, 0);
    const at = (x: number, y: number) => context.getImageData(x, y, 1, 1).data.join();
    const middle = Array.from({ length: width }, (_, x) => at(x, Math.floor(height / 2)));
    return middle.filter((colour) => colour !== at(0, 0)).length / width;
  }, png);
}

test('forced colours leave tracks, what is pressed, the colour key and the triangles of selects', async ({ page }) => {
  await start(page, 'target=picture');
  await page.emulateMedia({ forcedColors: 'active' });
  for (const name of ['Rank r', 'LoRA α', 'Learning rate']) {
    const slider = page.getByRole('slider', { name, exact: true });
    await expect.poll(() => drawnAcross(page, slider), { message: name }).toBeGreaterThan(0.95);
  }
  const background = (name: string) =>
    page.getByRole('button', { name, exact: true }).evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await background('Adam')).not.toBe(await background('SGD'));
  const gradient = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundImage);
  expect(await gradient('.strip .ramp')).toContain('gradient');
  expect(await gradient('select.pick')).toContain('gradient');
});

test('a notice that is answered or dismissed hands the focus on to the run', async ({ page }) => {
  await start(page, 'd=16&k=16&nonsense=1');
  await page.getByRole('button', { name: /^Dismiss/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeFocused();
  // Reloaded: on the present page the address would follow the state.
  await page.goto('about:blank');
  await page.goto('./?backend=cpu#v=1&d=16&k=16&target=picture&init=task-informed');
  await page.getByRole('button', { name: 'Use the regression target' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Run' }).getByRole('button').first()).toBeFocused();
});

test('a confirmation floats over the page, moves nothing, and goes by itself unless it is pointed at', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.clock.install();
  await start(page, 'target=picture');
  // From here on the test controls the clock.
  await page.clock.pauseAt(Date.now() + 60_000);
  const place = () => page.locator('.hero').boundingBox();
  const before = await place();
  await page.keyboard.press('c');
  const said = page.locator('.brief', { hasText: 'copied' });
  await expect(said).toBeVisible();
  expect(await place()).toEqual(before);
  await said.hover();
  await page.clock.fastForward(60_000);
  await expect(said).toBeVisible();
  await page.mouse.move(5, 5);
  await page.clock.fastForward(3000);
  await expect(said).toBeVisible();
  await page.clock.fastForward(10_000);
  await expect(said).toHaveCount(0);
});

test('numbers are pasted into the panel of the own matrix as soon as it is open, wherever the focus is', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await start(page, 'd=16&k=16');
  await page.evaluate(() => navigator.clipboard.writeText('1, 2, 3\n0, 1, 5'));
  for (const then of [null, 'Close', 'Choose a file']) {
    await page
      .getByRole('group', { name: /Target/ })
      .getByRole('button', { name: 'matrix', exact: true })
      .click();
    const panel = page.getByRole('dialog');
    if (then) await panel.getByRole('button', { name: then }).focus();
    else await expect(panel.getByRole('textbox')).toBeFocused();
    await page.keyboard.press('Control+V');
    await expect(panel.getByText('2 × 3')).toBeVisible();
    await expect(panel.getByRole('textbox')).toHaveValue('1, 2, 3\n0, 1, 5');
    await page.keyboard.press('Escape');
  }
});

test('on a phone the dock tells the step, in one line whatever the numbers', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await start(page, 'target=low-rank&d=32&k=32&rank=17&steps=4000&pace=max');
  const dock = page.getByRole('region', { name: 'Controls' });
  await expect(dock).toContainText('step 0');
  const { height } = (await dock.boundingBox()) ?? { height: 0 };
  await page.evaluate(() => window.loraExplorer.train(1200));
  await expect(dock).toContainText('step 1,200');
  expect((await dock.boundingBox())?.height).toBe(height);
  const [needed, given] = await dock.locator('.hd').evaluate((head) => [head.scrollWidth, head.clientWidth]);
  expect(needed).toBeLessThanOrEqual(given);
});

test('every optimiser keeps its name at 200%', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await start(page, 'd=16&k=16');
  const cut = await page
    .getByRole('group', { name: 'Optimiser' })
    .getByRole('button')
    .evaluateAll((buttons) => buttons.filter((b) => b.scrollWidth > b.clientWidth).map((b) => b.textContent));
  expect(cut).toEqual([]);
});

test('the optimisers without a button are in a list, and the chosen one has one', async ({ page }) => {
  await start(page, 'target=low-rank&d=16&k=16');
  const choice = page.getByRole('group', { name: 'Optimiser' });
  await expect(choice.locator(':scope > button')).toHaveText(['SGD', 'Adam', 'Muon']);
  await choice.getByRole('button', { name: 'Optimiser: more' }).click();
  await choice.getByRole('button', { name: 'Muon (exact step)', exact: true }).click();
  await expect(choice.getByRole('button', { pressed: true })).toHaveText('Muon (exact step)');
  await expect(choice.locator(':scope > button')).toHaveText(['SGD', 'Adam', 'Muon (exact step)']);
  expect(await page.evaluate(() => window.loraExplorer.link())).toContain('opt=polar');
  const run = await page.evaluate(() => window.loraExplorer.train(200));
  expect(run.trace.relativeError.at(-1)).toBeLessThan(0.1);
});

test('what a control does is said to keys and fingers, not only to a mouse that rests on it', async ({ page }) => {
  await start(page, 'target=picture&d=16&k=16');
  await page.getByRole('button', { name: 'Rank r: what it does' }).focus();
  await page.keyboard.press('Enter');
  const help = page.locator('.explained .list:popover-open');
  await expect(help).toHaveCount(1);
  await expect(help).toHaveText(/\w+ .*\./);
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await page.getByRole('button', { name: 'Optimiser: what it does' }).click();
  await expect(help.getByRole('term')).toHaveText([
    'SGD',
    'Momentum',
    'Adam',
    'AdamW',
    'Muon',
    'Muon (exact step)',
    'ScaledGD',
    'LoRA-Pro',
    'signSGD',
  ]);
  const inside = await help.evaluate((list) => {
    const { left, right, top, bottom } = list.getBoundingClientRect();
    return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
  });
  expect(inside).toBe(true);
});
