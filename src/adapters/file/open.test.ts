import { describe, expect, it } from 'vitest';
import { multiply } from '../../math/matrix.ts';
import { convertedFile } from './convert/converted-file.ts';
import { readFactors, readUpdate } from './factors.ts';
import { fileFigures } from './figures/file-figures.ts';
import { blobSink, sourceOf } from './file-source.ts';
import type { Adapter, ByteSource, Module } from './model.ts';
import { openAdapter } from './open.ts';
import { mergeOf } from './pair/merged-file.ts';
import { grownFile } from './resize/grown-file.ts';
import { alphaNameOf } from './resize/outline.ts';
import { spectraOf } from './resize/predict-resize.ts';
import { resizedFile } from './resize/resized-file.ts';
import { copiedTensor, writeSafetensors } from './safetensors/write.ts';
import { withAlpha } from './scaling.ts';
import { fixtures } from './testing/fixtures.ts';
import { makeFile, makePair, normalMatrix, SUM_PLAN, type TestTensor } from './testing/make-file.ts';
import { warningsOf } from './warnings/warnings.ts';

async function opened(source: ByteSource, config: string | null = null): Promise<Adapter> {
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(`${adapter.fault} ${adapter.details}`);
  return adapter;
}

async function updateOf(source: ByteSource, module: Module) {
  if (module.kind === 'lora') {
    const factors = await readFactors(source, module);
    if ('fault' in factors) throw new Error(factors.fault);
    return multiply(factors.B, factors.A);
  }
  const update = await readUpdate(source, module);
  if (!('matrix' in update)) throw new Error('not formed');
  return update.matrix;
}

const FIXTURES = await fixtures();

describe.each(FIXTURES)('$row', ({ file: { source, config, blob }, modules, naming, alphaFrom, others }) => {
  it('is read as it was made', async () => {
    const adapter = await opened(source, config);
    expect(adapter).toMatchObject({ naming, alphaFrom, unpaired: [] });
    expect(adapter.others.map(({ name }) => name)).toEqual(others);
    const read = new Map(adapter.modules.map((module) => [module.name, module]));
    expect([...read.keys()].sort()).toEqual(modules.map(({ name }) => name).sort());
    for (const { update, alpha = null, kernel = null, magnitude = null, ...same } of modules) {
      const module = read.get(same.name);
      if (!module) throw new Error(same.name);
      expect(module).toMatchObject({ ...same, alpha, kernel, magnitude, d: update.rows, k: update.cols });
      const { data } = await updateOf(source, module);
      expect(data).toHaveLength(update.data.length);
      data.forEach((x, i) => {
        expect(Math.abs(x - update.data[i])).toBeLessThan(1e-12);
      });
    }
  });

  it('is written back byte for byte', async () => {
    const { header } = await opened(source, config);
    const sink = blobSink();
    const tensors = header.tensors.map((tensor) => copiedTensor(source, tensor));
    await writeSafetensors({ metadata: header.metadata, tensors }, sink);
    const [written, before] = [
      new Uint8Array(await sink.blob().arrayBuffer()),
      new Uint8Array(await blob.arrayBuffer()),
    ];
    // MLX writes another header, with null for no metadata.
    if (naming !== 'mlx') return expect(written).toEqual(before);
    const again = await opened(sourceOf(sink.blob(), 'again'), config);
    for (const { name, from, to } of header.tensors) {
      const same = again.header.tensors.find((one) => one.name === name);
      expect(written.slice(same?.from, same?.to)).toEqual(before.slice(from, to));
    }
  });
});

/** A pair of rank 2 for a layer of 3 inputs and 4 outputs. */
const pairOf = (down: string, up: string, rank = 2) => {
  const { B, A } = makePair(4, 3, Array(rank).fill(1), 1);
  return [
    { name: down, shape: [rank, 3], values: A.data },
    { name: up, shape: [4, rank], values: B.data },
  ];
};

