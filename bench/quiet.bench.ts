/** Whether the page keeps up with its lab while other workers train background runs. */

import { cpus } from 'node:os';
import { expect, test } from '@playwright/test';
import { defaults } from '../src/experiment/settings/experiment.ts';
import type { Experiment } from '../src/experiment/settings/params.ts';
import { machineOf, QUICK } from './machine.ts';
import { beginBackgroundRuns } from './page/quiet.ts';
import { watchTraining } from './page/training.ts';
import { report, say } from './report.ts';
import { median } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const RUNS = 8;
const WATCHED_MS = QUICK ? 3000 : 8000;
/** Longest task allowed on the page's thread, ms. */
const MOST = 50;
/** A rate so low that the run does not end while it is watched. */
const LAB = './#v=1&target=decay&d=256&k=256&rank=16&lr=0.0005&steps=100000';
/** As on a page: one processor for the page, the others for background runs. */
const POOL = Math.max(1, cpus().length - 1);
/** A rate so low that none ends while the page is watched. */
const experiment = (seed: number): Experiment => ({
  ...defaults(),
  ...{ target: 'decay', d: 128, k: 128, rank: 8, lr: 1e-5, steps: QUICK ? 8000 : 20_000, seed },
});

test('eight quiet runs beside a lab that trains', async ({ page }) => {
  const rows = [];
  for (const workers of new Set([0, 1, POOL, RUNS])) {
    say(`the lab trains for ${WATCHED_MS / 1000} s beside ${workers} workers`);
    await page.goto('about:blank');
    await page.goto(LAB);
    await page.evaluate(() => window.loraExplorer.ready);
    const experiments = workers === 0 ? [] : Array.from({ length: RUNS }, (_, i) => experiment(i + 1));
    const runs = await beginBackgroundRuns(page, experiments, workers);
    const lab = await watchTraining(page, { ms: WATCHED_MS });
    expect([lab.complete, lab.status]).toEqual([true, 'paused']);
    const ended = await runs.ended();
    expect(ended).toHaveLength(experiments.length);
    for (const { status, steps } of ended) expect([status, steps]).toEqual(['finished', experiments[0].steps]);
    rows.push({
      'quiet runs': experiments.length,
      workers,
      'the lab’s steps a second': Math.round((1000 * lab.steps) / lab.ms).toLocaleString('en'),
      'ms between two frames of the page (median)': median(lab.intervals).toFixed(1),
      'longest task of the page in ms': lab.longest === 0 ? `under ${MOST}` : lab.longest.toFixed(0),
      'at most': workers <= POOL ? MOST : '–',
      reached: reached(workers <= POOL ? lab.longest <= MOST : undefined),
    });
  }
  report('quiet', 'Eight quiet runs beside a lab that trains', await machineOf(page), rows);
});
