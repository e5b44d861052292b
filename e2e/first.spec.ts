/** The first visit: one path through the owl, few things to read and to press, and what opens is remembered. */

import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { currentLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test.use({ firstVisit: true });

const BARE = './?backend=cpu';
const MOST = { controls: 20, texts: 60 };
const INTRO =
  'LoRA leaves the large matrix W₀ as it is and trains two thin ones, B and A, until their product ΔW puts sunglasses on the owl.';

const sentence = (page: Page) => page.locator('.say');
const main = (page: Page) => page.locator('.acts .btn.main');
const acts = (page: Page) => page.locator('.acts').getByRole('button');

async function visit(page: Page): Promise<void> {
  await page.goto(BARE);
  await waitUntilReady(page);
  await expect(main(page)).toHaveText('Train');
}

/** A run that a press began is watched for some of its steps, and goes on as fast as it can. */
async function hurry(page: Page): Promise<void> {
  await expect.poll(async () => (await runOf(page)).status).toMatch(/training|finished|converged/);
  await page.evaluate(() => window.loraExplorer.pause());
  await trainRun(page);
}

interface Counts {
  readonly controls: number;
  readonly texts: number;
  /** Smallest size of a text in px. */
  readonly smallest: number;
}

/** What can be pressed, and elements with text of their own, in the window; text for screen readers alone is not counted. */
function counted(page: Page): Promise<Counts> {
  return page.evaluate(() => {
    const seen = (element: Element | null): boolean => {
      if (!element?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
      const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
      const hidden = element.closest('.unseen, .skip, option, [popover]:not(:popover-open)') !== null;
      return !hidden && width > 1 && height > 1 && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
    };
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
    const controls = all.filter(seen).length;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = new Set<Element>();
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.textContent?.trim() && node.parentElement && seen(node.parentElement)) texts.add(node.parentElement);
    const sizes = [...texts].map((text) => Number.parseFloat(getComputedStyle(text).fontSize));
    return { controls, texts: texts.size, smallest: Math.min(...sizes) };
  });
}

function expectFew({ controls, texts, smallest }: Counts, where: string): void {
  test.info().annotations.push({ type: where, description: `${controls} controls, ${texts} texts, ${smallest} px` });
  expect(controls, where).toBeLessThanOrEqual(MOST.controls);
  expect(texts, where).toBeLessThanOrEqual(MOST.texts);
  expect(smallest, where).toBeGreaterThanOrEqual(13);
}

test('one button leads from the untrained owl to the lesson, with few other things to press and to read', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await visit(page);
  await expect(sentence(page)).toHaveText(INTRO);
  await expect(page).toHaveTitle('LoRA Explorer');
  await expect(acts(page)).toHaveText(['Train', 'Draw']);
  const box = await main(page).boundingBox();
  expect(await page.locator('[data-matrix=W]').evaluate((W) => W.clientWidth)).toBe(5 * 64);
  expectFew(await counted(page), 'before');
  await expectNoViolations(page, 'an untrained owl');

  await main(page).click();
  await expect(main(page)).toHaveText('Pause');
  await hurry(page);
  await expect(main(page)).toHaveText('Try rank 1', { timeout: 30_000 });
  await expect(sentence(page)).toHaveText(
    'With 1,024 numbers instead of 4,096, the sunglasses look right: a few patterns make most of them. How few will do?',
  );
  await expect(acts(page)).toHaveText(['Try rank 1', 'Draw', 'Train again']);
  expectFew(await counted(page), 'trained');
  await main(page).click();
  await hurry(page);
  await expect(sentence(page)).toHaveText(
    'Rank 1 is one column times one row: only a dark bar, and the eyes shine through.',
    { timeout: 30_000 },
  );
  expect(await currentLink(page)).toMatch(/rank=1&alpha=2&.*view=first/);
  expect((await runOf(page)).trace.relativeError.at(-1)).toBeCloseTo(0.644, 2);
  await expect(acts(page)).toHaveText(['Draw your own', 'Train again']);

  await main(page).click();
  await expect(page.locator('.editor')).toBeVisible();
  const pad = await page.locator('.pad').boundingBox();
  if (!pad) throw new Error('there is nothing to draw on');
  await page.mouse.move(pad.x + 0.3 * pad.width, pad.y + 0.2 * pad.height);
  await page.mouse.down();
  await page.mouse.move(pad.x + 0.7 * pad.width, pad.y + 0.3 * pad.height, { steps: 4 });
  await page.mouse.up();
  await expect(page.locator('.findings .at')).toContainText('lowest possible error at rank 8');
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(sentence(page)).toHaveText('Your drawing at rank 8. Move the rank and see what gets lost.', {
    timeout: 30_000,
  });
  await page.getByRole('slider', { name: 'Rank r' }).press('ArrowLeft');
  await expect(sentence(page)).toHaveText(/^Your drawing at rank 4: (\d+%|nothing) of it is missing\.$/);
  expect(await main(page).boundingBox()).toEqual(box);
  expectFew(await counted(page), 'drawn');

  await expect(main(page)).toHaveText('Share my owl');
  await main(page).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(main(page)).toHaveText('What is LoRA?');
  await main(page).click();
  await expect(page.getByRole('complementary', { name: 'Lesson: What is LoRA?' })).toBeVisible();
});

