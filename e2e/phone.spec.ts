/** Phones, upright and on their side: what is pressed and what it does are seen together, and nothing lies under the dock. */

import { ready, runOf, train } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const small = (target: string) => `./?backend=cpu#v=1&target=${target}&d=64&k=64&rank=8&steps=20&pace=max`;

for (const [width, height] of [
  [390, 844],
  [360, 640],
  [844, 390],
] as const)
  test(`${width} × ${height}: rank, Train, Rewind, ΔW and a chart are on one screen`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    // Upright the owl itself shows what a setting does, and no chart lies over it: strip.spec.ts.
    await page.goto(small(height > width ? 'picture' : 'edit'));
    await ready(page);
    await train(page);
    const seen = () =>
      page.evaluate(() => {
        /** The share of an element that lies in the window and under nothing else, by a grid of points. */
        const share = (element: Element | null | undefined) => {
          if (!element) return -1;
          const { left, top, width, height } = element.getBoundingClientRect();
          const parts = [0.05, 0.3, 0.5, 0.7, 0.95];
          const hits = parts.flatMap((u) =>
            parts.map((v) => document.elementFromPoint(left + u * width, top + v * height)),
          );
          const own = (hit: Element | null) => hit && (element.contains(hit) || hit.closest('.strip, .dock .ctl'));
          return hits.filter(own).length / hits.length;
        };
        const named = (name: string) => [...document.querySelectorAll('button')].find((b) => b.textContent === name);
        return {
          train: share(named('Train more')),
          rewind: share(named('Rewind')),
          more: share(named('More')),
          rank: share(document.querySelector('.dock input[type=range]')),
          plot: share(document.querySelector('.plot')),
          dW: share(document.querySelector('.strip .walker')),
        };
      });
    await expect.poll(seen).toEqual({ train: 1, rewind: 1, more: 1, rank: 1, plot: 1, dW: 1 });
    await page.getByRole('button', { name: 'Rewind' }).click();
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(1);
    // The name of the experiment is whole, and nothing touches the edge of the bar.
    const bar = await page.evaluate(() => {
      const inside = document.querySelector('.bar')?.getBoundingClientRect();
      const boxes = [...document.querySelectorAll('.bar > :is(h1, select, .btn, .menu)')].map((e) =>
        e.getBoundingClientRect(),
      );
      return boxes.every((b) => inside && b.top >= inside.top + 2 && b.bottom <= inside.bottom - 2);
    });
    expect(bar).toBe(true);
  });
