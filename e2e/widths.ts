/** How the page looks at many sizes of its window: nothing sticks out or is cut, no texts overlap, type is large enough. */

import type { Page } from '@playwright/test';
import { faultsOfLooks } from './looks.ts';

/** From a small phone to a projector, with both sides of every breakpoint, phones and laptops in landscape, and zoom. */
export const SIZES = [
  [320, 640],
  [360, 800],
  [390, 844],
  [480, 900],
  [560, 900],
  [561, 900],
  [640, 360],
  [720, 900],
  [820, 1180],
  [844, 390],
  [1000, 900],
  [1100, 900],
  [1101, 900],
  [1280, 720],
  [1366, 640],
  [1440, 900],
  [1920, 1080],
] as const;

/** Faults of texts, which the figures of lessons still have at some sizes. */
export const TEXTS = /lies on|is cut|is outside/;

let walked = 0;

/** Walks a place through every second size, and the next place through the others; ALL_WIDTHS=1 through all of them. */
export async function walkWidths(page: Page, place: string, faults: string[], allowed?: RegExp): Promise<void> {
  const half = walked++ % 2;
  for (const [width, height] of SIZES.filter((_, i) => i === 0 || i % 2 === half || process.env.ALL_WIDTHS)) {
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
