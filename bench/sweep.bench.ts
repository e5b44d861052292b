/** The gain of the pool: a sweep on the page against the same one with a single worker. */

import { expect, test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { type Timed, timeInLab, timeSweeps } from './page/sweep.ts';
import { report, say } from './report.ts';
import { median } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const ROUNDS = QUICK ? 1 : 5;
/** The goal with two or more processors, and the longest task allowed on the page's thread, ms. */
const LEAST_RATIO = 1.7;
const MOST_MS = 50;
/** Sweeps per page: the first one, which starts the workers, and those that follow. */
const SWEEPS = QUICK ? 2 : 7;

/** 6 ranks × 5 seeds at 64², 300 steps; other seeds each time, because a kept sweep would not run again. */
const linkOf = (time: number) => `#v=1&steps=300&seed=${10 * time + 1}&sweep=rank:1,2,4,8,16,32&repeat=5`;
const RUNS = 30;

test('a sweep of 6 ranks × 5 seeds on the pool', async ({ page, browser }) => {
  const rounds: { readonly pool: Timed; readonly alone: Timed; readonly lab: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    const links = Array.from({ length: SWEEPS }, (_, i) => linkOf(SWEEPS * round + i));
    const timed = { pool: null as Timed | null, alone: null as Timed | null };
    let lab = Number.NaN;
    // In alternating order, each on a page that has kept nothing.
    for (const way of round % 2 === 0 ? (['pool', 'alone'] as const) : (['alone', 'pool'] as const)) {
      const context = await browser.newContext();
      const fresh = await context.newPage();
      await fresh.goto('./#v=1');
      await fresh.evaluate(() => window.loraExplorer.ready);
      const swept = await timeSweeps(fresh, links, way === 'alone');
      timed[way] = swept;
      if (way === 'pool') {
        const { ms, losses } = await timeInLab(fresh, swept.links);
        expect(losses).toEqual(swept.losses.slice(-RUNS));
        lab = ms;
      }
      await context.close();
    }
    const { pool, alone } = timed;
    if (!pool || !alone) throw new Error('not timed');
    expect(pool.losses).toHaveLength(RUNS * SWEEPS);
    expect(pool.losses).toEqual(alone.losses);
    rounds.push({ pool, alone, lab });
  }
  await page.goto('./#v=1');
  const machine = await machineOf(page);
  const longest = Math.max(...rounds.map(({ pool }) => pool.longest));
  const row = (sweep: string, least: number | null, from: number, to: number) => {
    const timed = rounds.flatMap(({ pool, alone }) =>
      pool.ms.slice(from, to).map((ms, i) => ({ pool: ms, alone: alone.ms[from + i] })),
    );
    const ratio = median(timed.map(({ pool, alone }) => alone / pool));
    return {
      sweep,
      'on the pool, ms': median(timed.map(({ pool }) => pool)).toFixed(0),
      'one run after the other, ms': median(timed.map(({ alone }) => alone)).toFixed(0),
      'times as fast': ratio.toFixed(2),
      'at least': least ?? '–',
      'longest task of the page in ms': longest === 0 ? `under ${MOST_MS}` : longest.toFixed(0),
      'at most': MOST_MS,
      reached: reached((least === null || ratio >= least) && longest <= MOST_MS),
    };
  };
  const rows = [
    row('a page’s first', null, 0, 1),
    row('later ones, whose workers are there', machine.cores >= 2 ? LEAST_RATIO : null, 1, SWEEPS),
  ];
  const inLab = rounds.map(({ pool, lab }) => ({ pool: pool.ms[pool.ms.length - 1] ?? Number.NaN, lab }));
  const ratio = median(inLab.map(({ pool, lab }) => lab / pool));
  rows.push({
    ...row('', null, 1, SWEEPS),
    sweep: 'later ones, against the same runs in the Lab, one after the other',
    'on the pool, ms': median(inLab.map(({ pool }) => pool)).toFixed(0),
    'one run after the other, ms': median(inLab.map(({ lab }) => lab)).toFixed(0),
    'times as fast': ratio.toFixed(2),
    'at least': machine.cores >= 2 ? LEAST_RATIO : '–',
    reached: reached(machine.cores < 2 || ratio >= LEAST_RATIO),
  });
  const notes = [
    'From the call of `loraExplorer.sweep()` until its file is there, with all that the page does for it. One run after the other: the same on a page that is told of one processor, so that its pool has one worker; the losses are the same, bit for bit. In the Lab: each of the 30 links is opened and trained with `loraExplorer.open()` and `train()`.',
    'For its first sweep a page starts the workers. Each of them compiles the script and warms up by itself, on all processors: what several workers save in runs they spend on that, and no ratio is wanted.',
  ];
  report('sweep', `A sweep of 6 ranks × 5 seeds (${RUNS} runs), 64 × 64, 300 steps`, machine, rows, notes, rounds);
});
