/** What a person waits for: a moved rank slider until the new run's first frame is drawn; and the page while it trains. */

import { expect, test } from '@playwright/test';
import { median, report } from './report.ts';

const CASES = [
  { size: '64 × 64', most: 64, link: '#v=1&target=picture&d=64&k=64' },
  { size: '256 × 256', most: 256, link: '#v=1&target=decay&d=256&k=256&rank=16' },
];
const RANKS = [4, 8, 16, 32, 12, 6, 24, 48, 10, 20];

test('rank slider to first frame, and the page while it trains', async ({ page }) => {
  test.setTimeout(400_000);
  const rows = [];
  for (const backend of ['cpu', 'wasm', 'webgpu']) {
    for (const { size, most, link } of CASES) {
      await page.goto('about:blank');
      await page.goto(`./?backend=${backend}${link}`);
      await page.evaluate(() => window.loraExplorer.ready);
      const measured = await page.getByRole('slider', { name: 'Rank r' }).evaluate(
        async (slider, { ranks, largest }) => {
          const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
          if (!value?.set) throw new Error('there is no rank slider');
          const long: number[] = [];
          const seen = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) long.push(entry.duration);
          });
          seen.observe({ type: 'longtask' });
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
          await new Promise((done) => setTimeout(done, 1000));
          long.length = 0;
          let frames = 0;
          let running = true;
          const tick = () => {
            frames++;
            if (running) requestAnimationFrame(tick);
          };
          requestAnimationFrame(tick);
          const from = performance.now();
          await window.loraExplorer.train(200);
          running = false;
          return { times, longest: Math.max(0, ...long), frames: (1000 * frames) / (performance.now() - from) };
        },
        { ranks: RANKS, largest: most },
      );
      expect(measured.times).toHaveLength(RANKS.length);
      rows.push({
        'back end': backend,
        size,
        'slider to first frame, ms (median)': Math.round(median(measured.times)),
        'longest task while training, ms': Math.round(measured.longest),
        'frames a second': Math.round(measured.frames),
      });
    }
  }
  report('Rank slider to the first frame of the new run, and the page while it trains', rows);
});
