/** Whether a page sticks out of its window at the sides, at thirteen widths. */

import type { Page } from '@playwright/test';

/** From a small phone to a projector, with both sides of every breakpoint. */
export const WIDTHS = [320, 360, 390, 480, 560, 561, 720, 820, 1000, 1100, 1101, 1440, 1920] as const;

/** Elements beyond the window, in words, except inside a container that scrolls or clips. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // Resize observers fire in the next frame, and their changes are laid out in the one after it.
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const beyond = (box: DOMRect) => box.right > innerWidth + 0.5 || box.left < -0.5;
    const held = (element: Element): boolean => {
      for (let e: Element | null = element; e && e !== document.body; e = e.parentElement) {
        const { overflowX, position } = getComputedStyle(e);
        if (e !== element && overflowX !== 'visible' && !beyond(e.getBoundingClientRect())) return true;
        if (position === 'fixed') return false;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll('*')].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && beyond(box) && e.checkVisibility({ visibilityProperty: true }) && !held(e);
    });
    const more = (document.scrollingElement?.scrollWidth ?? 0) - innerWidth;
    return [
      ...(more > 0 ? [`${more} px to scroll`] : []),
      ...out
        .filter((e) => !e.closest('.unseen, .skip'))
        .map((e) => `${e.tagName}.${e.getAttribute('class')} ${Math.round(e.getBoundingClientRect().right)}`),
    ];
  });
}

let walked = 0;

/** Walks a place through every second width, and the next place through the others; ALL_WIDTHS=1 through all of them. */
export async function walkWidths(page: Page, place: string, faults: string[]): Promise<void> {
  const half = walked++ % 2;
  for (const width of WIDTHS.filter((_, i) => i === 0 || i % 2 === half || process.env.ALL_WIDTHS)) {
    await page.setViewportSize({ width, height: 900 });
    let out = await stickingOut(page);
    // A slow machine may take more frames to lay out the page.
    for (let attempt = 0; out.length > 0 && attempt < 20; attempt++) {
      await page.waitForTimeout(50);
      out = await stickingOut(page);
    }
    const [first, ...more] = out;
    if (first) faults.push(`${place}, ${width} px: ${[first, ...more.slice(0, 2)].join('; ')}`);
  }
}
