/** Runs the exported scripts and notebooks if PyTorch is installed: with TORCH_PYTHON, or the python3 of the path. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { TestPage } from '../../engine/testing/page.ts';
import { inits } from '../inits/index.ts';
import { storageOf } from '../inits/testing/storage.ts';
import { methods } from '../methods/index.ts';
import { isPairRule, optimisers } from '../optimisers.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment, Tuning } from '../settings/params.ts';
import type { ExportedRun } from './exported.ts';
import { type ExportedMatrices, type PythonKind, pythonFile } from './python-files.ts';
import { exportedRun } from './testing/exported.ts';

const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
/** A PyTorch without NumPy says so once, and goes on. */
const env = { ...process.env, PYTHONWARNINGS: 'ignore:Failed to initialize NumPy' };
const python = (...list: string[]) => spawnSync(PYTHON, list, { encoding: 'utf8', maxBuffer: 1e9, env });
const hasTorch = python('-c', 'import torch').status === 0;
const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RUN_CELLS = `
import json, os, sys
os.chdir(os.path.dirname(sys.argv[1]))
names = {"__name__": "__main__"}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
`;

async function printed(run: ExportedRun, matrices: ExportedMatrices, kind: PythonKind = 'pytorch') {
  const { name, bytes } = await pythonFile(kind, run, matrices, 'script');
  writeFileSync(join(folder, name), bytes);
  if (name.endsWith('.zip')) python('-m', 'zipfile', '-e', join(folder, name), folder);
  const { stdout, stderr } =
    kind === 'pytorch' ? python(join(folder, 'script.py')) : python('-c', RUN_CELLS, join(folder, 'script.ipynb'));
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter((line) => /^\d+ \S+$/.test(line));
  const losses = lines.map((line) => Number(line.split(' ')[1]));
  expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(losses.map((_, t) => t));
  return { losses, page: Array.from(run.losses) };
}

async function both(changes: Partial<Experiment>, backends = nodeBackends) {
  const { run, matrices } = await exportedRun(changes, backends);
  return printed(run, matrices);
}

/** The largest relative difference, for losses that float32 can still distinguish from 0. */
const worst = ({ losses, page }: { losses: number[]; page: number[] }) =>
  Math.max(...page.map((loss, t) => (loss < 1e-7 * page[0] ? 0 : Math.abs(losses[t] - loss) / (loss || 1))));

const cases = inits.all.flatMap(({ name }) =>
  (
    [
      ['sgd', 200],
      ['adam', 60],
    ] as const
  ).map(([opt, steps]) => ({ init: name, opt, steps })),
);

const regression = {
  target: 'regression',
  d: 20,
  k: 16,
  rank: 3,
  samples: 50,
  condition: 8,
  labelnoise: 0.1,
} as const;

