/** What the pool gains: a sweep on the page against the same runs one after the other in one worker. */

import { expect, test } from '@playwright/test';
import { parseLink } from '../src/experiment/link/link.ts';
import { cellsOf, readSweep } from '../src/experiment/plan/sweep.ts';
import { machineOf, QUICK } from './machine.ts';
import { beginQuietRuns } from './page/quiet.ts';
import { watchSweep } from './page/sweep.ts';
import { report, say } from './report.ts';
import { median } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const ROUNDS = QUICK ? 1 : 5;
/** Wanted on two processors, and at most so many ms for a task of the page's thread. */
const LEAST_RATIO = 1.7;
const MOST_MS = 50;

/** 6 ranks × 5 seeds at 64², 300 steps. Other seeds each round: what is kept of a sweep would not be run again. */
const linkOf = (round: number) => `#v=1&steps=300&seed=${1000 * round + 1}&sweep=rank:1,2,4,8,16,32&repeat=5`;

test('a sweep of 6 ranks × 5 seeds on the pool', async ({ page }) => {
  const times = { pool: [] as number[], alone: [] as number[], longest: [] as number[] };
  const fresh = async (round: number) => {
    await page.goto('about:blank');
    await page.goto(`./${linkOf(round)}`);
    await page.evaluate(() => window.loraExplorer.ready);
  };
  const onPool = async (round: number) => {
    await fresh(round);
    const { ms, longest, losses } = await watchSweep(page);
    times.pool.push(ms);
    times.longest.push(longest);
    return losses;
  };
  const inOne = async (round: number) => {
    await fresh(round);
    const { experiment, view } = parseLink(linkOf(round));
    const cells = cellsOf({ axes: readSweep(view.sweep, experiment).axes, repeat: view.repeat }, experiment);
    const from = performance.now();
    const runs = await beginQuietRuns(
      page,
      cells.flatMap((cell) => cell.experiment ?? []),
      1,
    );
    const ended = await runs.ended();
    times.alone.push(performance.now() - from);
    return ended.map(({ loss }) => loss);
  };
  for (let round = 1; round <= ROUNDS; round++) {
    say(`round ${round} of ${ROUNDS}`);
    // In turn, each first every other time.
    const [losses, others] =
      round % 2 === 0
        ? [await onPool(round), await inOne(round)]
        : (([a, b]) => [b, a] as const)([await inOne(round), await onPool(round)] as const);
    expect(losses).toHaveLength(30);
    expect(losses).toEqual(others);
  }
  const machine = await machineOf(page);
  const ratio = median(times.alone.map((ms, i) => ms / times.pool[i]));
  const longest = Math.max(...times.longest);
  const wanted = machine.cores >= 2;
  report('sweep', 'A sweep of 6 ranks × 5 seeds, 64 × 64, 300 steps', machine, [
    {
      'on the pool, ms': median(times.pool).toFixed(0),
      'one after the other in one worker, ms': median(times.alone).toFixed(0),
      'times as fast': ratio.toFixed(2),
      'at least': wanted ? LEAST_RATIO : '–',
      'longest task of the page in ms': longest === 0 ? `under ${MOST_MS}` : longest.toFixed(0),
      'at most': MOST_MS,
      reached: reached((!wanted || ratio >= LEAST_RATIO) && longest <= MOST_MS),
    },
  ]);
});
