/** A step of each method beside LoRA and of each optimiser, as shares of LoRA's and SGD's multiply-adds a second, in Node. */

import { test } from '@playwright/test';
import { machineOf, QUICK } from './machine.ts';
import { type Contender, ofMethods, ofOptimisers, type Share, sharesOf } from './methods/shares.ts';
import { report, say } from './report.ts';
import { median, quartilesText, spread } from './statistics.ts';
import { reached } from './steppers/goal.ts';

const SIZES: readonly (readonly [d: number, rank: number])[] = QUICK
  ? [[64, 8]]
  : [
      [64, 8],
      [256, 8],
      [1024, 16],
    ];
const [ROUNDS, BUDGET] = QUICK ? [3, 40] : [11, 120];
const WANTED = 0.5;
/** Their steps take the inverse of a matrix for each block, or turn a whole factor: measured, without a goal. */
const FREE: readonly string[] = ['oft', 'Muon', 'Muon (exact step)'];

const rowOf = (of: string, d: number, rank: number, { name, ms, shares }: Share) => ({
  [of]: name,
  'd = k, r': `${d}, ${rank}`,
  'µs a step': quartilesText(spread(ms.map((one) => 1000 * one))),
  share: quartilesText(spread(shares)),
  'at least': FREE.includes(name) ? '–' : WANTED,
  reached: reached(FREE.includes(name) ? undefined : median(shares) >= WANTED),
});

async function rowsOf(of: string, list: (d: number, rank: number) => readonly Contender[], sizes: typeof SIZES) {
  const rows = [];
  for (const [d, rank] of sizes) {
    say(`${of}, d = k = ${d}, r = ${rank}`);
    const [, ...others] = await sharesOf(list(d, rank), ROUNDS, BUDGET);
    rows.push(...others.map((one) => rowOf(of, d, rank, one)));
  }
  return rows;
}

test('time a step of a method and of an optimiser', async ({ page }) => {
  await page.goto('./');
  const machine = await machineOf(page);
  const how = `in packs of 24 steps from the start on, with fused multiply-add; medians (quartiles) of ${ROUNDS} rounds in turns, shares within a round`;
  report('methods', 'Multiply-adds a second, as a share of LoRA’s', machine, await rowsOf('method', ofMethods, SIZES), [
    `Adam, in Node, µs of the processor, ${how}. Counted: 3dkr for LoRA, 3dkr + 6dk dora, 2dkb + 5db² oft, 3dk lokr, 3dkr + 2dk hira, dk shira, 2dk ia3, 2dkr lora-xs.`,
  ]);
  const both: typeof SIZES = QUICK
    ? SIZES
    : [
        [64, 4],
        [64, 8],
        [256, 8],
      ];
  report('optimisers', 'Steps a second, as a share of SGD’s', machine, await rowsOf('optimiser', ofOptimisers, both), [
    `LoRA, in Node, µs of the processor, ${how}. The 3dkr multiply-adds of a step are counted, not its update; ScaledGD measures the gradients twice a step.`,
  ]);
});
