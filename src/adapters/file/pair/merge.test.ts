import { describe, expect, it } from 'vitest';
import { frobenius, type Matrix64, multiply, scale, subtract } from '../../../math/matrix.ts';
import { stream } from '../../../math/random.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { readFactors } from '../factors.ts';
import { figuresOf } from '../figures.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, AdapterSource, Fault, MergePlan, ModuleFactors, OutputType } from '../model.ts';
import { openAdapter } from '../open.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { type OutputAdapter, writeSafetensors } from '../safetensors/write.ts';
import { withAlpha } from '../scaling.ts';
import { makeFile, normalMatrix, SUM_PLAN, type TestTensor } from '../testing/make-file.ts';
import { matchModules, pairFigures } from './compare.ts';
import { mergedFileSize, mergeOf } from './merged-file.ts';
import { type MergeFigures, mergeCurve, predictMerge } from './predict-merge.ts';

/** One naming's way to store pairs and their α. */
interface Kind {
  readonly name: (layer: number) => string;
  readonly marks: readonly [down: string, up: string];
  readonly beside: (rank: number) => Parameters<typeof makeFile>[2];
  readonly own?: boolean;
  readonly turned?: boolean;
}
const PEFT: Kind = {
  name: (i) => `base_model.model.model.layers.${i}.mlp.up_proj`,
  marks: ['.lora_A.weight', '.lora_B.weight'],
  beside: (r) => ({ config: { r, lora_alpha: 6, target_modules: ['up_proj'] } }),
};
const RSLORA: Kind = { ...PEFT, beside: (r) => ({ config: { r, lora_alpha: 5, use_rslora: true } }) };
const KOHYA: Kind = {
  name: (i) => `lora_transformer_model_layers_${i}_mlp_up_proj`,
  marks: ['.lora_down.weight', '.lora_up.weight'],
  beside: () => ({}),
  own: true,
};
const MLX: Kind = {
  name: (i) => `model.layers.${i}.mlp.up_proj`,
  marks: ['.lora_a', '.lora_b'],
  beside: (rank) => ({ config: { lora_parameters: { rank, scale: 1.25 } } }),
  turned: true,
};
const DIFFUSERS: Kind = {
  name: (i) => `unet.down_blocks.${i}.attentions.0.proj_in`,
  marks: ['.lora_A.weight', '.lora_B.weight'],
  beside: (r) => ({ metadata: { lora_adapter_metadata: JSON.stringify({ 'unet.r': r, 'unet.lora_alpha': 3 }) } }),
};
const KOHYA_UNET: Kind = { ...KOHYA, name: (i) => `lora_unet_down_blocks_${i}_attentions_0_proj_in` };

const turned = (m: Matrix64) =>
  Float64Array.from(m.data, (_, i) => m.data[(i % m.rows) * m.cols + Math.floor(i / m.rows)]);

async function made(
  kind: Kind,
  {
    layers,
    rank,
    seed,
    dtype = 'F32',
    d = 7,
  }: { layers: readonly number[]; rank: number; seed: number; dtype?: OutputType; d?: number },
): Promise<AdapterSource> {
  const tensors = layers.flatMap((layer): TestTensor[] => {
    const k = 9 + layer;
    const [A, B] = [normalMatrix(rank, k, seed, `A${layer}`), normalMatrix(d, rank, seed, `B${layer}`)];
    const name = kind.name(layer);
    return [
      {
        name: name + kind.marks[0],
        shape: kind.turned ? [k, rank] : [rank, k],
        values: kind.turned ? turned(A) : A.data,
        dtype,
      },
      {
        name: name + kind.marks[1],
        shape: kind.turned ? [rank, d] : [d, rank],
        values: kind.turned ? turned(B) : B.data,
        dtype,
      },
      ...(kind.own ? [{ name: `${name}.alpha`, shape: [], values: [2 + layer], dtype: 'F16' } as const] : []),
    ];
  });
  const file = await makeFile(`${seed}.safetensors`, tensors, kind.beside(rank));
  return { source: file.source, adapter: opened(await openAdapter(file.source, file.config, null)) };
}

function opened<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

async function written(made: OutputAdapter | Fault): Promise<AdapterSource & { bytes: number }> {
  const { file, config } = opened(made);
  const sink = blobSink();
  const bytes = await writeSafetensors(file, sink);
  const source = sourceOf(sink.blob(), 'merged.safetensors');
  return { source, adapter: opened(await openAdapter(source, config, null)), bytes };
}

