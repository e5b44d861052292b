/** Training steps side by side: time per step, calls to the device, and accuracy of the loss. */

import { type Page, test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import { type Machine, machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { accuracyRows } from './steppers/accuracy.ts';
import { type Asked, asked, askedRow, PACK, TFJS_PACK } from './steppers/asked.ts';
import { askedGoals } from './steppers/asked-goals.ts';
import { type PagePlayer, playersOf } from './steppers/players.ts';
import { fusedGoal, GOALS, type Measured, ratioRows } from './steppers/ratios.ts';
import { opened, type Plan, timed } from './steppers/rounds.ts';
import { timeRows } from './steppers/rows.ts';
import { SETTINGS, type Size, sizeWords } from './steppers/start.ts';

/** At 4096 TensorFlow.js takes ten seconds or more a step. */
interface Case extends Size, Plan {}

const CASES: readonly Case[] = QUICK
  ? [
      { d: 64, rank: 8, rounds: 3, budget: 120, least: 4 },
      { d: 256, rank: 8, rounds: 3, budget: 120, least: 4 },
    ]
  : [
      { d: 64, rank: 8, rounds: 7, budget: 250, least: 4 },
      { d: 256, rank: 8, rounds: 7, budget: 250, least: 4 },
      { d: 512, rank: 16, rounds: 5, budget: 400, least: 4 },
      { d: 1024, rank: 16, rounds: 5, budget: 400, least: 2 },
      { d: 4096, rank: 16, rounds: 3, budget: 400, once: ['tfjs autodiff', 'lean tfjs'] },
    ];
const COUNTED = [
  { d: 64, rank: 8, pack: 32 },
  { d: 512, rank: 16, pack: 8 },
];

test.describe.configure({ mode: 'default' });
let pages: Page[];
let players: PagePlayer[];
let machine: Machine;

test.beforeAll(async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL });
  pages = [await context.newPage(), await context.newPage()];
  say('bundling the steppers');
  await openWorkbench(pages[0], 'bench/steppers/autodiff-page.ts');
  await openWorkbench(pages[1], 'bench/steppers/engine-page.ts');
  players = (await Promise.all(pages.map(playersOf))).flat();
  machine = await machineOf(pages[0]);
});

test.afterAll(() => pages[0].context().close());

test('time a step', async () => {
  const measured: Measured[] = [];
  for (const size of CASES) {
    const what = `d = k = ${size.d}, r = ${size.rank}`;
    measured.push({ size, times: await opened(players, size, () => timed(players, what, size)) });
  }
  const steps = measured.map(
    ({ size, times }) => `${sizeWords(size)}: ${times.map((one) => `${one.name} ${one.steps}`).join(', ')}`,
  );
  report(
    'steppers',
    'Milliseconds per step: median (quartiles)',
    machine,
    timeRows(measured),
    [`Adam, rounds of all contestants in shuffled order. Steps per round at ${steps.join('; at ')}.`],
    measured,
  );
  report(
    'ratios',
    'How many times faster: ratios of medians',
    machine,
    ratioRows(measured, [...GOALS, fusedGoal(machine)]),
  );
});

test('what a step asks for', async () => {
  const all: { size: Size; asked: Asked }[] = [];
  const gpu = players.filter(({ name }) => name !== 'TypeScript' && !name.startsWith('wasm'));
  for (const size of QUICK ? COUNTED.slice(0, 1) : COUNTED) {
    await opened(gpu, size, async () => {
      for (const player of gpu) {
        say(`d = k = ${size.d}, r = ${size.rank}: ${player.name} is counted`);
        all.push({ size, asked: await asked(player, size.pack, QUICK ? 300 : 1500) });
      }
    });
  }
  const rows = all.map((one) => askedRow(one.size, one.asked));
  report('asked', 'What a step asks of the device and of the page’s thread', machine, rows, [
    `A pack is one call of several steps; JavaScript in packs of ${PACK} (TensorFlow.js: ${TFJS_PACK}, or it would wait for the browser’s command queue), until the call gives the thread back.`,
  ]);
  report('asked-goals', 'What is wanted of the fused steppers', machine, askedGoals(all));
});

test('how exact the loss is', async () => {
  const sizes = QUICK
    ? [{ d: 64, rank: 8 }]
    : [
        { d: 64, rank: 8 },
        { d: 256, rank: 8 },
      ];
  report('accuracy', 'Relative error of the loss after 200 steps', machine, await accuracyRows(players, sizes), [
    `Against the same loop in float64. Adam, learning rate ${SETTINGS.lr}, s = ${SETTINGS.scaling}.`,
  ]);
});