describe('pairs of attention processors', () => {
  const block = 'down_blocks.1.attentions.0.transformer_blocks.0.attn1';
  const flat = `lora_unet_${block.replaceAll('.', '_')}`;
  it.each([
    [`${block}.processor.to_k_lora_down.weight`, `${block}.to_k`],
    [`unet.${block}.processor.to_out_lora_down.weight`, `unet.${block}.to_out.0`],
    [`${flat}_processor_to_k_lora_down.weight`, `${flat}_to_k`],
    [`${flat}_to_out_lora_down.weight`, `${flat}_to_out_0`],
    ['double_blocks.0.processor.proj_lora1.down.weight', 'double_blocks.0.img_attn.proj'],
    ['double_blocks.18.processor.qkv_lora2.down.weight', 'double_blocks.18.txt_attn.qkv'],
  ])('%s adapts %s', async (down, name) => {
    const up = down.replace(/down(?=\.weight$)/, 'up');
    const { source } = await makeFile('pairs.safetensors', pairOf(down, up));
    const { modules, others } = await opened(source);
    expect([modules.map((module) => module.name), others]).toEqual([[name], []]);
    expect(modules[0].tensors).toMatchObject({ down: { name: down }, up: { name: up } });
    // A separate α tensor is read as its own.
    const alpha = { name: alphaNameOf(down), shape: [], values: [8] };
    const again = await makeFile('pairs.safetensors', [...pairOf(down, up), alpha]);
    expect((await opened(again.source)).modules).toMatchObject([{ name, alpha: 8, scaling: 4 }]);
  });

  it('and those of kohya have one canonical name', async () => {
    const canonical = async (down: string, up: string) => {
      const { source } = await makeFile('pairs.safetensors', pairOf(down, up));
      return (await opened(source)).modules[0].canonical;
    };
    const xlabs = 'double_blocks.0.processor.qkv_lora1';
    const kohya = 'lora_unet_double_blocks_0_img_attn_qkv';
    expect(await canonical(`${xlabs}.down.weight`, `${xlabs}.up.weight`)).toBe(
      await canonical(`${kohya}.lora_down.weight`, `${kohya}.lora_up.weight`),
    );
  });
});

