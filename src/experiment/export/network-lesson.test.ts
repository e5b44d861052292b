/** Runs the scripts and notebooks of networks if PyTorch is installed: with TORCH_PYTHON, or the python3 of the path. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { assetsInNode } from '../../engine/testing/assets-in-node.ts';
import { multiply } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { exportedRunOf, fileSizesOf, missingFile, networkLayersOf } from '../../state/run-file/exported-run.ts';
import { trainedState } from '../../state/run-file/testing/trained-state.ts';
import { fileKey } from '../methods/method.ts';
import { type SequenceSet, sequencesOf } from '../network/sequences.ts';
import { SEQUENCE_TASKS } from '../network/tasks.ts';
import { batchesOfLink } from '../regression/batches.ts';
import { change, defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { sequences } from './decoder-lesson.ts';
import { type ExportedNetwork, labelledTraining } from './network-lesson.ts';
import { peftFolder } from './peft.ts';
import { networkPythonFile, type PythonKind } from './python-files.ts';
import { readSafetensors, unzip } from './testing/readers.ts';
import { zip } from './zip.ts';

const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
const python = (...list: string[]) => spawnSync(PYTHON, list, { encoding: 'utf8', maxBuffer: 1e9 });
const hasTorch = python('-c', 'import torch').status === 0;
const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Exported = ReturnType<typeof train>;
const trainedRuns = new Map<Partial<Experiment>, Exported>();

function exported(changes: Partial<Experiment>): Exported {
  const run = trainedRuns.get(changes) ?? train(changes);
  trainedRuns.set(changes, run);
  return run;
}

async function train(changes: Partial<Experiment>) {
  const { run: trained } = await trainedState(
    change(defaults(), { target: 'digits', rank: 12, steps: 30, ...changes }),
  );
  const run = exportedRunOf(trained, '1', 'https://example.org/#v=1');
  const layers = networkLayersOf(trained);
  const assets = await assetsInNode(trained.experiment, '');
  const network = trained.ready?.network;
  if (!run || !layers || !assets || !network) throw new Error('no run');
  const data: ExportedNetwork['data'] =
    network.kind === 'sequences'
      ? network
      : { kind: 'labelled', training: labelledTraining(trained.experiment, assets) };
  return { trained, run, network: { layers, data } };
}

const DECODER: Partial<Experiment> = {
  target: 'transformer',
  adapt: 'sort-down',
  rank: 3,
  batch: 8,
  steps: 8,
};
const CASES: readonly (readonly [string, Partial<Experiment>])[] = [
  ['LoRA on all matrices, the last at a rank of its own', {}],
  ['two matrices, PiSSA, LoRA+', { modules: 'in,out', init: 'pissa', ratio: 4, opt: 'momentum', adapt: 'relabel' }],
  ['MiCA, rsLoRA, SGD', { init: 'mica', scaling: 'rslora', opt: 'sgd', rank: 4 }],
  ['a classifier of points', { target: 'classifier', adapt: 'moons-rotated', rank: 2 }],
  ['a decoder, two matrices of each block', { ...DECODER, modules: 'q,v' }],
  ['a decoder that adds, PiSSA, LoRA+', { ...DECODER, adapt: 'base-6', init: 'pissa', ratio: 4, seed: 2 ** 40 + 7 }],
  ['whole matrices, AdamW', { method: 'full', modules: 'hidden,out', opt: 'adamw', adapt: 'five-to-nine' }],
  ['whole matrices of a decoder', { ...DECODER, adapt: 'copy-reverse', method: 'full' }],
  ['DoRA, LoRA+, the last matrix at a rank of its own', { method: 'dora', ratio: 2 }],
  ['blocks that turn, of another size in the last matrix', { method: 'oft', block: 16 }],
  ['LoKr', { method: 'lokr', opt: 'sgd' }],
  ['HiRA', { method: 'hira', rank: 4 }],
  ['SHiRA', { method: 'shira', entries: 100 }],
  ['IA³ on the inputs of a decoder', { ...DECODER, method: 'ia3', side: 'in' }],
  ['LoRA-XS of a decoder', { ...DECODER, method: 'lora-xs', rank: 5, modules: 'q,down' }],
  ['B alone', { train: 'B', rank: 4 }],
  ['clipped, and B decays', { clip: 0.05, decayb: 0.5, rank: 4, ratio: 2 }],
  [
    'epochs whose last batch is smaller, a cosine',
    { order: 'epochs', batch: 500, rank: 2, schedule: 'cosine', warmup: 3 },
  ],
];

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

it.each(partOf(CASES, 2))('the script has the matrices, examples and batches of the run: %s', async (_, changes) => {
  const { trained, run, network } = await exported(changes);
  const script = text((await networkPythonFile('pytorch', run, network, 'x')).bytes);
  const numbers = (name: string) => {
    const [, packed] = new RegExp(`"${name}": \\(\\([\\d, ]+\\), "\\w+", """([\\w\\n-]*)"""\\)`).exec(script) ?? [];
    const raw = packed ? inflateRawSync(Buffer.from(packed.replaceAll('\n', ''), 'base64url')) : null;
    return raw;
  };
  // Of bytes, toEqual looks at each by itself.
  const expectNumbers = (name: string, { buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
    expect(Buffer.compare(numbers(name) ?? Buffer.alloc(0), new Uint8Array(buffer, byteOffset, byteLength)), name).toBe(
      0,
    );
  for (const { name, W } of network.layers) expectNumbers(`W\\.${name}`, W.data);
  const adapted = run.experiment.method === 'lora';
  for (const { name, initial, method } of run.modules) {
    if (adapted) expectNumbers(`A\\.${name}`, initial.A.data);
    else if (!method) expect(numbers(`A\\.${name}`)).toBeNull();
    for (const [n, { name: own }] of method?.shapes.entries() ?? [])
      expectNumbers(`${fileKey(own)}\\.${name}`, method?.initial[n] ?? new Float32Array());
  }
  const { data } = network;
  if (data.kind === 'sequences') {
    for (const name of ['embedding', 'positions', 'head'] as const) expectNumbers(name, data.rest[name]);
  } else {
    expectNumbers('X', data.training.inputs);
    expectNumbers('labels', Int32Array.from(data.training.answers));
    const { size, at } = batchesOfLink(run.experiment, data.training.answers.length);
    const rest = new Array<number>(size).fill(-1);
    const lists = Array.from({ length: run.losses.length }, (__, t) => [...at(t), ...rest].slice(0, size)).flat();
    expectNumbers('batches', Int32Array.from(lists));
  }
  expect(script).not.toContain('undefined');

  const said = fileSizesOf(trained)?.python ?? 0;
  expect(said / script.length).toBeGreaterThan(0.7);
  expect(said / script.length).toBeLessThan(1.5);
});

const hasPython = python('-c', '').status === 0;
it.skipIf(!hasPython).each([
  ['sort-down', 1],
  ['copy-reverse', -3],
  ['base-6', 2 ** 52 + 12_345],
] as const)('Python draws the sequences of the page: %s with the seed %i', (adapt, seed) => {
  const experiment = change(defaults(), { ...DECODER, adapt, seed, batch: 40 });
  const { at, length, asked } = sequencesOf(SEQUENCE_TASKS[adapt].new, 40, (purpose) => stream(seed, purpose));
  const drawn = '\nimport json\nprint(json.dumps([sequences(step) for step in [0, 1, 400]]))';
  const { stdout, stderr } = python('-c', sequences(experiment, length).code + drawn);
  expect(stderr).toBe('');
  const rows = ({ count, inputs, answers }: SequenceSet) => [
    Array.from({ length: count }, (_, s) => [...inputs.subarray(s * length, (s + 1) * length)]),
    Array.from({ length: count }, (_, s) => [...answers.subarray(s * asked, (s + 1) * asked)]),
  ];
  expect(JSON.parse(stdout)).toEqual([0, 1, 400].map((step) => rows(at(step))));
});

describe.skipIf(!hasTorch)('prints the losses of the page within 1e-4', () => {
  const RUN_CELLS = `
import json, sys
names = {"__name__": "__main__"}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
`;
  const kinds = CASES.flatMap(([name, changes]) =>
    (['pytorch', 'notebook'] as const).map((kind) => [kind, name, changes] as const),
  );
  it.each<readonly [PythonKind, string, Partial<Experiment>]>(kinds)('%s: %s', async (kind, _, changes) => {
    const { run, network } = await exported(changes);
    const { name, bytes } = await networkPythonFile(kind, run, network, 'script');
    writeFileSync(join(folder, name), bytes);
    const { stdout, stderr } =
      kind === 'pytorch' ? python(join(folder, name)) : python('-c', RUN_CELLS, join(folder, name));
    expect(stderr.replace(/.*(numpy|NumPy|_C\._|cpu = ).*\n?/gi, '').trim()).toBe('');
    const lines = stdout.split('\n').filter((line) => /^\d+ \S+$/.test(line));
    expect(lines).toHaveLength(run.losses.length);
    for (const [t, line] of lines.entries()) {
      const [step, loss] = line.split(' ').map(Number);
      expect(step).toBe(t);
      expect(Math.abs(loss / run.losses[t] - 1), `step ${t}`).toBeLessThan(1e-4);
    }
  });
});

const adapters = CASES.filter(([, { method = 'lora' }]) => method === 'lora');
it.each(partOf(adapters, 2))('the PEFT folder gives ΔW of every matrix at its own rank: %s', async (_, changes) => {
  const { run } = await exported(changes);
  const files = unzip(await zip(peftFolder(run)));
  const config = JSON.parse(String(files.get('adapter_config.json')));
  const tensors = readSafetensors(files.get('adapter_model.safetensors') ?? Buffer.alloc(0));
  const moves = run.experiment.init === 'pissa';
  expect(config.target_modules).toEqual(run.modules.map(({ name }) => name));
  expect([...tensors.keys()]).toEqual(
    run.modules.flatMap(({ name }) => ['A', 'B'].map((of) => `base_model.model.${name}.lora_${of}.weight`)),
  );
  for (const { name, d, k, rank, initial, final } of run.modules) {
    const [A, B] = ['A', 'B'].map((of) => {
      const { shape, values } = tensors.get(`base_model.model.${name}.lora_${of}.weight`) ?? {
        shape: [0, 0],
        values: [],
      };
      return { rows: shape[0], cols: shape[1], data: Float64Array.from(values) };
    });
    // As PEFT's LoraModel looks them up.
    const [r, alpha] = [config.rank_pattern[name] ?? config.r, config.alpha_pattern[name] ?? config.lora_alpha];
    expect([A.rows, A.cols, B.rows, B.cols]).toEqual([r, k, d, r]);
    expect(r).toBe(moves ? 2 * rank : rank);
    const found = multiply(B, A).data.map((v) => (v * alpha) / (config.use_rslora ? Math.sqrt(r) : r));
    const s = run.experiment.alpha / (run.experiment.scaling === 'rslora' ? Math.sqrt(rank) : rank);
    const [now, before] = [final, initial].map((pair) => multiply(pair.B, pair.A).data);
    const largest = Math.max(...now.map(Math.abs));
    for (const [i, value] of found.entries())
      expect(Math.abs(value - s * (now[i] - (moves ? before[i] : 0)))).toBeLessThan(1e-5 * s * largest);
  }
  const readme = String(files.get('README.md'));
  for (const { name, d, k } of run.modules) {
    expect(readme).toContain(`"${name}"`);
    expect(readme).toContain(run.modules.length > 1 ? `("${name}", ${d}, ${k})` : `torch.nn.Linear(${k}, ${d}`);
  }
  if (!hasTorch || run.modules.length === 1) return;
  const [, code] = /```python\n([\s\S]+?)```/.exec(readme) ?? [];
  const model = code?.replaceAll(/^.*Peft.*$/gm, '');
  const { stdout } = python('-c', `${model}\nprint(*(name for name, _ in model.named_parameters()))`);
  expect(stdout.trim().split(' ')).toEqual(run.modules.map(({ name }) => `${name}.weight`));
});

it('the PEFT folder of DoRA has A, B and m of every matrix, at its own rank and α', async () => {
  const { run } = await exported(CASES[8][1]);
  const files = unzip(await zip(peftFolder(run)));
  const config = JSON.parse(String(files.get('adapter_config.json')));
  const tensors = readSafetensors(files.get('adapter_model.safetensors') ?? Buffer.alloc(0));
  expect(config).toMatchObject({ use_dora: true, r: 12, lora_alpha: 24, rank_pattern: { out: 10 } });
  expect(config.alpha_pattern.out).toBeCloseTo(24, 12);
  for (const { name, d, k, method } of run.modules) {
    const rank = Math.min(12, d, k);
    const of = (key: string) => tensors.get(`base_model.model.${name}.lora_${key}`);
    expect(of('A.weight')?.shape).toEqual([rank, k]);
    expect(of('B.weight')?.shape).toEqual([d, rank]);
    expect(of('magnitude_vector')?.shape).toEqual([d]);
    for (const [n, key] of ['A.weight', 'B.weight', 'magnitude_vector'].entries())
      expect(Float32Array.from(of(key)?.values ?? [])).toEqual(method?.final[n]);
  }
});

it('full fine-tuning has no adapter to save, and a hand keeps its drawings', () => {
  const of = (changes: Partial<Experiment>) => ({ experiment: change(defaults(), { target: 'digits', ...changes }) });
  expect(missingFile('peft', of({ method: 'full' }))).toContain('no adapter');
  expect(missingFile('pytorch', of({ method: 'full' }))).toBeNull();
  expect(missingFile('notebook', of({ adapt: 'hand' }))).toContain('drawings');
  expect(missingFile('peft', of({}))).toBeNull();
});
