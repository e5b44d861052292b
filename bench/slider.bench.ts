/** Delay from a moved rank slider to the first frame of the new run. */

import { expect, test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { median, quartilesText, spread } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const CASES = [
  { size: '64 × 64', most: 64, link: '#v=1&target=picture&d=64&k=64' },
  { size: '256 × 256', most: 256, link: '#v=1&target=decay&d=256&k=256&rank=16' },
];
const RANKS = [4, 8, 16, 32, 12, 6, 24, 48, 10, 20];
const BACK_ENDS = QUICK ? ['cpu', 'wasm'] : ['cpu', 'wasm', 'webgpu'];
/** Bound on the delay in ms, 256 × 256 on the processor. */
const MOST = 100;

test('rank slider to first frame', async ({ page }) => {
  const rows = [];
  for (const backend of BACK_ENDS) {
    for (const { size, most, link } of CASES) {
      say(`${size} on ${backend}: the rank slider is moved ${RANKS.length} times`);
      await page.goto('about:blank');
      await page.goto(`./?backend=${backend}${link}`);
      await page.evaluate(() => window.loraExplorer.ready);
      const times = await page.getByRole('slider', { name: 'Rank r' }).evaluate(
        async (slider, { ranks, largest }) => {
          const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
          if (!value?.set) throw new Error('there is no rank slider');
          const next = () => new Promise<number>((done) => requestAnimationFrame(done));
          const drawn = (rank: number) =>
            [...document.querySelectorAll('[role=img]')].some((img) => {
              const label = img.getAttribute('aria-label') ?? '';
              return label.startsWith('Heat map of A') && label.includes(` ${rank} × `);
            });
          const times: number[] = [];
          for (const rank of ranks) {
            const before = performance.now();
            value.set.call(slider, String(Math.log(rank) / Math.log(largest)));
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            for (let i = 0; !drawn(rank) && i < 600; i++) await next();
            if (!drawn(rank)) throw new Error(`rank ${rank} was not drawn`);
            times.push(performance.now() - before);
          }
          return times;
        },
        { ranks: RANKS, largest: most },
      );
      expect(times).toHaveLength(RANKS.length);
      const wanted = most === 256 && backend !== 'webgpu';
      rows.push({
        'back end': backend,
        size,
        'ms: median (quartiles)': quartilesText(spread(times)),
        'at most': wanted ? MOST : '–',
        reached: reached(wanted ? median(times) <= MOST : undefined),
      });
    }
  }
  report('slider', 'Rank slider to the first frame of the new run', await machineOf(page), rows);
});
