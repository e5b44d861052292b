/** A step of a network in a browser: the engine's builds, TensorFlow.js on WebAssembly and on WebGPU. */

import { test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import type { Experiment } from '../src/experiment/settings/params.ts';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { quartilesText, spread } from './statistics.ts';
import { asked, askedCells } from './steppers/asked.ts';
import { playersOf } from './steppers/players.ts';
import { opened, timed } from './steppers/rounds.ts';
import type { Row } from './table.mjs';

const CASES: readonly (readonly [name: string, changes: Partial<Experiment>])[] = [
  ['classifier, LoRA, r = 4', { target: 'classifier', rank: 4 }],
  ['digits, LoRA, r = 4', { target: 'digits', rank: 4 }],
  ['digits, full fine-tuning', { target: 'digits', method: 'full' }],
  ['decoder, LoRA, r = 8', { target: 'transformer', rank: 8 }],
  ['decoder, full fine-tuning', { target: 'transformer', method: 'full' }],
];
const PLAN = QUICK ? { rounds: 3, budget: 150 } : { rounds: 7, budget: 400 };
const ON_DEVICE = 'tfjs WebGPU';
/** Steps of the smaller pack that is counted. */
const COUNTED = 2;

test('time and count a step of a network in a browser', async ({ page }) => {
  test.setTimeout(1_800_000);
  say('bundling the steppers');
  await openWorkbench(page, 'bench/networks/engine-page.ts');
  const players = await playersOf<Partial<Experiment>>(page);
  const rows: Row[] = [];
  const calls: Row[] = [];
  for (const [network, changes] of CASES) {
    const times = await opened(players, changes, async () => {
      const all = await timed(players, network, PLAN);
      for (const player of players.filter(({ name }) => name === ON_DEVICE)) {
        say(`${network}: ${player.name} is counted`);
        calls.push({ network, ...askedCells(await asked(player, COUNTED, QUICK ? 300 : 1500)) });
      }
      return all;
    });
    rows.push({ network, ...Object.fromEntries(times.map(({ name, all }) => [name, quartilesText(spread(all))])) });
  }
  const machine = await machineOf(page);
  report('networks-on-page', 'A step of a network in a browser, ms: median (quartiles)', machine, rows, [
    'Adam: digits and points in batches of 64, the decoder in batches of 32 sequences. All keep the loss and all norms of every step.',
  ]);
  report('network-asked', 'What a step of a network asks of the graphics device', machine, calls, [
    'A pack is one call of several steps. JavaScript: until the call gives the thread back, in packs of two steps.',
  ]);
});
