/** How a step's time grows with the work, d·k·r. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import { type Curve, growthPlot, slopeOf } from './growth/plot.ts';
import { machineOf, QUICK } from './machine.ts';
import { report } from './report.ts';
import { median } from './statistics.ts';
import { reached } from './steppers/goal.ts';
import { playersOf } from './steppers/players.ts';
import type { Measured } from './steppers/ratios.ts';
import { opened, timed } from './steppers/rounds.ts';
import { timeRows } from './steppers/rows.ts';

const SIZES = [
  { d: 64, rank: 8 },
  { d: 128, rank: 8 },
  { d: 256, rank: 8 },
  { d: 512, rank: 8 },
  { d: 512, rank: 16 },
  { d: 1024, rank: 16 },
  { d: 2048, rank: 16 },
];
const PLAN = QUICK ? { rounds: 3, budget: 80 } : { rounds: 5, budget: 250 };
const MOST_SLOPE = 1.1;
const PLOT = fileURLToPath(new URL('../docs/performance-growth.svg', import.meta.url));

test('growth', async ({ page }) => {
  await openWorkbench(page, 'bench/steppers/engine-page.ts');
  const players = (await playersOf(page)).filter(({ name }) => name !== 'lean tfjs' && name !== 'wasm plain');
  const measured: Measured[] = [];
  for (const size of QUICK ? SIZES.slice(0, 4) : SIZES) {
    const what = `growth, d = k = ${size.d}, r = ${size.rank}`;
    measured.push({ size, times: await opened(players, size, () => timed(players, what, PLAN)) });
  }
  const work = measured.map(({ size: { d, rank } }) => d * d * rank);
  const curves: Curve[] = players.map(({ name }, i) => ({
    name,
    work,
    ms: measured.map(({ times }) => median(times[i].all)),
  }));
  const machine = await machineOf(page);
  report(
    'growth-times',
    'Milliseconds per step as it grows: median (quartiles)',
    machine,
    timeRows(measured),
    [],
    curves,
  );
  const slopes = curves.map((curve) => ({
    contestant: curve.name,
    'slope of log(time) over log(d·k·r)': slopeOf(curve).toFixed(2),
    'at most': MOST_SLOPE,
    reached: reached(slopeOf(curve) <= MOST_SLOPE),
  }));
  report('growth', 'How a step’s time grows with d·k·r', machine, slopes);
  if (process.env.BENCH_DOCS === '1') writeFileSync(PLOT, growthPlot(curves));
});
