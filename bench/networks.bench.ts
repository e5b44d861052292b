/** A step of a network: the engine's builds, plain loops, and automatic differentiation by TensorFlow.js, in Node. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { startWasmBackend, typescriptBackend } from '../src/engine/backends/own-backends.ts';
import type { StepperStart } from '../src/engine/steppers/stepper.ts';
import { TfjsStepper } from '../src/engine/steppers/tfjs/tfjs.ts';
import { networkStart } from '../src/engine/testing/network-start.ts';
import { machineOf, QUICK } from './machine.ts';
import { autodiff } from './networks/autodiff.ts';
import { report, say } from './report.ts';
import { digits, median, quartilesText, shuffled, spread } from './statistics.ts';
import { reached } from './steppers/goal.ts';
import { ONE_THREAD, PYTHON } from './steppers/pytorch.ts';

const ROUNDS = QUICK ? 3 : 9;
const CASES = [
  ['classifier, LoRA, r = 4', { target: 'classifier', rank: 4 }],
  ['digits, LoRA, r = 4', { target: 'digits', rank: 4 }],
  ['digits, LoRA, r = 16', { target: 'digits', rank: 16 }],
  ['digits, full fine-tuning', { target: 'digits', method: 'full' }],
  ['decoder, LoRA, r = 8', { target: 'transformer', rank: 8 }],
  ['decoder, full fine-tuning', { target: 'transformer', method: 'full' }],
] as const;
/** A step of the decoder takes as long as so many of the digits. */
const LONGER = 20;
const OURS = 'wasm';
const BOUNDED = 'digits, LoRA, r = 4';
/** ms a step of LoRA, r = 4. */
const WANTED = 0.1;

interface Player {
  readonly name: string;
  /** Of one round. */
  readonly steps: number;
  readonly open: (start: StepperStart) => Promise<(steps: number) => Promise<unknown>>;
}

const own = (name: string, steps: number, backend: ReturnType<typeof startWasmBackend>): Player => ({
  ...{ name, steps },
  open: async (start) => {
    if ('missing' in backend) throw new Error(backend.missing);
    const stepper = await backend.open(start);
    return (n) => stepper.steps(n);
  },
});

/** As a person who picks TensorFlow.js has it. */
async function engineOnTfjs(start: StepperStart) {
  await setBackend('wasm');
  const stepper = new TfjsStepper(start, { transposeFirst: true, treeSums: false });
  return async (steps: number) => {
    await setBackend('wasm');
    return stepper.steps(steps);
  };
}

const PLAYERS: readonly Player[] = [
  own(OURS, 300, startWasmBackend('relaxed')),
  own('wasm plain', 300, startWasmBackend('plain')),
  own('TypeScript', 20, typescriptBackend),
  { name: 'tfjs wasm', steps: 20, open: engineOnTfjs },
  { name: 'tfjs wasm, autodiff', steps: 20, open: autodiff },
];

const ON_TORCH: Readonly<Record<string, 'digits' | 'decoder'>> = {
  'digits, LoRA, r = 4': 'digits',
  'decoder, LoRA, r = 8': 'decoder',
};

/** Of PyTorch on one thread: its version and ms a step; null if there is no torch. */
function stepsOfPyTorch(): { readonly version: string; readonly digits: number; readonly decoder: number } | null {
  const script = fileURLToPath(new URL('networks/pytorch.py', import.meta.url));
  try {
    return JSON.parse(
      execFileSync(PYTHON, [script], { env: ONE_THREAD, stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
    );
  } catch {
    return null;
  }
}

test('time a step of a network', async ({ page }) => {
  const torch = stepsOfPyTorch();
  await page.goto('./');
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  env().set('IS_NODE', false);
  setWasmPaths(fileURLToPath(new URL('../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url)));
  const rows = [];
  const ratios = [];
  const onTorch: string[] = [];
  for (const [words, changes] of CASES) {
    say(words);
    const start = await networkStart(changes);
    const stepsOf = (steps: number) => (changes.target === 'transformer' ? Math.ceil(steps / LONGER) : steps);
    const times = new Map(PLAYERS.map(({ name }) => [name, [] as number[]]));
    const steppers: Awaited<ReturnType<Player['open']>>[] = [];
    // One after another: two that start TensorFlow.js at once would meet.
    for (const { open } of PLAYERS) steppers.push(await open(start));
    for (const [i, { steps }] of PLAYERS.entries()) await steppers[i](stepsOf(steps));
    for (let round = 0; round < ROUNDS; round++)
      for (const i of shuffled([...PLAYERS.keys()], round)) {
        const { name } = PLAYERS[i];
        const steps = stepsOf(PLAYERS[i].steps);
        const from = process.cpuUsage();
        await steppers[i](steps);
        const { user, system } = process.cpuUsage(from);
        times.get(name)?.push((user + system) / 1000 / steps);
      }
    const of = (name: string) => times.get(name) ?? [];
    const known = torch && ON_TORCH[words] ? torch[ON_TORCH[words]] : null;
    if (known !== null) onTorch.push(`${words}: ${digits(known)} ms, ${digits(known / median(of(OURS)))} times ours`);
    rows.push({
      network: words,
      ...Object.fromEntries(PLAYERS.map(({ name }) => [name, quartilesText(spread(of(name)))])),
    });
    ratios.push({
      network: words,
      ...Object.fromEntries(
        PLAYERS.filter(({ name }) => name !== OURS).map(({ name }) => [
          name,
          digits(median(of(name)) / median(of(OURS))),
        ]),
      ),
      [`${OURS}, ms`]: digits(median(of(OURS))),
      ...(words === BOUNDED
        ? { 'at most': WANTED, reached: reached(median(of(OURS)) <= WANTED) }
        : { 'at most': '–', reached: '–' }),
    });
  }
  const machine = await machineOf(page);
  report('networks', 'A step of a network, milliseconds of the processor: median (quartiles)', machine, rows, [
    'Adam, in Node: points and digits in batches of 64, one matrix and three; the decoder in batches of 32 sequences, twelve matrices. The steppers keep the loss and all norms of every step. tfjs wasm: the engine’s stepper by TensorFlow.js; autodiff: as anybody would write it, with the loss alone.',
  ]);
  report('network-ratios', `How many times as long as ${OURS}: ratios of medians`, machine, ratios, [
    torch
      ? `PyTorch ${torch.version} on one thread, autograd with the loss and all norms: ${onTorch.join('; ')}.`
      : 'PyTorch on one thread is not measured here: recorded on another machine, 300 steps of digits in 0.25 to 0.4 s, 0.8 to 1.3 ms each.',
  ]);
});
