import { describe, expect, it } from 'vitest';
import { peftFolder } from '../../experiment/export/peft.ts';
import { pythonFile } from '../../experiment/export/python-files.ts';
import { sizeText } from '../../experiment/export/sizes.ts';
import { zip } from '../../experiment/export/zip.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { exportedRunOf, fileSizesOf, matricesOf } from './exported-run.ts';
import { runFileOf } from './run-file.ts';
import { trainedState } from './testing/trained-state.ts';

const CASES: readonly (readonly [string, Partial<Experiment>])[] = [
  ['a low rank', { d: 40, k: 32, rank: 4, steps: 120 }],
  ['PiSSA', { d: 24, k: 30, rank: 6, steps: 40, init: 'pissa' }],
  ['samples', { target: 'regression', d: 20, k: 16, rank: 3, truerank: 4, samples: 60, batch: 8, steps: 60 }],
  ['the owl', { target: 'edit', steps: 30 }],
  ['matrices beside', { target: 'rotation', d: 400, k: 380, rank: 4, steps: 3 }],
];

describe('a run that is taken elsewhere', () => {
  it.each(CASES)('has the matrices and losses of its run file: %s', async (_, changes) => {
    const { run } = await trainedState(changes);
    const file = runFileOf(run, '1');
    const exported = exportedRunOf(run, '1', '#v=1');
    const matrices = matricesOf(run);
    if (!file || !exported || !matrices) throw new Error('no run');
    const [layer] = file.layers;
    const [module] = exported.modules;
    expect(Array.from(exported.losses)).toEqual(file.trace.loss);
    expect(exported.error).toBe(file.trace.relativeError.at(-1));
    for (const [found, rows] of [
      [module.initial.A, layer.initial.A],
      [module.initial.B, layer.initial.B],
      [module.final.A, layer.final.A],
      [module.final.B, layer.final.B],
      [matrices.base, layer.base],
      [matrices.target, layer.target],
      ...(file.samples && matrices.samples
        ? ([
            [matrices.samples.X, file.samples.X],
            [matrices.samples.Y, file.samples.Y],
          ] as const)
        : []),
    ] as const)
      expect(Array.from(found.data)).toEqual(rows?.flat());
  });

  it.each(CASES)('is about as large as is said: %s', async (_, changes) => {
    const { run } = await trainedState(changes);
    const said = fileSizesOf(run);
    const exported = exportedRunOf(run, '1', '#v=1');
    const matrices = matricesOf(run);
    if (!said || !exported || !matrices) throw new Error('no run');
    const near = (found: number, size: number) => {
      expect(size / found).toBeGreaterThan(0.7);
      expect(size / found).toBeLessThan(1.5);
    };
    near(JSON.stringify(runFileOf(run, '1')).length, said.run);
    near((await zip(peftFolder(exported))).length, said.peft);
    for (const kind of ['pytorch', 'notebook'] as const)
      near((await pythonFile(kind, exported, matrices, 'x')).bytes.length, said.python);
  });
});

it('sizes are said in two digits', () => {
  expect([0, 940, 61_234, 994_000, 996_000, 1_234_567, 134e6].map(sizeText)).toEqual([
    '1 kB',
    '1 kB',
    '61 kB',
    '990 kB',
    '1 MB',
    '1.2 MB',
    '130 MB',
  ]);
});
