/** Whether a page sticks out of its window at the sides, at sixteen widths. */

import type { Page } from '@playwright/test';

/** From a small phone to a projector, with both sides of every width at which the page is laid out anew. */
export const WIDTHS = [320, 360, 390, 480, 560, 600, 720, 786, 820, 1000, 1100, 1101, 1280, 1440, 1600, 1920] as const;

/** What is beyond the window as it stands, in words. What scrolls or is cut inside of something else is not. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // Observers of sizes answer in the next frame, and what they change is laid out in the one after it.
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

/** Goes through the widths, and adds to the faults what sticks out. */
export async function walkWidths(page: Page, place: string, faults: string[]): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    let out = await stickingOut(page);
    // What is laid out anew may take more frames where the machine is slow.
    for (let attempt = 0; out.length > 0 && attempt < 20; attempt++) {
      await page.waitForTimeout(50);
      out = await stickingOut(page);
    }
    const [first, ...more] = out;
    if (first) faults.push(`${place}, ${width} px: ${[first, ...more.slice(0, 2)].join('; ')}`);
  }
}
