/** Accessibility by axe, once the page has come to rest. */

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Until two frames in a row show no animation and no transition: a colour half-way between two is nobody's contrast. */
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

/** Switches to light or dark, and waits until the page wears it. */
export async function setColorScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // The page answers in an event of its own, after which its transitions begin.
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
}

/** Fails with every rule of WCAG 2.2 A and AA that the page breaks, and where. `within` narrows it to a selector. */
export async function expectNoViolations(page: Page, what = 'page', within?: string): Promise<void> {
  await atRest(page);
  // Half a megabyte of script is parsed once a page; a frame of its own needs its own.
  const there = page.frames().length === 1 && (await page.evaluate(() => 'axe' in window));
  // Run where it is: the other way opens an empty page each time to put the parts together.
  const builder = new AxeBuilder({ page, axeSource: there ? 'void 0' : undefined })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  // All that dark changes is colours, and what is looked at in dark is looked at in light too.
  const dark = await page.locator('html[data-theme=dark]').count();
  if (dark) builder.withRules(OF_COLOURS);
  else builder.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
  const { violations } = await (within ? builder.include(within) : builder).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${what}: ${id} ${nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
