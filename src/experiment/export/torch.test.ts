/** Runs the exported scripts and notebooks where PyTorch is: with TORCH_PYTHON, or the python3 of the path. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own.ts';
import { own } from '../../engine/testing/back-ends.ts';
import { inits } from '../inits/index.ts';
import type { Experiment } from '../settings/params.ts';
import { pythonFile } from './python-files.ts';
import { exportedRun } from './testing/exported.ts';

const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
const python = (...list: string[]) => spawnSync(PYTHON, list, { encoding: 'utf8', maxBuffer: 1e9 });
const hasTorch = python('-c', 'import torch').status === 0;
const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The losses that a script prints, and those of the page. */
async function both(changes: Partial<Experiment>, backends = own) {
  const { run, matrices } = await exportedRun(changes, backends);
  const { name, bytes } = await pythonFile('pytorch', run, matrices, 'script');
  writeFileSync(join(folder, name), bytes);
  if (name.endsWith('.zip')) python('-m', 'zipfile', '-e', join(folder, name), folder);
  const { stdout, stderr } = python(join(folder, 'script.py'));
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const losses = lines.map((line) => Number(line.split(' ')[1]));
  expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(losses.map((_, t) => t));
  return { losses, page: Array.from(run.losses) };
}

const worst = ({ losses, page }: { losses: number[]; page: number[] }) =>
  Math.max(...page.map((loss, t) => (loss === losses[t] ? 0 : Math.abs(losses[t] / loss - 1))));

const cases = inits.all.flatMap(({ name }) =>
  (
    [
      ['sgd', 200],
      ['adam', 60],
    ] as const
  ).map(([opt, steps]) => ({ init: name, opt, steps })),
);

describe.skipIf(!hasTorch)('the script prints the losses of the page within 1e-4', () => {
  it.each(cases)('$init, $opt', async ({ init, opt, steps }) => {
    const samples = inits.byName(init).needs?.includes('inputs');
    const target = samples ? 'regression' : 'low-rank';
    // At the start "svd" the gradient is rounding alone, and Adam makes whole steps of it: those of sums in float64.
    const backends = init === 'svd' && opt === 'adam' ? [typescriptBackend] : own;
    const found = await both({ target, d: 24, k: 20, rank: 4, truerank: 6, samples: 64, init, opt, steps }, backends);
    check(`${init} ${opt}`, found);
  });

  const regression = {
    target: 'regression',
    d: 20,
    k: 16,
    rank: 3,
    samples: 50,
    condition: 8,
    labelnoise: 0.1,
  } as const;
  it.each<[string, Partial<Experiment>]>([
    ['mini-batches, Adam', { ...regression, batch: 8, opt: 'adam', steps: 60 }],
    ['mini-batches, SGD', { ...regression, batch: 8, opt: 'sgd', steps: 200 }],
    ['all samples, momentum, PiSSA', { ...regression, batch: 50, opt: 'momentum', init: 'pissa', steps: 120 }],
    ['mini-batches, AdamW, LoRA-GA', { ...regression, batch: 7, opt: 'adamw', init: 'lora-ga', steps: 60 }],
    ['rsLoRA, LoRA+, momentum', { d: 24, k: 30, scaling: 'rslora', ratio: 4, opt: 'momentum', steps: 200 }],
    ['s = 1, AdamW', { target: 'picture', d: 32, k: 32, scaling: 'none', opt: 'adamw', steps: 60 }],
    ['the owl, OLoRA', { target: 'edit', init: 'olora', opt: 'sgd', steps: 200 }],
    ['one number', { d: 1, k: 1, rank: 1, truerank: 1, opt: 'sgd', steps: 20 }],
    ['matrices in a file beside it', { target: 'rotation', d: 400, k: 400, rank: 4, opt: 'adam', steps: 10 }],
  ])('%s', async (name, changes) => check(name, await both(changes)));
});

function check(name: string, found: { losses: number[]; page: number[] }) {
  expect(found.losses).toHaveLength(found.page.length);
  if (process.env.SHOW_WORST) console.log(`${name}: ${worst(found).toExponential(1)}`);
  expect(worst(found)).toBeLessThan(1e-4);
}
