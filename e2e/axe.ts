import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Until two frames in a row show no animation or transition: the contrast of a colour in between means nothing. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let calm = 0; calm < 2; ) {
      await new Promise((frame) => requestAnimationFrame(frame));
      const running = document.getAnimations().filter(({ playState }) => playState === 'running');
      await Promise.all(running.map(({ finished }) => finished.catch(() => undefined)));
      calm = running.length ? 0 : calm + 1;
    }
  });
}

/** Switches to light or dark, and waits until the page has followed. */
export async function setColorScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // The page answers in a later event, after which its transitions begin.
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
}

/** Checks so far, by test and scheme. */
const checks = new Map<string, number>();

/** Colours take four fifths of the time: a test checks them at its first look in each scheme and at every third. */
function coloursAreDue(dark: boolean): boolean {
  const key = `${test.info().testId} ${dark}`;
  const before = checks.get(key) ?? 0;
  checks.set(key, before + 1);
  return before % 3 === 0 || Boolean(process.env.ALL_SEEDS);
}

/**
 * Fails with every rule of WCAG 2.2 A and AA that the page breaks; ALL_SEEDS=1 looks at the colours each time. `within`: a
 * selector to check.
 */
export async function expectNoViolations(page: Page, what = 'page', within?: string): Promise<void> {
  // Dark mode changes colours only, and what is checked in dark is checked in light too.
  const dark = (await page.locator('html[data-theme=dark]').count()) > 0;
  const colours = coloursAreDue(dark);
  if (dark && !colours) return;
  await atRest(page);
  // Half a megabyte of script is parsed once per page; a frame needs its own.
  const there = page.frames().length === 1 && (await page.evaluate(() => 'axe' in window));
  // Legacy mode: otherwise axe opens an empty page each time to merge the results.
  const builder = new AxeBuilder({ page, axeSource: there ? 'void 0' : undefined })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  if (dark) builder.withRules(OF_COLOURS);
  else builder.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
  if (!colours) builder.disableRules(OF_COLOURS);
  const { violations } = await (within ? builder.include(within) : builder).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${what}: ${id} ${nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