/** s·B·A of every module by canonical name. */
async function wholes({ source, adapter }: AdapterSource): Promise<Map<string, Matrix64>> {
  const all = new Map<string, Matrix64>();
  for (const module of adapter.modules) {
    const { B, A } = opened(await readFactors(source, module)) as ModuleFactors;
    all.set(module.canonical, scale(multiply(B, A), module.scaling ?? Number.NaN));
  }
  return all;
}

async function wholeTensors({ source, adapter }: AdapterSource): Promise<TestTensor[]> {
  return Promise.all(
    adapter.header.tensors.map(async (tensor) => ({
      ...tensor,
      dtype: 'F32' as const,
      values: await readNumbers(source, tensor),
    })),
  );
}

const plus = (x: Matrix64, y: Matrix64) => subtract(x, scale(y, -1));

async function sums(
  a: AdapterSource,
  b: AdapterSource,
  [w1, w2]: readonly [number, number],
): Promise<Map<string, Matrix64>> {
  const all = new Map([...(await wholes(a))].map(([name, m]) => [name, scale(m, w1)]));
  for (const [name, m] of await wholes(b)) {
    const before = all.get(name);
    all.set(name, before ? plus(before, scale(m, w2)) : scale(m, w2));
  }
  return all;
}

async function figuresOfPair(a: AdapterSource, b: AdapterSource, weights: MergePlan['weights']): Promise<MergeFigures> {
  const matched = matchModules(a.adapter, b.adapter);
  const factors = async (of: AdapterSource, i: number) =>
    opened(await readFactors(of.source, of.adapter.modules[i])) as ModuleFactors;
  const pairs = [];
  for (const [i, j] of matched.pairs) {
    const [s1, s2] = [a.adapter.modules[i].scaling, b.adapter.modules[j].scaling];
    pairs.push(pairFigures(await factors(a, i), s1, await factors(b, j), s2, weights));
  }
  const alone = async (of: AdapterSource) =>
    Promise.all(of.adapter.modules.map(async ({ scaling }, i) => figuresOf(await factors(of, i), scaling)));
  return { matched, pairs, first: await alone(a), second: await alone(b) };
}

const names = ({ header }: Adapter) => header.tensors.map(({ name }) => name).sort();

/** First and second naming, weights. */
const CASES: readonly (readonly [Kind, Kind, readonly [number, number]])[] = [
  [PEFT, KOHYA, [1, 1]],
  [RSLORA, PEFT, [0.7, -1.3]],
  [PEFT, RSLORA, [-0.5, 2]],
  [KOHYA, RSLORA, [1, 0.1]],
  [MLX, KOHYA, [0.3, 0.9]],
  [RSLORA, MLX, [1, 1]],
  [DIFFUSERS, KOHYA_UNET, [1.5, -1]],
  [KOHYA_UNET, DIFFUSERS, [-1, -1]],
];

describe.each(CASES)('a merge, case %#', (first, second, weights) => {
  const files = async () =>
    [
      await made(first, { layers: [0, 1, 2], rank: 2, seed: 1 }),
      await made(second, { layers: [1, 2, 3], rank: 3, seed: 2 }),
    ] as const;

  it('exactly: the sum of the products formed whole, in the naming of the first', async () => {
    const [a, b] = await files();
    const plan = { ...SUM_PLAN, weights };
    const got = await written(mergeOf([a, b], plan));
    expect(got.bytes).toBe(mergedFileSize([a.adapter, b.adapter], plan));
    expect(got.adapter.naming).toBe(a.adapter.naming);
    const [wanted, read] = [await sums(a, b, weights), await wholes(got)];
    expect([...read.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, m] of wanted) {
      const other = read.get(name) as Matrix64;
      expect(frobenius(subtract(m, other)) / frobenius(m)).toBeLessThan(3e-7);
    }
    const measured = opened(await opened(mergeOf([a, b], plan)).measure(got)) as { error: number };
    expect(measured.error).toBeLessThan(2e-7);
    expect(names(got.adapter).filter((name) => names(a.adapter).includes(name))).toEqual(names(a.adapter));
  });

  it('cut to a rank: the error foretold is that of the file read back', async () => {
    const [a, b] = await files();
    const plan: MergePlan = { ...SUM_PLAN, weights, rank: 2 };
    const got = await written(mergeOf([a, b], plan));
    const figures = await figuresOfPair(a, b, weights);
    const foretold = predictMerge(figures, plan);
    const measured = opened(await opened(mergeOf([a, b], plan)).measure(got)) as { error: number; errors: number[] };
    expect(measured.error).toBeCloseTo(foretold.error, 6);
    for (const [i, error] of foretold.errors.entries()) expect(measured.errors[i]).toBeCloseTo(error, 6);
    expect(mergeCurve(figures, plan)[2]).toBeCloseTo(foretold.error, 12);
    // Independently: the singular values of the sums formed whole.
    let [lost, whole] = [0, 0];
    for (const m of (await sums(a, b, weights)).values()) {
      const sigma = singularValues(m);
      for (const [i, s] of sigma.entries()) {
        whole += s * s;
        if (i >= 2) lost += s * s;
      }
    }
    expect(foretold.error).toBeCloseTo(Math.sqrt(lost / whole), 6);
    expect(Math.max(...got.adapter.modules.map(({ rank }) => rank))).toBe(2);
  });
});

