import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inits } from '../inits/index.ts';
import { storageOf } from '../inits/testing/storage.ts';
import { batchesOfLink } from '../regression/batches.ts';
import type { Experiment } from '../settings/params.ts';
import { pythonFile } from './python-files.ts';
import { exportedRun } from './testing/exported.ts';
import { readSafetensors, unzip } from './testing/readers.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The tensors in a script, as Python reads them: base64url, deflated, little endian. */
function embedded(script: string): Map<string, { shape: number[]; data: Float32Array | Int32Array }> {
  const entry = /"(\w+)": \(\((\d+), (\d+)\), "(float32|int32)", """([\w\n-]*)"""\)/g;
  return new Map(
    [...script.matchAll(entry)].map(([, name, rows, cols, kind, packed]) => {
      const raw = inflateRawSync(Buffer.from(packed.replaceAll('\n', ''), 'base64url'));
      const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
      const count = raw.length / 4;
      const data =
        kind === 'int32'
          ? Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true))
          : Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
      return [name, { shape: [Number(rows), Number(cols)], data }];
    }),
  );
}

const regression = { target: 'regression', d: 9, k: 7, rank: 2, truerank: 3, samples: 20 } as const;
const CASES: readonly (readonly [string, Partial<Experiment>])[] = [
  ['a matrix', { d: 12, k: 10, rank: 3, steps: 4, init: 'olora' }],
  ['mini-batches', { ...regression, batch: 6, steps: 5 }],
  ['epochs whose last batch is smaller', { ...regression, batch: 6, order: 'epochs', steps: 5 }],
  ['all samples', { ...regression, batch: 20, steps: 5 }],
];

describe('script and notebook of an exercise', () => {
  const exercise = { title: 'Beat "PiSSA"', task: 'Use *at most* 600 numbers: C:\\x', goal: 'error ≤ 0.05' };
  it('begin with its title, task and goal, as they were written', async () => {
    const { run, matrices } = await exportedRun({ d: 12, k: 10, rank: 3, steps: 2 });
    const of = async (kind: 'pytorch' | 'notebook') =>
      text((await pythonFile(kind, { ...run, exercise }, matrices, 'x')).bytes);
    const head = (await of('pytorch')).split('"""')[1];
    expect(head).toContain(String.raw`
Exercise: Beat \"PiSSA\"
Use *at most* 600 numbers: C:\\x
Goal: error ≤ 0.05
`);
    const [first] = JSON.parse(await of('notebook')).cells;
    expect(first.source.join('')).toContain(String.raw`# Beat "PiSSA"

Use \*at most\* 600 numbers: C:\\x

Goal: error ≤ 0.05

An experiment`);
  });
  it('say nothing of one where there is none', async () => {
    const { run, matrices } = await exportedRun({ d: 12, k: 10, rank: 3, steps: 2 });
    const none = { ...run, exercise: { title: '', task: '', goal: '' } };
    for (const kind of ['pytorch', 'notebook'] as const)
      expect((await pythonFile(kind, none, matrices, 'x')).bytes).toEqual(
        (await pythonFile(kind, run, matrices, 'x')).bytes,
      );
  });
});

describe.each(CASES)('script and notebook of %s', (_, changes) => {
  it('hold the matrices and batches bit for bit', async () => {
    const { run, matrices } = await exportedRun(changes);
    for (const kind of ['pytorch', 'notebook'] as const) {
      const { bytes } = await pythonFile(kind, run, matrices, 'x');
      const whole =
        kind === 'pytorch'
          ? text(bytes)
          : JSON.parse(text(bytes))
              .cells.flatMap((c: Cell) => c.source)
              .join('');
      const found = embedded(whole);
      const { A, B } = run.modules[0].initial;
      const { base, target, samples } = matrices;
      for (const [name, m] of Object.entries({ W0: base, A, B, ...(samples ?? { target }) }))
        expect(found.get(name)).toEqual({ shape: [m.rows, m.cols], data: m.data });
      if (samples && changes.batch === 6) {
        const { at } = batchesOfLink(run.experiment, 20);
        const all = Array.from({ length: 6 }, (_, t) => [...at(t), -1, -1, -1, -1].slice(0, 6)).flat();
        expect(found.get('batches')).toEqual({ shape: [6, 6], data: Int32Array.from(all) });
      } else expect(found.has('batches')).toBe(false);
    }
  });
});

interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: null;
}

it('a notebook is one of nbformat 4.5: cells with ids of their own, code with outputs and count', async () => {
  const { run, matrices } = await exportedRun({ d: 12, k: 10, rank: 2, steps: 3 });
  const notebook = JSON.parse(text((await pythonFile('notebook', run, matrices, 'x')).bytes));
  expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
  expect(notebook.metadata.kernelspec).toMatchObject({ name: 'python3' });
  const cells: Cell[] = notebook.cells;
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  for (const cell of cells) {
    expect(cell.id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
    const code = cell.cell_type === 'code';
    expect(Object.keys(cell).sort()).toEqual(
      ['cell_type', 'id', 'metadata', 'source', ...(code ? ['execution_count', 'outputs'] : [])].sort(),
    );
    expect(cell.source.slice(0, -1).every((line) => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(
      true,
    );
  }
  const kinds = cells.map(({ cell_type }) => cell_type);
  expect(kinds.filter((kind) => kind === 'markdown').length).toBeGreaterThanOrEqual(7);
  expect(kinds[0]).toBe('markdown');
});

it('large matrices lie beside the script, in an archive with it', async () => {
  const { run, matrices } = await exportedRun({ target: 'rotation', d: 380, k: 360, rank: 2, steps: 1 });
  for (const [kind, ending] of [
    ['pytorch', 'py'],
    ['notebook', 'ipynb'],
  ] as const) {
    const { name, bytes } = await pythonFile(kind, run, matrices, 'x');
    expect(name).toBe(`x-${kind}.zip`);
    const files = unzip(bytes);
    expect([...files.keys()]).toEqual([`x.${ending}`, 'matrices.safetensors']);
    expect(files.get(`x.${ending}`)?.length).toBeLessThan(20_000);
    const tensors = readSafetensors(files.get('matrices.safetensors') ?? Buffer.alloc(0));
    expect(Float32Array.from(tensors.get('target')?.values ?? [])).toEqual(matrices.target.data);
  }
});

it('a script says what was changed on the way, and is as long as the run, or as its budget before it began', async () => {
  const { run, matrices } = await exportedRun({ d: 8, k: 8, rank: 2, steps: 6, init: 'mica' });
  const script = async (of: typeof run) => text((await pythonFile('pytorch', of, matrices, 'x')).bytes);
  const plain = await script(run);
  expect(plain).toContain('\nSTEPS = 6 ');
  expect(plain).not.toContain('CHANGES');
  expect(plain).toContain('layer.B.requires_grad_(False)');
  const changes = [
    { step: 2, key: 'lr', value: 0.5 },
    { step: 2, key: 'opt', value: 'momentum' },
    { step: 4, key: 'steps', value: 900 },
  ] as const;
  const changed = await script({ ...run, changes });
  expect(changed).toContain('CHANGES = {2: {"lr": 0.5, "opt": "momentum"}}');
  expect(changed).toContain('torch.optim.SGD(groups, momentum=0.9)');
  expect(await script({ ...run, losses: [1], experiment: { ...run.experiment, steps: 77 } })).toContain(
    '\nSTEPS = 77 ',
  );
});

it.each(inits.all.map(({ name }) => name))(
  'a script of %s fits a page: no line of code is longer than 120 signs',
  async (init) => {
    const samples = inits.byName(init).needs?.includes('inputs');
    const { run, matrices } = await exportedRun({
      ...(samples ? regression : { d: 9, k: 8 }),
      rank: 2,
      steps: 1,
      init,
      ...storageOf(init),
    });
    const script = text((await pythonFile('pytorch', run, matrices, 'x')).bytes);
    const code = script.slice(script.indexOf('import '));
    for (const line of code.split('\n').filter((one) => !/^(#|PAGE)/.test(one)))
      expect(line.length, line).toBeLessThanOrEqual(120);
  },
);