describe.skipIf(!hasTorch)('the script prints the losses of the page within 1e-4', () => {
  it.each(cases)('$init, $opt', async ({ init, opt, steps }) => {
    const samples = inits.byName(init).needs?.includes('inputs');
    const target = samples ? 'regression' : 'low-rank';
    // At the initialisation "svd" the gradient is rounding alone, and Adam makes full steps of it.
    const backends = init === 'svd' && opt === 'adam' ? [typescriptBackend] : nodeBackends;
    const found = await both(
      { target, d: 24, k: 20, rank: 4, truerank: 6, samples: 64, init, opt, steps, ...storageOf(init) },
      backends,
    );
    check(`${init} ${opt}`, found);
  });

  it.each(methods.all.flatMap(({ name }) => (name === 'lora' ? [] : [name])))('%s', async (method) => {
    const size = { target: 'low-rank', d: 24, k: 20, rank: 4, truerank: 6, block: 6, entries: 60, method } as const;
    const other = { norm: 'exact', side: 'in', places: 'random', factor: '4x5' } as const;
    check(`${method} sgd`, await both({ ...size, opt: 'sgd', steps: 60 }));
    check(`${method} adam`, await both({ ...size, ...other, opt: 'adam', steps: 60 }));
  });

  // Newton–Schulz multiplies rounding, and sign() jumps where a gradient passes 0: fewer steps.
  it.each(
    optimisers.all.flatMap(({ name: opt }) =>
      (['lora', 'dora', 'lokr'] as const)
        .filter((method) => method === 'lora' || !isPairRule(opt))
        .map((method) => ({ method, opt })),
    ),
  )('$opt, $method', async ({ method, opt }) => {
    const steps = opt === 'muon' || opt === 'signsgd' ? 20 : 60;
    check(
      `${method} ${opt}`,
      await both({ target: 'low-rank', d: 24, k: 20, rank: 4, truerank: 6, method, opt, steps }),
    );
  });

  it.each<[string, Partial<Experiment>]>([
    ['mini-batches, Adam', { ...regression, batch: 8, opt: 'adam', steps: 60 }],
    ['mini-batches, SGD', { ...regression, batch: 8, opt: 'sgd', steps: 200 }],
    ['epochs whose last batch is smaller', { ...regression, batch: 8, order: 'epochs', opt: 'adam', steps: 60 }],
    ['samples drawn at random', { ...regression, batch: 8, order: 'random', opt: 'sgd', steps: 60 }],
    ['warm-up', { d: 24, k: 30, warmup: 10, opt: 'adamw', steps: 40 }],
    ['a line after a warm-up, LoRA+', { d: 24, k: 30, warmup: 5, schedule: 'linear', ratio: 4, opt: 'sgd', steps: 60 }],
    ['a cosine, samples', { ...regression, batch: 8, schedule: 'cosine', opt: 'momentum', steps: 60 }],
    ['a cosine, B alone, LoRA+', { d: 24, k: 30, train: 'B', schedule: 'cosine', ratio: 4, opt: 'scaled', steps: 40 }],
    [
      'a cosine, clipped, B decays',
      { d: 24, k: 30, warmup: 4, schedule: 'cosine', clip: 0.3, decayb: 0.5, ratio: 2, opt: 'adam', steps: 40 },
    ],
    ['a cosine, DoRA', { d: 24, k: 30, method: 'dora', warmup: 3, schedule: 'cosine', opt: 'adam', steps: 40 }],
    ['all samples, momentum, PiSSA', { ...regression, batch: 50, opt: 'momentum', init: 'pissa', steps: 120 }],
    ['mini-batches, AdamW, LoRA-GA', { ...regression, batch: 7, opt: 'adamw', init: 'lora-ga', steps: 60 }],
    ['rsLoRA, LoRA+, momentum', { d: 24, k: 30, scaling: 'rslora', ratio: 4, opt: 'momentum', steps: 200 }],
    ['s = 1, AdamW', { target: 'picture', d: 32, k: 32, scaling: 'none', opt: 'adamw', steps: 60 }],
    ['a quantised base', { d: 24, k: 30, quant: 'nf4', opt: 'adam', steps: 60 }],
    ['the owl on a quantised base, QPiSSA', { target: 'edit', quant: 'nf4', init: 'qpissa', opt: 'sgd', steps: 100 }],
    ['DoRA on a quantised base', { d: 24, k: 30, method: 'dora', quant: 'nf4', opt: 'adam', steps: 60 }],
    [
      'clipped gradients and a B that decays',
      { d: 24, k: 30, opt: 'adam', lr: 0.02, clip: 0.05, decayb: 0.5, steps: 60 },
    ],
    ['ScaledGD, clipped', { d: 24, k: 30, opt: 'scaled', clip: 0.5, decayb: 0.1, steps: 60 }],
    ['DoRA, clipped', { d: 24, k: 30, method: 'dora', opt: 'sgd', clip: 0.1, steps: 60 }],
    ['samples, clipped, one factor', { ...regression, init: 'mica', batch: 8, opt: 'sgd', clip: 0.2, steps: 60 }],
    ['float16, SGD', { d: 24, k: 30, opt: 'sgd', precision: 'float16', lossscale: 1024, steps: 200 }],
    ['float16, Adam', { d: 24, k: 30, opt: 'adam', precision: 'float16', steps: 60 }],
    ['float16 on samples', { ...regression, batch: 8, opt: 'sgd', precision: 'float16', lossscale: 300, steps: 200 }],
    [
      'float16 on a quantised base, PiSSA',
      { d: 24, k: 30, quant: 'nf4', init: 'qpissa', opt: 'sgd', precision: 'float16', clip: 1, steps: 60 },
    ],
    ['the owl, OLoRA', { target: 'edit', init: 'olora', opt: 'sgd', steps: 200 }],
    ['one number', { d: 1, k: 1, rank: 1, truerank: 1, opt: 'sgd', lr: 0.01, steps: 20 }],
    ['matrices in a file beside it', { target: 'rotation', d: 400, k: 400, rank: 4, opt: 'adam', steps: 10 }],
  ])('%s', async (name, changes) => check(name, await both(changes)));
});

async function changed() {
  const page = new TestPage();
  const experiment = { ...defaults(), d: 40, k: 40, rank: 8, steps: 300, opt: 'adam', lr: 0.01 } as const;
  page.run(1, experiment);
  let tuning: Tuning = { alpha: 16, scaling: 'standard', opt: 'adam', ratio: 1, epsilon: 1e-8, steps: 300, lr: 0.01 };
  await page.ready(1);
  const order = page.pace(1, 800);
  const wishes: Partial<Tuning>[] = [
    { alpha: 8 },
    { opt: 'momentum', lr: 0.001 },
    { ratio: 4 },
    { scaling: 'rslora' },
    { opt: 'adamw', lr: 0.004 },
  ];
  for (const [i, wish] of wishes.entries()) {
    await page.frameAt(1, 20 * (i + 1));
    tuning = { ...tuning, ...wish };
    page.send({ type: 'tune', run: 1, tuning });
  }
  await page.done(order);
  const { run, matrices } = await exportedRun(experiment);
  const changes = page.all('frame', 1).flatMap((frame) => frame.changes);
  return { run: { ...run, changes, losses: page.trace(1, 'loss') }, matrices };
}

