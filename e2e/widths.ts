/** How the page looks at many sizes of its window: nothing sticks out or is cut, no texts overlap, type is large enough. */

import type { Page } from '@playwright/test';
import { faultsOfLooks } from './looks.ts';

/** From a small phone to a projector: both sides of every breakpoint, phones and laptops in landscape, and zoom. */
export const SIZES = [
  [320, 640],
  [390, 844],
  [560, 900],
  [561, 900],
  [640, 360],
  [820, 1180],
  [844, 390],
  [1000, 900],
  [1100, 900],
  [1101, 900],
  [1366, 640],
  [1440, 900],
  [1920, 1080],
] as const;

/** Faults of texts, which very long numbers and the figures of lessons have at some sizes. */
export const TEXTS = /lies on|is cut|is outside/;

/** How many places a test has walked, by its list of faults. */
const walked = new WeakMap<string[], number>();

/** Walks a place through the first and every ninth other size, a test's next place through the next; ALL_WIDTHS=1 through all. */
export async function walkWidths(page: Page, place: string, faults: string[], allowed?: RegExp): Promise<void> {
  const before = walked.get(faults) ?? 0;
  walked.set(faults, before + 1);
  for (const [width, height] of SIZES.filter(
    (_, i) => i === 0 || i % 9 === (5 * before) % 9 || process.env.ALL_WIDTHS,
  )) {
    await page.setViewportSize({ width, height });
    const faultsNow = async () => (await faultsOfLooks(page)).filter((fault) => !allowed?.test(fault));
    let found = await faultsNow();
    // A slow machine may take more frames to lay out the page.
    for (let attempt = 0; found.length > 0 && attempt < 60; attempt++) {
      await page.waitForTimeout(100);
      found = await faultsNow();
    }
    if (found.length > 0) faults.push(`${place}, ${width} × ${height}: ${found.slice(0, 30).join('; ')}`);
  }
}
