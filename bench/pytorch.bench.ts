/** The engine against PyTorch on one thread: the stepper alone, and train() on the page as a whole. */

import { test } from '@playwright/test';
import { openWorkbench } from '../e2e/workbench/workbench.ts';
import { machineOf, QUICK } from './machine.ts';
import { report, say } from './report.ts';
import { explorer } from './steppers/explorer.ts';
import { playersOf } from './steppers/players.ts';
import { startPyTorch } from './steppers/pytorch.ts';
import { fusedGoal, type Measured, ratioRows } from './steppers/ratios.ts';
import { opened, timed } from './steppers/rounds.ts';
import { timeRows } from './steppers/rows.ts';

const SIZES = [
  { d: 64, rank: 8 },
  { d: 256, rank: 8 },
  { d: 512, rank: 16 },
  { d: 1024, rank: 16 },
  { d: 4096, rank: 16 },
];
const PLAN = QUICK ? { rounds: 3, budget: 100 } : { rounds: 7, budget: 250 };
/** The page's default; fewer for a large layer, where a round would take half a minute. */
const STEPS = 300;
const STEPS_WHEN_LARGE = 40;
const LARGE = 2048;
const ABSENT =
  'PyTorch: not present. It is measured where python3 has torch (Debian: `apt-get install python3-torch libopenblas0-pthread`, ' +
  'elsewhere: `pip install torch`); PYTHON names another interpreter.';
const KINDS =
  'By formulas: gradients and Adam as they are written down, with the loss and both gradient norms of every step. In place: ' +
  'no new matrix in a step, the loss alone. Autograd: backward() and torch.optim.Adam. The steppers keep the loss, both ' +
  'gradient norms and both update norms of every step.';
const PAGE = 'train() on the page';
const GOALS = [
  { name: PAGE, than: 'PyTorch autograd', least: 2 },
  { name: PAGE, than: 'PyTorch in place', least: { 256: 1, 512: 1, 1024: 1, 4096: 1 } },
  // No bound, printed for comparison.
  { name: PAGE, than: 'PyTorch by formulas' },
  ...['PyTorch autograd', 'PyTorch by formulas', 'PyTorch in place'].map((than) => ({ name: 'wasm', than })),
];

test('PyTorch', async ({ page, context }) => {
  const python = await startPyTorch();
  if (!python) say(ABSENT);
  const steppers = await context.newPage();
  await openWorkbench(steppers, 'bench/steppers/engine-page.ts');
  const wasm = (await playersOf(steppers)).filter(({ name }) => name.startsWith('wasm'));
  const measured: Measured[] = [];
  for (const size of QUICK ? SIZES.slice(0, 2) : SIZES) {
    const onPage = explorer(page, 'wasm', size.d < LARGE ? STEPS : STEPS_WHEN_LARGE);
    const players = [...(python?.players ?? []), ...wasm, onPage];
    const what = `d = k = ${size.d}, r = ${size.rank}`;
    measured.push({ size, times: await opened(players, size, () => timed(players, what, PLAN)) });
  }
  const machine = await machineOf(steppers);
  const notes = [
    python ? `${python.words}. ${KINDS}` : ABSENT,
    `train() makes ${STEPS} steps (${STEPS_WHEN_LARGE} from ${LARGE} on) from a fresh start on \`?backend=wasm\`, with frames, spectra and the run file.`,
  ];
  report(
    'pytorch',
    'PyTorch on one thread, milliseconds per step: median (quartiles)',
    machine,
    timeRows(measured),
    notes,
    measured,
  );
  const ratios = ratioRows(measured, [fusedGoal(machine), ...GOALS]);
  report('pytorch-ratios', 'How many times faster than PyTorch: ratios of medians', machine, ratios);
  python?.close();
});
