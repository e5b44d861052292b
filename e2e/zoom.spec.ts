/**
 * A window of 1280 to 1440 px at 200% and 400%: nothing is clipped or out of reach; Train and its effect are visible.
 */

import type { Locator, Page } from '@playwright/test';
import { openAndWait, openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SIZES = [
  [720, 450],
  [640, 360],
  [320, 256],
] as const;

/** Faults of the page in words: clipped at the sides, or hidden when focused. */
const faults = (page: Page) =>
  page.evaluate(() => {
    const seen = (e: Element) => e.checkVisibility() && !e.closest('.unseen, .skip, svg, math, [popover], [inert]');
    const cut = [...document.body.querySelectorAll('*')]
      .filter((e) => seen(e) && e.getBoundingClientRect().width > 0)
      .filter((e) => e.getBoundingClientRect().left < 0 || e.getBoundingClientRect().right > innerWidth + 0.5);
    const focusable = 'button:enabled, input:enabled, select, a[href], [tabindex="0"]';
    const hidden = [...document.querySelectorAll<HTMLElement>(focusable)].filter(seen).filter((e) => {
      e.focus();
      const { left, top, width, height } = e.getBoundingClientRect();
      // Of a pad of cells higher than the rest of the window its upper part, of one higher than the window its middle.
      const at = height > innerHeight ? innerHeight / 2 : top + Math.min(height / 2, 30);
      const hit = document.elementFromPoint(left + width / 2, at);
      return !hit || !(e.contains(hit) || hit.contains(e));
    });
    (document.activeElement as HTMLElement).blur();
    scrollTo(0, 0);
    const named = (kind: string) => (e: Element) =>
      `${kind}: ${e.tagName} ${e.className} ${e.textContent?.slice(0, 30)}`;
    const beyond = document.documentElement.scrollWidth - innerWidth;
    return [...cut.map(named('cut')), ...hidden.map(named('hidden')), ...(beyond > 0 ? [`${beyond} px beyond`] : [])];
  });

test('the lab, its lesson and its editor at 200 % and 400 %', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await page.goto('./?backend=cpu');
  await waitUntilReady(page);
  await trainRun(page, 20);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    const at = `${width} × ${height}`;
    await expect.poll(() => faults(page), { message: at }).toEqual([]);
    await expect(page.getByRole('region', { name: 'Controls' }).getByRole('button', { name: 'Train' })).toBeInViewport({
      ratio: 1,
    });

    await button(/^What is LoRA\?/).click();
    const heading = page.getByRole('heading', { name: 'One large matrix is frozen' });
    await expect(heading).toBeInViewport({ ratio: 1 });
    // If both fit, the text and its subject are visible together.
    if (width > 320) await expect(page.getByRole('img', { name: /^Picture of W₀/ })).toBeInViewport({ ratio: 1 });
    await expect.poll(() => faults(page), { message: `lesson, ${at}` }).toEqual([]);
    await button('Close').click();

    await button('Set up').click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('group', { name: /edit/i }).getByRole('button', { name: 'drawn' }).click();
    const pad = page.locator('.pad');
    await expect(pad).toBeVisible();
    await expect.poll(() => faults(page), { message: `editor, ${at}` }).toEqual([]);
    await expect(button('Use it')).toBeAttached();
    const room = await page.evaluate(() => {
      const [one, other] = ['.pad', '.editor .acts'].map((part) =>
        document.querySelector(part)?.getBoundingClientRect(),
      );
      if (!one || !other) return -1;
      const below = one.left < other.right && other.left < one.right;
      return innerHeight - one.height - (below ? other.height : 0);
    });
    expect(room, `pad, ${at}`).toBeGreaterThanOrEqual(0);
    await button('Cancel').click();
  }
});

const RUN = '#v=1&target=low-rank&truerank=2&d=16&k=16&rank=1&steps=40&pace=max';

const SCREENS: readonly (readonly [
  name: string,
  open: (page: Page) => Promise<unknown>,
  seen: (page: Page) => Locator,
])[] = [
  [
    'compare',
    (page) => page.goto(`./?backend=cpu${RUN}&compare=rank:2;rank:4`),
    (page) => page.getByText(/^Three runs, same target/),
  ],
  [
    'sweep',
    (page) => page.goto(`./?backend=cpu${RUN}&sweep=rank:1,2,4;alpha:4,8,16&run=1`),
    (page) => page.locator('.swt .st b', { hasText: 'Finished' }),
  ],
  [
    'wall',
    async (page) => {
      await page.goto(`./?backend=cpu${RUN}&view=wall&goal=error:0.05`);
      await page.getByLabel('Or paste links, one per line').fill(`${RUN}&by=Ada\n${RUN}&alpha=4&by=Bo`);
      await page.getByRole('button', { name: 'Add links' }).click();
    },
    (page) => page.getByText(/2 were trained again here/),
  ],
  [
    'experiments',
    async (page) => {
      await openAndWait(page, `./?backend=cpu${RUN}`);
      await page.keyboard.press('o');
    },
    (page) => page.locator('.item').last(),
  ],
  [
    'class link',
    async (page) => {
      await openLink(page, '#v=1&view=class');
    },
    (page) => page.getByRole('textbox', { name: 'Link', exact: true }),
  ],
];

test('comparison, sweep, wall, experiments and class link at 200 % and 400 %', async ({ page }) => {
  for (const [name, open, seen] of SCREENS) {
    // The fragment alone would not reload the page.
    if (name !== 'class link') await page.goto('about:blank');
    await page.setViewportSize({ width: 720, height: 450 });
    await open(page);
    await expect(seen(page)).toBeAttached();
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => faults(page), { message: `${name}, ${width} × ${height}` }).toEqual([]);
    }
  }
});