describe('AdaLoRA', () => {
  const name = 'base_model.model.model.layers.0.self_attn.q_proj';
  const [A, B, E] = [normalMatrix(2, 4, 1, 'A').data, normalMatrix(3, 2, 1, 'B').data, [0.5, -2]];
  const tensors: TestTensor[] = [
    { name: `${name}.lora_A`, shape: [2, 4], values: A },
    { name: `${name}.lora_B`, shape: [3, 2], values: B },
    { name: `${name}.lora_E`, shape: [2, 1], values: E },
  ];
  const config = { peft_type: 'ADALORA', r: 8, init_r: 12, lora_alpha: 32, rank_pattern: { [name]: [true, false] } };
  const whole = async () => {
    const file = await makeFile('ada.safetensors', tensors, { config });
    return { source: file.source, adapter: await opened(file.source, file.config) };
  };

  it('is B·(E∘A)·α/(r₀ + 10⁻⁵), as get_delta_weight of PEFT has it', async () => {
    const { source, adapter } = await whole();
    const [module] = adapter.modules;
    expect(module).toMatchObject({ kind: 'lora', d: 3, k: 4, rank: 2, alpha: 32 });
    expect(module.scaling).toBeCloseTo(32 / (12 + 1e-5), 14);
    const factors = await readFactors(source, module);
    if ('fault' in factors) throw new Error(factors.fault);
    const update = multiply(factors.B, factors.A);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 4; j++)
        expect(update.data[4 * i + j]).toBeCloseTo(B[2 * i] * E[0] * A[j] + B[2 * i + 1] * E[1] * A[4 + j], 14);
    expect(warningsOf(adapter, [await fileFigures(source, module)]).map(({ about }) => about)).toContain('adalora');
  });

  it('is not written, and merged into another file it becomes plain LoRA', async () => {
    const ada = await whole();
    expect(grownFile(ada.source, ada.adapter, { rank: 8, seed: 0 })).toHaveProperty(
      'fault',
      'AdaLoRA is read, and not written.',
    );
    expect(await convertedFile(ada.source, ada.adapter, 'kohya')).toHaveProperty(
      'fault',
      'AdaLoRA is read, and not written.',
    );
    const plan = {
      weights: [1, 1],
      method: 'sum',
      rank: null,
      density: 1,
      seed: 0,
      others: 'carried',
      dtype: null,
    } as const;
    expect(mergeOf([ada, ada], plan)).toHaveProperty('fault', 'AdaLoRA is read, and not written.');
    const marks = ['lora_A', 'lora_B'].map((mark, i) => ({ ...tensors[i], name: `${name}.${mark}.weight` }));
    const file = await makeFile('plain.safetensors', marks, { config: { r: 2, lora_alpha: 4 } });
    const plain = { source: file.source, adapter: await opened(file.source, file.config) };
    const merged = mergeOf([plain, ada], plan);
    if ('fault' in merged) throw new Error(merged.details);
    const sink = blobSink();
    await writeSafetensors(merged.file, sink);
    const source = sourceOf(sink.blob(), 'sum.safetensors');
    const sum = await updateOf(source, (await opened(source, merged.config)).modules[0]);
    const [s, plainS] = [ada.adapter.modules[0].scaling ?? 0, 2];
    const [x, y] = [
      await updateOf(plain.source, plain.adapter.modules[0]),
      await updateOf(ada.source, ada.adapter.modules[0]),
    ];
    // The merged file has s = 2, too.
    for (let e = 0; e < 12; e++) expect(2 * sum.data[e]).toBeCloseTo(plainS * x.data[e] + s * y.data[e], 5);
  });
});

describe('pairs of no known tool', () => {
  const values = (shape: readonly number[]) => new Float64Array(shape.reduce((n, m) => n * m, 1)).fill(0.5);
  const file = async (...named: (readonly [name: string, ...shape: number[]])[]) => {
    const made = await makeFile(
      'odd.safetensors',
      named.map(([name, ...shape]) => ({ name, shape, values: values(shape) })),
    );
    return openAdapter(made.source, null, null);
  };
  const modules = (of: Awaited<ReturnType<typeof file>>) =>
    'fault' in of ? of.fault : of.modules.map(({ name, d, k, rank, transposed }) => [name, d, k, rank, transposed]);

  it.each([
    ['cloneofsimo', ['unet:0:down', 2, 8], ['unet:0:up', 6, 2], ['unet:0', 6, 8, 2, false]],
    ['SAM', ['w_a_000', 2, 8], ['w_b_000', 6, 2], ['w_000', 6, 8, 2, false]],
    ['transposed', ['blocks/3/a', 8, 2], ['blocks/3/b', 2, 6], ['blocks/3', 6, 8, 2, true]],
    ['a convolution', ['x:down', 2, 4, 3, 3], ['x:up', 8, 2, 1, 1], ['x', 8, 36, 2, false]],
  ] as const)('%s: by their ends and shapes, with a word about it', async (_, down, up, wanted) => {
    const found = await file(down, up);
    expect(modules(found)).toEqual([[...wanted]]);
    if ('fault' in found) throw new Error(found.fault);
    expect([found.naming, found.alphaFrom]).toEqual(['other', 'absent']);
    expect(warningsOf(found, [null]).map(({ about }) => about)).toContain('unknown-names');
    expect(await convertedFile(sourceOf(new Blob(), ''), withAlpha(found, 'rank'), 'peft')).toHaveProperty(
      'fault',
      'The names are of no known tool.',
    );
  });

  it('are not guessed where a matrix is in none, ranks are not low, or halves are doubled', async () => {
    const pair = [
      ['x:down', 2, 8],
      ['x:up', 6, 2],
    ] as const;
    for (const others of [
      [['head.weight', 9, 8]],
      [['norm.weight', 8]],
      [['y:down', 2, 8]],
      [
        ['x.down.weight', 2, 8],
        ['x.up.weight', 6, 2],
        ['x_down.weight', 2, 8],
        ['x_up.weight', 6, 2],
        ['y:a', 2, 8],
      ],
    ] as const)
      expect(modules(await file(...pair, ...(others as never as (readonly [string, ...number[]])[])))).toBe(
        'No LoRA pairs found.',
      );
    expect(modules(await file(['mlp.down', 8, 12], ['mlp.up', 12, 8]))).toBe('No LoRA pairs found.');
  });
});