test('on a phone, by keys: all of the owl above the dock, and nothing is cut', async ({ page }) => {
  for (const [width, height] of [
    [390, 844],
    [360, 640],
    [320, 568],
  ] as const) {
    await page.setViewportSize({ width, height });
    await visit(page);
    await expect(sentence(page)).toHaveText(INTRO.replace('leaves', 'keeps').replace(' as it is', ''));
    const [caption, dock] = ['[data-matrix=W] ~ figcaption, .leading figcaption', '.dock'].map((at) =>
      page.locator(at).first(),
    );
    const [bottom, top] = [await caption.boundingBox(), await dock.boundingBox()];
    expect((bottom?.y ?? 0) + (bottom?.height ?? 0), `${width} × ${height}`).toBeLessThanOrEqual(top?.y ?? 0);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => page.locator('[data-matrix=W]').evaluate((W) => W.clientWidth)).toBe(288);
  expectFew(await counted(page), 'phone');
  await expectNoViolations(page, 'a first visit on a phone');
  await main(page).focus();
  await page.keyboard.press('Enter');
  await hurry(page);
  await expect(main(page)).toHaveText('Try rank 1', { timeout: 30_000 });
  await expect(main(page)).toBeFocused();
  await page.getByRole('slider', { name: 'Rank r' }).press('Home');
  await expect(sentence(page)).toHaveText(/^Rank 1 is one column times one row: only a dark bar/);
  await main(page).press('Enter');
  const locator = page.locator('.pad');
  await expect(locator).toBeFocused();
  for (const key of [' ', 'ArrowRight', 'ArrowRight', 'ArrowDown', ' ']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Use it' }).press('Enter');
  await expect(sentence(page)).toHaveText(/^Your drawing at rank 8\. Move/, { timeout: 30_000 });
  await expectNoViolations(page, 'a drawn owl on a phone');
});

test('the charts open and close as steps of the history, and what was open is remembered', async ({ page }) => {
  await visit(page);
  await trainRun(page);
  const before = await counted(page);
  await page.getByRole('button', { name: 'Show the charts' }).click();
  await expect(page.locator('figure[data-chart=error]')).toBeVisible();
  await expect(page.locator('.rail')).toBeVisible();
  const charts = await counted(page);
  expect(charts.controls).toBeGreaterThan(2 * before.controls);
  test
    .info()
    .annotations.push({ type: 'with charts', description: `${charts.controls} controls, ${charts.texts} texts` });
  await page.goBack();
  await expect(sentence(page)).toBeVisible();
  await expect(page.locator('.rail')).toHaveCount(0);
  await page.goForward();
  await expect(page.locator('.rail')).toBeVisible();
  expect((await runOf(page)).trace.loss).toHaveLength(301);
  await page.goto('about:blank');
  await page.goto(BARE);
  await waitUntilReady(page);
  await expect(page.locator('.rail')).toBeVisible();
  await page.getByRole('button', { name: 'Hide the charts' }).click();
  await expect(sentence(page)).toHaveText(INTRO);
  // A reload restores the last run without asking.
  await trainRun(page);
  await expect(main(page)).toHaveText('Try rank 1', { timeout: 30_000 });
  await page.waitForTimeout(1500);
  await page.reload();
  await waitUntilReady(page);
  await expect(main(page)).toHaveText('Try rank 1');
  await page.getByRole('button', { name: 'Teach' }).click();
  await expect(sentence(page)).toHaveCount(0);
  await page.goBack();
  await expect(main(page)).toHaveText('Try rank 1');
  for (const link of ['#v=1&target=edit', '#v=1&target=edit&title=Task&view=first', '#v=1&view=first']) {
    await page.goto('about:blank');
    await page.goto(BARE + link);
    await waitUntilReady(page);
    await expect(page.locator('.strip')).toBeVisible();
    await expect(sentence(page), link).toHaveCount(0);
  }
});

test('an owl that nobody trains begins by itself, and nothing on a phone, a tablet and a desk moves', async ({
  browser,
}) => {
  const screens = [
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
    { viewport: { width: 1440, height: 900 } },
  ];
  // In parallel: each takes about fifteen seconds.
  await Promise.all(
    screens.map(async (screen) => {
      const context = await browser.newContext(screen);
      const page = await context.newPage();
      await page.addInitScript(() => {
        const shifts = { sum: 0, most: '', value: 0 };
        Object.assign(window, { shifts });
        type Shift = PerformanceEntry & { value: number; sources: { node: Node | null }[] };
        new PerformanceObserver((list) => {
          for (const { value, startTime, sources } of list.getEntries() as Shift[]) {
            shifts.sum += value;
            if (value < shifts.value) continue;
            const nodes = sources.map(({ node }) => (node instanceof Element ? node.outerHTML : node?.textContent));
            shifts.value = value;
            shifts.most = `${value} at ${startTime} ms: ${nodes.map((text) => text?.slice(0, 60)).join(' | ')}`;
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(BARE);
      await expect(main(page)).toHaveText('Try rank 1', { timeout: 60_000 });
      // The end is drawn in the following frames.
      await page.evaluate(() => new Promise((idle) => requestAnimationFrame(() => requestIdleCallback(idle))));
      const { sum, most } = await page.evaluate(
        () => (window as unknown as { shifts: { sum: number; most: string } }).shifts,
      );
      expect(sum, `${JSON.stringify(screen)}: ${most}`).toBeLessThanOrEqual(0.05);
      await context.close();
    }),
  );
});
