/** Whether the page keeps drawing while it trains, and how often. */

import { test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { watchTraining } from './page/training.ts';
import { report, say } from './report.ts';
import { digits, quantile } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const MS = QUICK ? 2500 : 5000;
const SIZES = QUICK ? [256] : [256, 1024];
const BACK_ENDS = ['', 'wasm', 'cpu', 'webgpu'];
/** Least frames a second at 256 × 256, and longest task in ms at 1024 × 1024. */
const LEAST_FRAMES = 20;
const LONGEST_TASK = 50;

test('the page while it trains', async ({ page }) => {
  const rows = [];
  for (const size of SIZES) {
    for (const backend of BACK_ENDS) {
      say(`${size} × ${size}, r = 16 trains for ${MS / 1000} s on ${backend || 'what the engine picks'}`);
      await page.goto('about:blank');
      const choice = backend ? `?backend=${backend}` : '';
      await page.goto(`./${choice}#v=1&target=decay&d=${size}&k=${size}&rank=16&lr=0.0005&steps=100000`);
      await page.evaluate(() => window.loraExplorer.ready);
      const run = await watchTraining(page, { ms: MS });
      const frames = (1000 * run.drawn) / run.ms;
      rows.push({
        size: `${size} × ${size}`,
        'back end': backend || `picked: ${run.backend}`,
        'ms per step': digits(run.ms / run.steps),
        'new steps shown a second': digits(frames),
        'at least': size === 256 ? LEAST_FRAMES : '–',
        'ms between frames: median': digits(quantile(run.intervals, 0.5)),
        '95 of 100': digits(quantile(run.intervals, 0.95)),
        'longest task, ms': run.longest === 0 ? 'under 50' : digits(run.longest),
        'at most': size === 1024 ? LONGEST_TASK : '–',
        run: `${run.status} after ${run.steps} steps`,
        'every step kept': run.complete ? 'yes' : 'no',
        reached: reached(
          (size !== 256 || frames >= LEAST_FRAMES) && (size !== 1024 || run.longest <= LONGEST_TASK) && run.complete,
        ),
      });
    }
  }
  const machine = await machineOf(page);
  report('training', 'The page while it trains, r = 16', machine, rows, [
    'Milliseconds per step are those of train() as a whole: spectra, frames and the run file included.',
  ]);
});