describe('known mistakes of merging', () => {
  it('weights 1 and 0 leak nothing of the second adapter', async () => {
    const a = await made(PEFT, { layers: [0, 1], rank: 2, seed: 1 });
    const b = await made(KOHYA, { layers: [0, 1, 2], rank: 3, seed: 2 });
    for (const rank of [null, 2, 5]) {
      const got = await written(mergeOf([a, b], { ...SUM_PLAN, weights: [1, 0], rank }));
      expect(names(got.adapter)).toEqual(names(a.adapter));
      expect(await wholes(got)).toEqual(await wholes(a));
    }
    const other = await written(mergeOf([a, b], { ...SUM_PLAN, weights: [0, 1] }));
    for (const [name, m] of await wholes(b)) {
      expect(frobenius(subtract(m, (await wholes(other)).get(name) as Matrix64))).toBeLessThan(1e-6 * frobenius(m));
    }
  });

  it('two equal adapters at ½ and ½ are the adapter, not twice or half of it', async () => {
    const a = await made(RSLORA, { layers: [0, 1], rank: 4, seed: 3 });
    const figures = await figuresOfPair(a, a, [0.5, 0.5]);
    expect(predictMerge(figures, { ...SUM_PLAN, weights: [0.5, 0.5] }).linear).toBeCloseTo(1, 12);
    for (const rank of [null, 4]) {
      const got = await written(mergeOf([a, a], { ...SUM_PLAN, weights: [0.5, 0.5], rank }));
      for (const [name, m] of await wholes(a)) {
        expect(frobenius(subtract(m, (await wholes(got)).get(name) as Matrix64))).toBeLessThan(1e-6 * frobenius(m));
      }
    }
  });

  it('s is applied once when it is cut, and rsLoRA is not √r too large', async () => {
    const a = await made(RSLORA, { layers: [0], rank: 4, seed: 4 });
    const b = await made(RSLORA, { layers: [0], rank: 2, seed: 5 });
    const [wanted] = (await sums(a, b, [1, 1])).values();
    const got = await written(mergeOf([a, b], { ...SUM_PLAN, rank: 5 }));
    const [module] = got.adapter.modules;
    expect(module.rule).toBe('α/√r');
    // s is that of the first adapter, by its own rule: α = 5 at rank 4.
    expect(module.scaling).toBeCloseTo(5 / 2, 12);
    const [m] = (await wholes(got)).values();
    expect(singularValues(m)[0] / singularValues(wanted)[0]).toBeCloseTo(1, 6);
  });

  it('equal s and weights of 1 round nothing: the factors of both are the same bits', async () => {
    for (const dtype of ['F16', 'BF16'] as const) {
      const a = await made(PEFT, { layers: [0], rank: 2, seed: 1, dtype });
      const b = await made(PEFT, { layers: [0], rank: 2, seed: 2, dtype });
      const got = await written(mergeOf([a, b], { ...SUM_PLAN, weights: [1, -1] }));
      const [x, y, z] = await Promise.all(
        [a, b, got].map(async (of) => opened(await readFactors(of.source, of.adapter.modules[0])) as ModuleFactors),
      );
      expect([...z.A.data]).toEqual([...x.A.data, ...y.A.data]);
      expect(z.B.data[2]).toBe(-y.B.data[0]);
      expect(got.adapter.modules[0]).toMatchObject({ rank: 4, alpha: 12, scaling: 3, dtype });
    }
  });

  it('α that a 16-bit tensor cannot hold becomes float32', async () => {
    const a = await made({ ...KOHYA, own: true }, { layers: [1], rank: 7, seed: 1, dtype: 'BF16' });
    const b = await made({ ...KOHYA, own: true }, { layers: [1], rank: 4, seed: 2, dtype: 'BF16' });
    const got = await written(mergeOf([a, b], SUM_PLAN));
    expect(got.adapter.modules[0].tensors.alpha?.dtype).toBe('F32');
    expect(got.adapter.modules[0].scaling).toBeCloseTo(3 / 7, 7);
  });
});

