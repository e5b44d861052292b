/** What the pool gains: a sweep on the page against the same runs one after the other in one worker. */

import { expect, test } from '@playwright/test';
import { parseLink } from '../src/experiment/link/link.ts';
import { cellsOf, readSweep } from '../src/experiment/plan/sweep.ts';
import type { Experiment } from '../src/experiment/settings/params.ts';
import { machineOf, QUICK } from './machine.ts';
import { type Timed, timeOneWorker, timePool } from './page/sweep.ts';
import { report, say } from './report.ts';
import { median } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const ROUNDS = QUICK ? 1 : 7;
/** Wanted where there are two processors or more, and at most so many ms for a task of the page's thread. */
const LEAST_RATIO = 1.7;
const MOST_MS = 50;
const TIMES = ['the first of a page', 'workers are there'];

/** 6 ranks × 5 seeds at 64², 300 steps. Other seeds each time: what is kept of a sweep would not be run again. */
const linkOf = (time: number) => `#v=1&steps=300&seed=${10 * time + 1}&sweep=rank:1,2,4,8,16,32&repeat=5`;

/** The runs that a link asks for. */
function runsOf(link: string): readonly Experiment[] {
  const { experiment, view } = parseLink(link);
  const { axes } = readSweep(view.sweep, experiment);
  return cellsOf({ axes, repeat: view.repeat }, experiment).flatMap((cell) => cell.experiment ?? []);
}

test('a sweep of 6 ranks × 5 seeds on the pool', async ({ page }) => {
  const rounds: { pool: Timed; alone: Timed }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    const links = TIMES.map((_, i) => linkOf(TIMES.length * round + i));
    const fresh = async () => {
      await page.goto('about:blank');
      await page.goto('./#v=1');
      await page.evaluate(() => window.loraExplorer.ready);
    };
    const timed: { pool?: Timed; alone?: Timed } = {};
    // In turn, each first every other time.
    for (const way of round % 2 === 0 ? (['pool', 'alone'] as const) : (['alone', 'pool'] as const)) {
      await fresh();
      timed[way] = way === 'pool' ? await timePool(page, links) : await timeOneWorker(page, links.map(runsOf));
    }
    const { pool, alone } = timed;
    if (!pool || !alone) throw new Error('not timed');
    expect(pool.losses).toHaveLength(60);
    expect(pool.losses).toEqual(alone.losses);
    rounds.push({ pool, alone });
  }
  const machine = await machineOf(page);
  const wanted = machine.cores >= 2;
  const longest = Math.max(...rounds.map(({ pool }) => pool.longest));
  const rows = TIMES.map((time, i) => {
    const ratio = median(rounds.map(({ pool, alone }) => alone.ms[i] / pool.ms[i]));
    return {
      sweep: time,
      'on the pool, ms': median(rounds.map(({ pool }) => pool.ms[i])).toFixed(0),
      'one after the other in one worker, ms': median(rounds.map(({ alone }) => alone.ms[i])).toFixed(0),
      'times as fast': ratio.toFixed(2),
      'at least': wanted ? LEAST_RATIO : '–',
      'longest task of the page in ms': longest === 0 ? `under ${MOST_MS}` : longest.toFixed(0),
      'at most': MOST_MS,
      reached: reached((!wanted || ratio >= LEAST_RATIO) && longest <= MOST_MS),
    };
  });
  report('sweep', 'A sweep of 6 ranks × 5 seeds, 64 × 64, 300 steps', machine, rows, [
    'Both begin without a worker the first time; the second time with those of the first.',
  ]);
});
