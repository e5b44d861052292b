/** Both builds of the WebAssembly stepper over sizes and ranks: the gain of blocking for registers and caches. */

import { test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import { machineOf, QUICK } from './machine.ts';
import { report } from './report.ts';
import { digits, median } from './statistics.ts';
import { playersOf } from './steppers/players.ts';
import type { Measured } from './steppers/ratios.ts';
import { opened, timed } from './steppers/rounds.ts';
import type { Row } from './table.mjs';

const SHAPES: readonly (readonly [d: number, k: number])[] = QUICK
  ? [
      [64, 64],
      [256, 256],
      [1024, 64],
    ]
  : [
      ...[64, 128, 256, 512, 1024, 2048, 4096].map((d) => [d, d] as const),
      [1024, 64],
      [64, 1024],
      [4096, 256],
      [256, 4096],
    ];
const RANKS = QUICK ? [4, 16] : [1, 4, 8, 16, 64, 256];
/** Few and short: about sixty cases have to fit into three minutes. */
const PLAN = QUICK ? { rounds: 3, budget: 30 } : { rounds: 3, budget: 60 };
/** Floating-point operations per step above which a round is one step, and rounds are fewer. */
const LARGE = 4e9;
/** Keeps both builds near their start, because a step's path depends on what is left to learn. */
const LR = 1e-5;
const [FAST, SLOW] = ['wasm', 'wasm plain'];

/** Three products of d·k·r multiply-adds: s·B·A and both gradients. */
const flops = (d: number, k: number, rank: number) => 6 * d * k * rank;

test('shapes', async ({ page }) => {
  await openWorkbench(page, 'bench/steppers/engine-page.ts');
  const players = (await playersOf(page)).filter(({ name }) => name === FAST || name === SLOW);
  const measured: Measured[] = [];
  const rows: Row[] = [];
  for (const [d, k] of SHAPES) {
    const cells: Record<string, string> = {};
    for (const rank of RANKS) {
      if (rank > Math.min(d, k)) continue;
      const size = { d, k, rank, lr: LR };
      const plan = flops(d, k, rank) < LARGE ? PLAN : { ...PLAN, rounds: 2, budget: 0 };
      const times = await opened(players, size, () => timed(players, `shapes, ${d} × ${k}, r = ${rank}`, plan));
      measured.push({ size, times });
      const [fast, slow] = [FAST, SLOW].map((name) => median(times.find((one) => one.name === name)?.all ?? []));
      cells[`r = ${rank}`] = `${digits(flops(d, k, rank) / fast / 1e6)}, ${digits(slow / fast)}×`;
    }
    rows.push({
      'd × k': `${d} × ${k}`,
      ...Object.fromEntries(RANKS.map((r) => [`r = ${r}`, cells[`r = ${r}`] ?? '–'])),
    });
  }
  report(
    'shapes',
    'The WebAssembly stepper by size and rank: GFLOP/s, and how many times as fast as its plain build',
    await machineOf(page),
    rows,
    [
      `6·d·k·r operations a step are counted, those of s·B·A and both gradients, though the stepper needs fewer while much is left to learn. Updates, loss and norms are not, which weigh most at small ranks. Learning rate ${LR}, so that all steps are made in the same way.`,
    ],
    measured,
  );
});