describe('what is not read is called by its name', () => {
  const layer = 'base_model.model.model.layers.0';
  const q = `${layer}.self_attn.q_proj`;
  const one = (name: string, ...shape: number[]) => ({
    name,
    shape,
    values: Array(shape.reduce((a, b) => a * b, 1)).fill(1),
  });
  const adalora = [...pairOf(`${q}.lora_A`, `${q}.lora_B`), one(`${q}.lora_E`, 2, 1)];
  const plain = pairOf(`${q}.lora_A.weight`, `${q}.lora_B.weight`);
  it.each<[string, TestTensor[], object | null, RegExp]>([
    ['AdaLoRA', adalora, { peft_type: 'ADALORA', init_r: 12, lora_alpha: 32 }, /^open$/],
    ['AdaLoRA without its config', adalora, null, /^open$/],
    [
      'the config of AdaLoRA',
      plain,
      { peft_type: 'ADALORA', r: 2, lora_alpha: 32 },
      /^This is no whole AdaLoRA file\. .*lora_E/,
    ],
    ['VeRA', [one(`${q}.vera_lambda_b`, 4)], { peft_type: 'VERA' }, /^VeRA is not read\. It.* frozen/],
    ['a prefix', [one('prompt_embeddings', 4, 8)], { peft_type: 'PREFIX_TUNING' }, /^Prefix tuning is not read\./],
    ['an embedding', [one('emb_params', 4, 8)], null, /^A textual inversion is not read\./],
    ['OFT', [one(`${q}.oft_R.weight`, 4, 4)], null, /^OFT is not read\./],
    ['OFT of LyCORIS', [one('lora_unet_x.oft_blocks', 2, 2, 2), one('lora_unet_x.alpha')], null, /^OFT is not read\./],
    [
      'LN tuning',
      [one(`${layer}.input_layernorm.ln_tuning_layers.weight`, 4)],
      { peft_type: 'LN_TUNING' },
      /^LN tuning is/,
    ],
    ['IA³', [one(`${q}.ia3_l`, 4, 1)], { peft_type: 'IA3' }, /^IA³ is not read\./],
    ['DeLoRA', pairOf(`${q}.delora_A`, `${q}.delora_B`), { peft_type: 'DELORA' }, /^DeLoRA is not read\./],
    ['GraLoRA without its config', [one(`${q}.gralora_A`, 2, 4, 2)], null, /^GraLoRA is not read\./],
    ['BD-LoRA', plain, { r: 2, use_bdlora: { nblocks: 2 } }, /^BD-LoRA is not read\. .*\(use_bdlora\)\.$/],
    ['KaSA', plain, { r: 2, kasa_config: {} }, /^KaSA is not read\./],
    [
      'no such variant',
      plain,
      { r: 2, lora_alpha: 4, use_bdlora: null, use_qalora: false, kasa_config: null },
      /^open$/,
    ],
    ['another kind by its config', [one(`${layer}.odd.weight`, 4)], { peft_type: 'ODD' }, /config\.json says “ODD”/],
    [
      'pairs of unknown names',
      pairOf('x.lora_first.weight', 'x.lora_second.weight'),
      null,
      /“x\.lora_first\.weight” is named like a part of an adapter, but/,
    ],
    ['norms', [one('model.norm.weight', 4)], null, /names are of no kind that is read \(“model/],
    ['a whole model', [one('model.q_proj.weight', 4, 3), one('model.norm.weight', 4)], null, /look like a whole model/],
    ['no target_parameters', plain, { r: 2, lora_alpha: 4, target_parameters: null }, /^open$/],
  ])('%s', async (_, tensors, config, sentence) => {
    const { source } = await makeFile('odd.safetensors', tensors);
    const found = await openAdapter(source, config && JSON.stringify(config), null);
    const said = 'fault' in found ? `${found.fault} ${found.details}` : 'open';
    expect(said).toMatch(sentence);
    if (!/whole model/.test(sentence.source)) expect(said).not.toContain('whole model');
  });

  it('factors of integers are quantised, and no LoRA pair', async () => {
    const { blob } = await makeFile('odd.safetensors', plain);
    const latin = new TextDecoder('latin1').decode(await blob.arrayBuffer()).replaceAll('"F32"', '"I32"');
    const source = sourceOf(new Blob([Uint8Array.from(latin, (letter) => letter.charCodeAt(0))]), 'odd.safetensors');
    expect(await openAdapter(source, null, null)).toMatchObject({
      fault: 'No LoRA pairs found.',
      details: expect.stringContaining('Its numbers are I32; factors are read as F64, F32, F16, BF16 or F8.'),
    });
  });
});

describe('α', () => {
  const diffusers = FIXTURES.find(({ row }) => row === 'diffusers');
  const kohya = FIXTURES.find(({ row }) => row === 'kohya');
  if (!diffusers || !kohya) throw new Error('no such row');

  it('is never assumed, but as diffusers takes it for its own files', async () => {
    const scalings = async (...tensors: TestTensor[][]) => {
      const { source } = await makeFile('plain.safetensors', tensors.flat());
      const { alphaFrom, modules } = await opened(source);
      return [alphaFrom, ...modules.map(({ scaling }) => scaling)];
    };
    const lora = (name: string, rank = 2) => pairOf(`${name}.lora_A.weight`, `${name}.lora_B.weight`, rank);
    const [q, k] = ['transformer.transformer_blocks.0.attn.to_q', 'transformer.transformer_blocks.0.attn.to_k'];
    expect(await scalings(lora(q), lora(k))).toEqual(['diffusers', 1, 1]);
    expect(await scalings(lora(q), lora('text_encoder.text_model.encoder.layers.0.self_attn.q_proj', 3))).toEqual([
      'diffusers',
      1,
      1,
    ]);
    // If ranks differ, diffusers takes the first of them for α, so s differs.
    expect(await scalings(lora(q), lora(k, 3))).toEqual(['absent', null, null]);
    expect(await scalings(lora('base_model.model.q'))).toEqual(['absent', null]);
    const alpha = { name: `${q}.alpha`, shape: [], values: [1] };
    expect(await scalings(lora(q), lora(k), [alpha])).toEqual(['absent', 0.5, null]);
  });

  it('is asked for again at will', async () => {
    const adapter = await opened(diffusers.file.source);
    const asRank = withAlpha(adapter, 'rank');
    expect(asRank.alphaFrom).toBe('person');
    expect(asRank.modules.map(({ alpha, scaling }) => [alpha, scaling])).toEqual([
      [1, 1],
      [2, 1],
      [2, 1],
    ]);
    const asNumber = withAlpha(asRank, { alpha: 4 });
    expect(asNumber.modules.map(({ scaling }) => scaling)).toEqual([4, 2, 2]);
    const unknown = withAlpha(asNumber, 'unknown');
    expect(unknown.alphaFrom).toBe('absent');
    expect(unknown.modules.map(({ alpha, scaling }) => [alpha, scaling])).toEqual(Array(3).fill([null, null]));
    expect(await openAdapter(diffusers.file.source, null, { alpha: 4 })).toEqual(asNumber);
  });

  it('of the file is not changed by what a person says', async () => {
    const adapter = await opened(kohya.file.source);
    expect(withAlpha(adapter, { alpha: 100 })).toEqual(adapter);
  });

  it('is asked for where the config has a pattern that is not understood', async () => {
    const { source } = kohya.file;
    const plain = await makeFile('plain.safetensors', [
      { name: 'a.q.lora_A.weight', shape: [1, 2], values: [1, 2] },
      { name: 'a.q.lora_B.weight', shape: [2, 1], values: [1, 2] },
    ]);
    const config = '{"r": 1, "lora_alpha": 2, "alpha_pattern": {"(?!b)q": 4}}';
    const adapter = await opened(plain.source, config);
    expect(adapter.modules[0].alpha).toBe(null);
    expect(warningsOf(adapter, [null])[0].details).toContain('is not understood');
    // α in the file needs no pattern.
    expect((await opened(source, config)).alphaFrom).toBe('file');
  });

  it('is asked for where some modules lack it, or it is not a number', async () => {
    const pair = (name: string, alpha: number | null) => [
      { name: `${name}.lora_down.weight`, shape: [1, 2], values: [1, 2] },
      { name: `${name}.lora_up.weight`, shape: [2, 1], values: [1, 2] },
      ...(alpha === null ? [] : [{ name: `${name}.alpha`, shape: [], values: [alpha] }]),
    ];
    for (const odd of [null, Number.NaN]) {
      const { source } = await makeFile('some.safetensors', [...pair('a', 3), ...pair('b', odd)]);
      const adapter = await opened(source);
      expect(adapter.alphaFrom).toBe('absent');
      expect(adapter.modules.map(({ alpha }) => alpha)).toEqual([3, null]);
      expect(withAlpha(adapter, { alpha: 5 }).modules.map(({ alpha }) => alpha)).toEqual([3, 5]);
    }
  });

  it.each<[string, number[], number[]]>([
    ['of two numbers', [2], [4, 4]],
    ['without a number', [0], []],
    ['that is NaN', [], [Number.NaN]],
  ])('%s is replaced in what is written, once a person has said it', async (_, shape, values) => {
    const name = 'lora_unet_mid_block_attentions_0_proj_in';
    const { source } = await makeFile('odd.safetensors', [
      ...pairOf(`${name}.lora_down.weight`, `${name}.lora_up.weight`),
      { name: `${name}.alpha`, shape, values },
    ]);
    const adapter = withAlpha(await opened(source), { alpha: 6 });
    const figures = [await fileFigures(source, adapter.modules[0])];
    const plan = {
      way: { by: 'hand', ranks: [2] },
      most: null,
      mostOfConvolutions: null,
      dtype: null,
      split: 'both',
    } as const;
    const both = { source, adapter };
    for (const [made, rank, alpha] of [
      [resizedFile(source, adapter, spectraOf(adapter, figures), plan, [1]), 1, 3],
      [resizedFile(source, adapter, spectraOf(adapter, figures), plan, [2]), 2, 6],
      [await convertedFile(source, adapter, 'diffusers'), 2, 6],
      [mergeOf([both, both], SUM_PLAN), 4, 12],
      [mergeOf([both, both], { ...SUM_PLAN, weights: [1, 0] }), 2, 6],
    ] as const) {
      if ('fault' in made) throw new Error(made.fault);
      const sink = blobSink();
      await writeSafetensors(made.file, sink);
      expect((await opened(sourceOf(sink.blob(), 'new.safetensors'))).modules).toMatchObject([
        { rank, alpha, scaling: 3 },
      ]);
    }
  });
});