describe('merging', () => {
  it('random files: exact but for the type, and cut with the error foretold', async () => {
    const { uniform } = stream(11, 'merges');
    const pick = <T>(of: readonly T[]): T => of[Math.floor(uniform() * of.length)];
    for (let n = 0; n < 60; n++) {
      const [first, second] = pick([
        [pick([PEFT, RSLORA, KOHYA, MLX]), pick([PEFT, RSLORA, KOHYA, MLX])],
        [pick([DIFFUSERS, KOHYA_UNET]), pick([DIFFUSERS, KOHYA_UNET])],
      ]);
      const dtype = pick(['F32', 'F16', 'BF16'] as const);
      const size = () => ({ rank: 1 + Math.floor(uniform() * 6), layers: pick([[0, 1, 2], [1, 2], [2]]), dtype, d: 6 });
      const [a, b] = [
        await made(first, { ...size(), seed: 2 * n }),
        await made(second, { ...size(), seed: 2 * n + 1 }),
      ];
      const weights = [pick([1, -1, 0.3, 1.7, 0]), pick([1, 0.5, -0.8])] as const;
      const plan: MergePlan = {
        ...SUM_PLAN,
        weights,
        rank: pick([null, 1, 2, 4]),
        others: pick(['carried', 'left out'] as const),
        dtype: pick([null, 'F32', 'BF16'] as const),
      };
      const got = await written(mergeOf([a, b], plan));
      expect(got.bytes).toBe(mergedFileSize([a.adapter, b.adapter], plan));
      const foretold = predictMerge(await figuresOfPair(a, b, weights), plan);
      const measured = opened(await opened(mergeOf([a, b], plan)).measure(got)) as { error: number };
      const rounding = { F32: 3e-7, F16: 2e-3, BF16: 1.5e-2 }[plan.dtype ?? dtype];
      expect(Math.abs(measured.error - foretold.error)).toBeLessThan(rounding);
      if (plan.rank === null) expect(foretold.error).toBe(0);
      expect(Math.max(...got.adapter.modules.map(({ rank }) => rank))).toBe(foretold.rank);
    }
  });

  it('carries modules that one file alone has, times their weight, or leaves them out', async () => {
    const a = await made(PEFT, { layers: [0, 1], rank: 2, seed: 1 });
    const b = await made(KOHYA, { layers: [1, 2], rank: 3, seed: 2 });
    const out = await written(mergeOf([a, b], { ...SUM_PLAN, others: 'left out' }));
    expect(out.adapter.modules.map(({ name }) => name)).toEqual(['model.layers.1.mlp.up_proj']);
    const all = await written(mergeOf([a, b], { ...SUM_PLAN, weights: [1, 3] }));
    expect(all.adapter.modules.map(({ name, rank }) => [name, rank])).toEqual([
      ['model.layers.0.mlp.up_proj', 2],
      ['model.layers.1.mlp.up_proj', 5],
      ['model.layers.2.mlp.up_proj', 3],
    ]);
    expect(all.adapter.config?.text).toContain('"up_proj"');
  });

  it('carries what is no pair B·A whole, at weight 1 only', async () => {
    const x = await made(KOHYA_UNET, { layers: [0], rank: 2, seed: 1 });
    const loha = ['w1_a', 'w1_b', 'w2_a', 'w2_b'].map((part): TestTensor => {
      const shape = part.endsWith('a') ? [6, 2] : [2, 8];
      return { name: `lora_unet_conv_in.hada_${part}`, shape, values: normalMatrix(shape[0], shape[1], 1, part).data };
    });
    const pair = await wholeTensors(x);
    const file = await makeFile('mixed.safetensors', [
      ...pair,
      ...loha,
      { name: 'lora_unet_conv_in.alpha', shape: [], values: [2] },
    ]);
    const a = { source: file.source, adapter: opened(await openAdapter(file.source, null, null)) };
    const b = await made(KOHYA_UNET, { layers: [0], rank: 2, seed: 2 });
    const got = await written(mergeOf([a, b], { ...SUM_PLAN, rank: 3 }));
    expect(got.adapter.modules.map(({ kind, rank }) => [kind, rank])).toEqual([
      ['loha', 2],
      ['lora', 3],
    ]);
    expect(matchModules(a.adapter, b.adapter).notPairs).toEqual([[0], []]);
    expect(mergeOf([a, b], { ...SUM_PLAN, weights: [2, 1] })).toMatchObject({
      fault: 'Not every module can be weighted.',
    });
  });

  it('α that a person has told is written for every module, carried ones too', async () => {
    const untold: Kind = { ...DIFFUSERS, beside: () => ({}) };
    const [x, y] = [
      await made(untold, { layers: [0, 1], rank: 2, seed: 1 }),
      await made(KOHYA_UNET, { layers: [1, 2], rank: 3, seed: 2 }),
    ];
    const a = { ...x, adapter: withAlpha(x.adapter, { alpha: 5 }) };
    const got = await written(mergeOf([a, y], SUM_PLAN));
    // Diffusers looks for it there, and makes its layers by target_modules.
    expect(got.adapter.alphaFrom).toBe('metadata');
    expect(got.adapter.header.tensors.filter(({ name }) => name.endsWith('alpha'))).toEqual([]);
    expect(JSON.parse(got.adapter.header.metadata.lora_adapter_metadata)['unet.target_modules'].sort()).toEqual(
      [0, 1, 2].map((i) => `down_blocks.${i}.attentions.0.proj_in`),
    );
    const [wanted, read] = [await sums(a, y, [1, 1]), await wholes(got)];
    expect([...read.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, m] of wanted) {
      expect(frobenius(subtract(m, read.get(name) as Matrix64))).toBeLessThan(1e-6 * frobenius(m));
    }
  });

  it('a header that tells of ranks and α tells of the new ones, beside a config too', async () => {
    const said = { 'unet.r': 2, 'unet.lora_alpha': 3, 'unet.target_modules': ['down_blocks.0.attentions.0.proj_in'] };
    const both: Kind = {
      ...DIFFUSERS,
      beside: (r) => ({ metadata: { lora_adapter_metadata: JSON.stringify(said) }, config: { r, lora_alpha: 3 } }),
    };
    const a = await made(both, { layers: [0], rank: 2, seed: 1 });
    const b = await made(both, { layers: [0, 1], rank: 2, seed: 2 });
    const { file, config } = opened(mergeOf([a, b], SUM_PLAN));
    const sink = blobSink();
    await writeSafetensors(file, sink);
    const source = sourceOf(sink.blob(), 'merged.safetensors');
    const wanted = await sums(a, b, [1, 1]);
    for (const beside of [config, null]) {
      const read = await wholes({ source, adapter: opened(await openAdapter(source, beside, null)) });
      for (const [name, m] of wanted)
        expect(frobenius(subtract(m, read.get(name) as Matrix64))).toBeLessThan(1e-6 * frobenius(m));
    }
    expect(JSON.parse(file.metadata.lora_adapter_metadata)['unet.target_modules']).toEqual([
      'down_blocks.0.attentions.0.proj_in',
      'down_blocks.1.attentions.0.proj_in',
    ]);
  });

  it('an α of two numbers makes room for the one that a person has told', async () => {
    const name = 'lora_unet_mid_block_attentions_0_proj_in';
    const tensors: TestTensor[] = [
      { name: `${name}.lora_down.weight`, shape: [2, 9], values: normalMatrix(2, 9, 1, 'A').data },
      { name: `${name}.lora_up.weight`, shape: [7, 2], values: normalMatrix(7, 2, 1, 'B').data },
      { name: `${name}.alpha`, shape: [2], values: [1, 2] },
    ];
    const file = await makeFile('a.safetensors', tensors);
    const adapter = opened(await openAdapter(file.source, null, { alpha: 4 }));
    const a = { source: file.source, adapter };
    for (const weights of [
      [1, 1],
      [1, 0],
    ] as const) {
      const got = await written(mergeOf([a, a], { ...SUM_PLAN, weights }));
      const [wanted, read] = [await sums(a, a, weights), await wholes(got)];
      for (const [of, m] of wanted)
        expect(frobenius(subtract(m, read.get(of) as Matrix64))).toBeLessThan(1e-6 * frobenius(m));
    }
  });

  it('a convolution keeps its kernel', async () => {
    const shape = [3, 4, 3, 3];
    const conv = async (seed: number) => {
      const tensors: TestTensor[] = [
        { name: 'lora_unet_conv_in.lora_down.weight', shape, values: normalMatrix(3, 36, seed, 'A').data },
        { name: 'lora_unet_conv_in.lora_up.weight', shape: [8, 3, 1, 1], values: normalMatrix(8, 3, seed, 'B').data },
        { name: 'lora_unet_conv_in.alpha', shape: [], values: [seed] },
      ];
      const file = await makeFile('conv.safetensors', tensors);
      return { source: file.source, adapter: opened(await openAdapter(file.source, null, null)) };
    };
    const [a, b] = [await conv(1), await conv(2)];
    const got = await written(mergeOf([a, b], SUM_PLAN));
    expect(got.adapter.modules[0].tensors.down?.shape).toEqual([6, 4, 3, 3]);
    expect(got.adapter.modules[0].tensors.up?.shape).toEqual([8, 6, 1, 1]);
    const [m] = (await wholes(got)).values();
    const [wanted] = (await sums(a, b, [1, 1])).values();
    expect(frobenius(subtract(m, wanted))).toBeLessThan(1e-6 * frobenius(wanted));
  });

  it('weights beyond what any type holds are refused, and no NaN is written', async () => {
    const a = await made(PEFT, { layers: [0], rank: 2, seed: 1 });
    for (const weight of [1e200, 1e308])
      await expect(written(mergeOf([a, a], { ...SUM_PLAN, weights: [weight, weight] }))).rejects.toThrow(
        'An update is too large.',
      );
  });

  it('is refused with the reason', async () => {
    const a = await made(PEFT, { layers: [0], rank: 2, seed: 1 });
    const without = await made({ ...PEFT, beside: () => ({}) }, { layers: [0], rank: 2, seed: 1 });
    expect(mergeOf([without, without], SUM_PLAN)).toMatchObject({ fault: 'α of “1.safetensors” is not known.' });
    expect(mergeOf([a, await made(KOHYA_UNET, { layers: [0], rank: 2, seed: 2 })], SUM_PLAN)).toMatchObject({
      fault: 'The two files have no module in common.',
    });
    expect(mergeOf([a, a], { ...SUM_PLAN, weights: [0, 0] })).toMatchObject({ fault: 'Nothing would be left.' });
    const other = await made(PEFT, { layers: [0, 1], rank: 2, seed: 2, d: 8 });
    const both = await made(PEFT, { layers: [1], rank: 2, seed: 2, d: 8 });
    const first = {
      ...a,
      adapter: { ...a.adapter, modules: [...a.adapter.modules, { ...both.adapter.modules[0], index: 1 }] },
    };
    expect(mergeOf([first, other], SUM_PLAN)).toMatchObject({
      fault: '1 module has another shape in the second file.',
    });
    // Cross-attention that reads texts of two widths, all else alike: two versions of Stable Diffusion.
    const reading = (of: typeof a, k: number) => {
      const [module] = of.adapter.modules;
      const place = { layer: 'mid', order: [0], group: 'cross-attention', type: 'k' };
      const more = { ...module, name: 'text', canonical: 'text', index: 1, k, place };
      return { ...of, adapter: { ...of.adapter, modules: [module, more] } };
    };
    expect(mergeOf([reading(a, 768), reading(a, 1024)], SUM_PLAN)).toMatchObject({
      fault: 'These adapters belong to two models.',
      details: expect.stringContaining('768 and 1024 features'),
    });
  });
});
