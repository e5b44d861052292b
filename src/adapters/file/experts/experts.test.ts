import { expect, it } from 'vitest';
import { factorsOf, readPairs } from '../factors.ts';
import { fileFigures } from '../figures/file-figures.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, ByteSource, Fault, Module, ResizePlan } from '../model.ts';
import { openAdapter } from '../open.ts';
import { predictResize, spectraOf } from '../resize/predict-resize.ts';
import { measureErrors, resizedFile } from '../resize/resized-file.ts';
import { sizeOfFile, writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix } from '../testing/make-file.ts';
import { warningsOf } from '../warnings/warnings.ts';
import golden from './golden/experts.json';

/** As make_golden.py makes it. */
const factor = (rows: number, cols: number, seed: number) =>
  Float64Array.from({ length: rows * cols }, (_, at) => ((at * 37 + seed * 101) % 64) / 16 - 2);

const EXPERTS = 'base_model.model.model.layers.0.mlp.experts';
const QUERY = 'base_model.model.model.layers.0.self_attn.q_proj';
const CONFIG = {
  peft_type: 'LORA',
  r: 2,
  lora_alpha: 4,
  rank_pattern: { gate_up_proj: 3 },
  alpha_pattern: { 'experts.gate_up_proj': 3 },
  target_modules: ['q_proj'],
  target_parameters: ['mlp.experts.gate_up_proj', 'mlp.experts.down_proj'],
};

function tensorsOf(name: string, { experts, rank, d, k, seed }: (typeof golden)[number]) {
  const b = factor(d, rank * experts, seed + 1).map((x, i) => (i % experts === 1 ? 0 : x));
  return [
    { name: `${name}.lora_A.weight`, shape: [rank * experts, k], values: factor(rank * experts, k, seed) },
    { name: `${name}.lora_B.weight`, shape: [d, rank * experts], values: b },
  ];
}

const TENSORS = [
  ...tensorsOf(EXPERTS, golden[0]),
  ...tensorsOf(`${EXPERTS}.base_layer`, golden[1]),
  { name: `${QUERY}.lora_A.weight`, shape: [2, 6], values: normalMatrix(2, 6, 1, 'A').data },
  { name: `${QUERY}.lora_B.weight`, shape: [4, 2], values: normalMatrix(4, 2, 1, 'B').data },
];

function usable<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

async function opened(config: object | null = CONFIG, tensors = TENSORS) {
  const { source } = await makeFile('experts.safetensors', tensors);
  return { source, adapter: await openAdapter(source, config && JSON.stringify(config), null) };
}

async function updatesOf(source: ByteSource, module: Module): Promise<number[]> {
  const pairs = usable(await readPairs(source, module));
  return pairs.flatMap((pair) => {
    const { B, A } = factorsOf(pair);
    return Array.from({ length: B.rows * A.cols }, (_, at) => {
      const [i, j] = [Math.floor(at / A.cols), at % A.cols];
      let sum = 0;
      for (let p = 0; p < A.rows; p++) sum += B.data[i * B.cols + p] * A.data[p * A.cols + j];
      return (module.scaling ?? Number.NaN) * sum;
    });
  });
}

const named = ({ modules }: Adapter, end: string): Module => {
  const found = modules.find(({ name }) => name.endsWith(end));
  if (!found) throw new Error(`no ${end}`);
  return found;
};
const within = (found: readonly number[], wanted: readonly number[], off: number) => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, x] of wanted.entries()) expect(Math.abs(found[i] - x)).toBeLessThan(off);
};
const norm = (values: readonly number[]) => Math.hypot(...values);