describe.skipIf(!hasTorch)('the exported Python', () => {
  it('applies what was changed during the run at its steps', async () => {
    const { run, matrices } = await changed();
    expect(new Set(run.changes.map(({ key }) => key)).size).toBeGreaterThanOrEqual(5);
    check('changes', await printed(run, matrices));
  });

  it.each<[string, Partial<Experiment>]>([
    ['a matrix', { d: 24, k: 20, rank: 4, init: 'pissa', opt: 'adam', steps: 40 }],
    ['samples', { ...regression, batch: 8, opt: 'sgd', steps: 40 }],
    ['matrices in a file beside it', { target: 'rotation', d: 400, k: 400, rank: 4, opt: 'adam', steps: 4 }],
  ])('a notebook runs from top to bottom and has the losses: %s', async (name, changes) => {
    const { run, matrices } = await exportedRun(changes, nodeBackends);
    check(name, await printed(run, matrices, 'notebook'));
  });

  const GIVEN: Readonly<Record<string, string>> = {
    svd: ', tensor("target")',
    'lora-ga': ', -tensor("target")',
    'task-informed': ', tensor("X")',
    corda: ', tensor("X")',
  };
  it.each(inits.all.map(({ name }) => name))('draws the initialisation for another model: %s', async (init) => {
    const samples = inits.byName(init).needs?.includes('inputs');
    const size = { d: 60, k: 50, rank: 20, truerank: 6, samples: 200, steps: 1 };
    const { run, matrices } = await exportedRun({
      ...size,
      target: samples ? 'regression' : 'low-rank',
      init,
      ...storageOf(init),
    });
    const { bytes } = await pythonFile('pytorch', run, matrices, 'draw');
    // For random factors their norms suffice; others have the same product, whatever the signs of singular vectors are.
    const code = `
A, B = initial_factors(tensor("W0"), R, scaling(SETTINGS, R)${GIVEN[init] ?? ''})
A0, B0 = tensor("A"), tensor("B")
assert A.shape == A0.shape and B.shape == B0.shape
for new, old in [(A, A0), (B, B0)]:
    assert abs(new.norm() - old.norm()) <= 0.15 * old.norm(), (new.norm(), old.norm())
if ${inits.byName(init).needs ? 'True' : 'False'}:
    # The span of A's rows and of B's columns is that of the page, and so is the product (LoRA-GA's has free signs).
    assert ${init === 'lora-ga' ? 'True' : '(B @ A - B0 @ A0).norm() <= 1e-4 * (B0 @ A0).norm()'}
    for new, old in [(A, A0), (B.T, B0.T)]:
        if old.norm() > 0:
            Q = torch.linalg.qr(new.T).Q
            assert (old - old @ Q @ Q.T).norm() <= 1e-4 * old.norm()
model = nn.Sequential()
model.add_module("up", nn.Linear(50, 60).double())
model.add_module("down", nn.Linear(60, 50).double())
x = torch.randn(3, 50, dtype=torch.float64)
before = model(x)
adapt(model, ["up"]${GIVEN[init]?.includes('X') ? ', given=lambda name: tensor("X")' : GIVEN[init] ? ', given=lambda name: torch.randn(60, 50, dtype=torch.float64)' : ''})
trains, of = trainable(model)
assert trains == (R * 50 if ${inits.byName(init).frozen === 'B' ? 'True' : 'False'} else R * 110), trains
assert of == R * 110 + 60 * 50 + 60 + 50 * 60 + 50
changed = (model(x) - before).abs().max()
assert changed ${['symmetric', 'both-random', 'svd', 'loftq', 'qpissa'].includes(init) ? '> 1e-3' : '< 1e-9'}, changed
`;
    writeFileSync(join(folder, 'draw.py'), Buffer.concat([bytes, Buffer.from(code)]));
    const { stderr } = python(
      '-c',
      `import runpy; runpy.run_path(${JSON.stringify(join(folder, 'draw.py'))}, run_name="lesson")`,
    );
    expect(stderr).toBe('');
  });
});

function check(name: string, found: { losses: number[]; page: number[] }) {
  expect(found.losses).toHaveLength(found.page.length);
  if (process.env.SHOW_WORST) console.log(`${name}: ${worst(found).toExponential(1)}`);
  expect(worst(found)).toBeLessThan(1e-4);
}