it('ΔW of every expert is PEFT’s, with its rank, α and parameter', async () => {
  const { source, adapter } = await opened();
  const found = usable(adapter);
  expect(found.modules).toHaveLength(3);
  expect(found.unpaired).toEqual([]);
  for (const [end, of] of [
    ['experts.down_proj', golden[0]],
    ['experts.gate_up_proj', golden[1]],
  ] as const) {
    const module = named(found, end);
    const { experts, rank, d, k, s } = of;
    expect(module).toMatchObject({ kind: 'experts', experts, rank, d, k, scaling: s });
    within(await updatesOf(source, module), of.delta, 1e-12);
    const figures = await fileFigures(source, module);
    within([...(figures.expertNorms ?? [])], of.sigma.map(norm), 1e-12);
    within(
      [...figures.sigma],
      of.sigma[0].map((_, i) => norm(of.sigma.map((sigma) => sigma[i]))),
      1e-12,
    );
    expect(figures.frobenius).toBeCloseTo(norm(of.delta), 12);
  }
  const figures = await Promise.all(found.modules.map((module) => fileFigures(source, module)));
  const card = warningsOf(found, figures).find(({ about }) => about === 'experts');
  expect(card?.title).toBe('2 modules hold all experts of a layer.');
  expect(card?.details).toMatch(/2 experts of 7 never trained: ΔW = 0\.$/);
});

it('a cut is the nearest of its rank for each expert, foretold, and in the file as PEFT reads it', async () => {
  const { source, adapter } = await opened();
  const found = usable(adapter);
  const figures = await Promise.all(found.modules.map((module) => fileFigures(source, module)));
  const plan: ResizePlan = {
    ...{ way: { by: 'rank', rank: 1 }, most: null, mostOfConvolutions: null, dtype: null, split: 'both' },
  };
  const spectra = spectraOf(found, figures);
  const foretold = predictResize(found, spectra, plan);
  const made = usable(resizedFile(source, found, spectra, plan, foretold.ranks));
  expect(sizeOfFile(made.file)).toBe(foretold.bytes);
  const sink = blobSink();
  await writeSafetensors(made.file, sink);
  const written = sourceOf(sink.blob(), 'cut');
  const after = usable(await openAdapter(written, made.config, null));
  const errors = usable(await measureErrors({ source, adapter: found }, { source: written, adapter: after }));
  expect(errors.error).toBeCloseTo(foretold.error, 6);
  for (const [end, of] of [
    ['experts.down_proj', golden[0]],
    ['experts.gate_up_proj', golden[1]],
  ] as const) {
    const module = named(after, end);
    expect(module).toMatchObject({ rank: 1, experts: of.experts, scaling: of.s });
    expect(module.tensors.down?.shape).toEqual([of.experts, of.k]);
    within(await updatesOf(written, module), of.cut, 1e-5);
    const lost = norm(of.delta.map((x, i) => x - of.cut[i])) / norm(of.delta);
    expect(foretold.errors[module.index]).toBeCloseTo(lost, 12);
    expect(errors.errors[module.index]).toBeCloseTo(lost, 6);
  }
});

it('a parameter of one matrix is a plain pair under its own name', async () => {
  const tensors = TENSORS.slice(4).map((of) => ({ ...of, name: of.name.replace('self_attn.q_proj', 'mlp.gate') }));
  const { adapter } = await opened({ ...CONFIG, target_parameters: ['mlp.gate.weight'] }, tensors);
  expect(usable(adapter).modules).toMatchObject([{ name: 'model.layers.0.mlp.gate.weight', kind: 'lora', rank: 2 }]);
});

it.each<[string, object | null, RegExp]>([
  ['no config', null, /^How many experts .*r is in adapter_config\.json/],
  ['a config without parameters', { r: 2, lora_alpha: 4 }, /^How many experts/],
  [
    'another number of parameters',
    { ...CONFIG, target_parameters: ['experts.gate_up_proj'] },
    /names 1 param.*has 2\./,
  ],
  ['a rank that does not fit', { ...CONFIG, r: 4 }, /6 rows, which is no multiple of r = 4/],
  ['no rank', { ...CONFIG, r: undefined }, /Its rank is not in adapter_config\.json/],
  ['parameters of unknown order', { ...CONFIG, target_parameters: ['experts.a', 'experts.b'] }, /Which parameter/],
])('%s is a sentence', async (_, config, sentence) => {
  const { adapter } = await opened(config);
  const why = 'fault' in adapter ? [`${adapter.fault} ${adapter.details}`] : adapter.unpaired.map(([, of]) => of);
  expect(why.join('\n')).toMatch(sentence);
});
