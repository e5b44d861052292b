import { describe, expect, it } from 'vitest';
import { fileFigures } from '../figures/file-figures.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, AlphaAnswer, ByteSource, Figures, ResizePlan, TensorEntry } from '../model.ts';
import { openAdapter } from '../open.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { readConfig } from '../scaling.ts';
import { makeFile, makePair, normalMatrix, type TestFile, type TestTensor } from '../testing/make-file.ts';
import { WriteError } from './metadata.ts';
import { predictResize, spectraOf } from './predict-resize.ts';
import { measureErrors, resizedFile } from './resized-file.ts';

const PLAN: ResizePlan = {
  way: { by: 'rank', rank: 3 },
  most: null,
  mostOfConvolutions: null,
  dtype: null,
  split: 'both',
};
const SIGMA = [5, 3, 2, 1, 0.5, 0.2];

interface Opened {
  readonly source: ByteSource;
  readonly adapter: Adapter;
}
async function opened(source: ByteSource, config: string | null, answer: AlphaAnswer | null = null): Promise<Opened> {
  const adapter = await openAdapter(source, config, answer);
  if ('fault' in adapter) throw new Error(adapter.details);
  return { source, adapter };
}

/** Cuts a file, opens the result without a person's answer, and compares it with the prediction. */
async function cut(made: TestFile, plan: Partial<ResizePlan> = {}, answer: AlphaAnswer | null = null) {
  const before = await opened(made.source, made.config, answer);
  const figures: Figures[] = [];
  for (const module of before.adapter.modules) figures.push(await fileFigures(before.source, module));
  const spectra = spectraOf(before.adapter, figures);
  const whole = { ...PLAN, ...plan };
  const foretold = predictResize(before.adapter, spectra, whole);
  const file = resizedFile(before.source, before.adapter, spectra, whole, foretold.ranks);
  if ('fault' in file) throw new WriteError(file);
  const sink = blobSink();
  expect(await writeSafetensors(file.file, sink)).toBe(foretold.bytes);
  const after = await opened(sourceOf(sink.blob(), made.source.name), file.config);
  const measured = await measureErrors(before, after);
  if ('fault' in measured) throw new Error(measured.details);
  return { before, after, foretold, measured, config: file.config };
}

async function bytesOf(source: ByteSource, { from, to }: TensorEntry) {
  return [...(await source.read(from, to))];
}

const find = (adapter: Adapter, name: string) => {
  const found = adapter.header.tensors.find((of) => of.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

const scalings = ({ modules }: Adapter) => modules.map(({ rank, alpha, scaling }) => [rank, alpha, scaling]);

const pair = (
  down: string,
  up: string,
  d: number,
  k: number,
  seed: number,
  dtype: TestTensor['dtype'] = 'F32',
  shapes?: [number[], number[]],
) => {
  const { B, A } = makePair(d, k, SIGMA, seed);
  const [a, b] = shapes ?? [
    [6, k],
    [d, 6],
  ];
  return [
    { name: down, shape: a, values: A.data, dtype },
    { name: up, shape: b, values: B.data, dtype },
  ];
};
const alpha = (name: string, value: number, dtype: TestTensor['dtype'] = 'F32') => ({
  name,
  shape: [],
  values: [value],
  dtype,
});

describe('kohya', () => {
  const linear = 'lora_unet_mid_block_attentions_0_proj_in';
  const conv = 'lora_unet_mid_block_resnets_0_conv1';
  const point = 'lora_unet_mid_block_resnets_0_conv_shortcut';
  const made = () =>
    makeFile(
      'kohya.safetensors',
      [
        ...pair(`${linear}.lora_down.weight`, `${linear}.lora_up.weight`, 20, 24, 1),
        alpha(`${linear}.alpha`, 1, 'BF16'),
        ...pair(`${conv}.lora_down.weight`, `${conv}.lora_up.weight`, 12, 36, 2, 'F16', [
          [6, 4, 3, 3],
          [12, 6, 1, 1],
        ]),
        alpha(`${conv}.alpha`, 3, 'F16'),
        ...pair(`${point}.lora_down.weight`, `${point}.lora_up.weight`, 10, 8, 3, 'F32', [
          [6, 8, 1, 1],
          [10, 6, 1, 1],
        ]),
        alpha(`${point}.alpha`, 6),
        { name: 'something.else', shape: [3], values: [1, 2, 3] },
      ],
      { metadata: { ss_network_dim: '6', ss_network_alpha: '4', ss_seed: '1', sshs_model_hash: 'abc' } },
    );

  it('has α in tensors, its convolutions as they were, and nothing else changed', async () => {
    const { before, after, foretold, measured } = await cut(await made(), { mostOfConvolutions: 2 });
    expect(find(after.adapter, `${conv}.lora_down.weight`).shape).toEqual([2, 4, 3, 3]);
    expect(find(after.adapter, `${conv}.lora_up.weight`).shape).toEqual([12, 2, 1, 1]);
    expect(find(after.adapter, `${point}.lora_down.weight`).shape).toEqual([3, 8, 1, 1]);
    expect(after.adapter.header.tensors.map(({ name }) => name).sort()).toEqual(
      before.adapter.header.tensors.map(({ name }) => name).sort(),
    );
    for (const { name, dtype } of before.adapter.header.tensors) expect(find(after.adapter, name).dtype).toBe(dtype);
    expect(after.adapter.header.metadata).toEqual({
      ss_network_dim: 'Dynamic',
      ss_network_alpha: 'Dynamic',
      ss_seed: '1',
    });
    expect(await bytesOf(after.source, find(after.adapter, 'something.else'))).toEqual(
      await bytesOf(before.source, find(before.adapter, 'something.else')),
    );
    for (const [i, error] of measured.errors.entries()) expect(error).toBeCloseTo(foretold.errors[i], 3);
    for (const [i, { name, rank, scaling }] of after.adapter.modules.entries()) {
      expect(rank).toBe(name === conv ? 2 : 3);
      // 1/6 · 3 is a half, which bfloat16 has.
      expect(scaling).toBeCloseTo(before.adapter.modules[i].scaling ?? 0, 12);
    }
  });

  it.each([
    ['no number', [0], []],
    ['two numbers', [2], [1, 2]],
    ['NaN', [], [Number.NaN]],
    ['∞', [], [Number.POSITIVE_INFINITY]],
  ])('an α of %s: what a person says takes its place', async (_, shape, values) => {
    const tensors = [
      ...pair(`${linear}.lora_down.weight`, `${linear}.lora_up.weight`, 20, 24, 1),
      { name: `${linear}.alpha`, shape, values, dtype: 'F16' as const },
    ];
    const bad = await makeFile('k.safetensors', tensors);
    await expect(cut(bad)).rejects.toThrow('α is not known.');
    for (const [rank, kept] of [
      [3, 6],
      [6, 12],
    ]) {
      const { after, measured, foretold } = await cut(bad, { way: { by: 'rank', rank } }, { alpha: 12 });
      expect(find(after.adapter, `${linear}.alpha`)).toMatchObject({ shape: [], dtype: 'F16' });
      expect(scalings(after.adapter)).toEqual([[rank, kept, 2]]);
      expect(measured.error).toBeCloseTo(foretold.error, 6);
    }
  });

  it('an α that has no float32 is not written', async () => {
    const bad = await makeFile(
      'k.safetensors',
      pair(`${linear}.lora_down.weight`, `${linear}.lora_up.weight`, 20, 24, 1),
    );
    await expect(cut(bad, {}, { alpha: 1e-60 })).rejects.toThrow(WriteError);
  });

  it('makes good for an α that its type rounds', async () => {
    const tensors = [
      ...pair(`${linear}.lora_down.weight`, `${linear}.lora_up.weight`, 20, 24, 1),
      alpha(`${linear}.alpha`, 1, 'BF16'),
    ];
    const { after, before, foretold, measured } = await cut(await makeFile('k.safetensors', tensors), {
      way: { by: 'rank', rank: 5 },
    });
    // 5/6 is not a bfloat16: s is off by a thousandth, ΔW is not.
    expect(
      Math.abs((after.adapter.modules[0].scaling ?? 0) / (before.adapter.modules[0].scaling ?? 1) - 1),
    ).toBeGreaterThan(5e-4);
    expect(measured.error).toBeCloseTo(foretold.error, 6);
  });

  it('has a factor between the two multiplied into A', async () => {
    const a = normalMatrix(6, 4, 1, 'a');
    const mid = normalMatrix(6, 6 * 9, 1, 'mid');
    const up = normalMatrix(12, 6, 1, 'up');
    const tensors = [
      { name: `${conv}.lora_down.weight`, shape: [6, 4, 1, 1], values: a.data },
      { name: `${conv}.lora_mid.weight`, shape: [6, 6, 3, 3], values: mid.data },
      { name: `${conv}.lora_up.weight`, shape: [12, 6, 1, 1], values: up.data },
      alpha(`${conv}.alpha`, 6),
    ];
    const { after, foretold, measured } = await cut(await makeFile('mid.safetensors', tensors));
    expect(find(after.adapter, `${conv}.lora_down.weight`).shape).toEqual([3, 4, 3, 3]);
    expect(after.adapter.header.tensors.length).toBe(3);
    expect(measured.error).toBeCloseTo(foretold.error, 6);
  });

  it('gets α from a person into the file, and is not written without', async () => {
    const made = await makeFile(
      'k.safetensors',
      pair(`${linear}.lora_down.weight`, `${linear}.lora_up.weight`, 20, 24, 1),
    );
    for (const [answer, s] of [
      [{ alpha: 12 }, 2],
      ['rank', 1],
    ] as const) {
      const { after, foretold, measured } = await cut(made, {}, answer);
      expect(scalings(after.adapter)).toEqual([[3, 3 * s, s]]);
      expect(after.adapter.alphaFrom).toBe('file');
      expect(measured.error).toBeCloseTo(foretold.error, 6);
    }
    await expect(cut(made, {}, 'unknown')).rejects.toThrow(WriteError);
  });
});

describe('diffusers', () => {
  it('keeps the config of each component in the metadata', async () => {
    const [q, te] = [
      'unet.down_blocks.0.attentions.0.to_q',
      'text_encoder.text_model.encoder.layers.0.self_attn.q_proj',
    ];
    const said = {
      'unet.r': 6,
      'unet.lora_alpha': 12,
      'unet.rank_pattern': {},
      'text_encoder.r': 6,
      'text_encoder.lora_alpha': 3,
      'text_encoder.use_rslora': true,
      'text_encoder.target_modules': ['q_proj'],
    };
    const made = await makeFile(
      'd.safetensors',
      [
        ...pair(`${q}.lora_A.weight`, `${q}.lora_B.weight`, 20, 24, 1),
        ...pair(`${te}.lora_A.weight`, `${te}.lora_B.weight`, 16, 16, 2),
      ],
      { metadata: { format: 'pt', lora_adapter_metadata: JSON.stringify(said) } },
    );
    const { before, after, foretold, measured } = await cut(made);
    expect(JSON.parse(after.adapter.header.metadata.lora_adapter_metadata)).toEqual({
      ...said,
      'unet.r': 3,
      'unet.lora_alpha': 6,
      'unet.alpha_pattern': {},
      'text_encoder.r': 3,
      'text_encoder.lora_alpha': 3 * Math.sqrt(0.5),
      'text_encoder.rank_pattern': {},
      'text_encoder.alpha_pattern': {},
    });
    for (const [i, { scaling }] of after.adapter.modules.entries()) {
      expect(scaling).toBeCloseTo(before.adapter.modules[i].scaling ?? 0, 12);
    }
    expect(measured.error).toBeCloseTo(foretold.error, 6);
  });

  it.each([
    'unet.down_blocks.0.attentions.0.attn1.processor.to_k_lora',
    'unet.down_blocks.0.attentions.0.to_k.lora',
    'text_encoder.layers.0.self_attn.q_proj.lora_linear_layer',
  ])('gets α from a person: %s', async (stem) => {
    const made = await makeFile('d.safetensors', pair(`${stem}.down.weight`, `${stem}.up.weight`, 20, 24, 1, 'F16'));
    const { after, before } = await cut(made, {}, { alpha: 12 });
    // Diffusers reads no α tensor with such names.
    expect(after.adapter.header.tensors).toHaveLength(2);
    const [component, layer] = /^(unet|text_encoder)\.(.*)/.exec(before.adapter.modules[0].name)?.slice(1) ?? [];
    expect(JSON.parse(after.adapter.header.metadata.lora_adapter_metadata)).toEqual({
      [`${component}.r`]: 3,
      [`${component}.lora_alpha`]: 6,
      [`${component}.rank_pattern`]: {},
      [`${component}.alpha_pattern`]: {},
      [`${component}.target_modules`]: [layer],
    });
    expect(scalings(after.adapter)).toEqual([[3, 6, 2]]);
  });

  it.each([0.1, 70000])('keeps α = %d from a person in a file of float16', async (told) => {
    const made = await makeFile(
      'd.safetensors',
      pair('a.to_k.lora.down.weight', 'a.to_k.lora.up.weight', 20, 24, 1, 'F16'),
    );
    const { after } = await cut(made, { way: { by: 'rank', rank: 6 } }, { alpha: told });
    expect(after.adapter.modules[0].scaling).toBeCloseTo(told / 6, 8);
  });

  it('gets α from a person beside PEFT’s names too', async () => {
    const stem = 'transformer.single_transformer_blocks.0.attn.to_q';
    const made = await makeFile('d.safetensors', pair(`${stem}.lora_A.weight`, `${stem}.lora_B.weight`, 20, 24, 1));
    const { after } = await cut(made, {}, 'rank');
    expect(after.adapter.alphaFrom).toBe('metadata');
    expect(scalings(after.adapter)).toEqual([[3, 3, 1]]);
  });

  it('has α in tensors where ComfyUI looks for it, and where the file has some there', async () => {
    const stem = 'diffusion_model.blocks.0.self_attn.q';
    const comfy = await makeFile('d.safetensors', pair(`${stem}.lora_A.weight`, `${stem}.lora_B.weight`, 20, 24, 1));
    const { after } = await cut(comfy, {}, 'rank');
    expect(find(after.adapter, `${stem}.alpha`).shape).toEqual([]);
    expect(after.adapter.header.metadata).toEqual({});

    const [a, b] = ['unet.mid_block.a.to_k.lora', 'unet.mid_block.b.to_k.lora'];
    const some = await makeFile('d.safetensors', [
      ...pair(`${a}.down.weight`, `${a}.up.weight`, 20, 24, 1),
      alpha(`${a}.alpha`, 12),
      ...pair(`${b}.down.weight`, `${b}.up.weight`, 20, 24, 2),
    ]);
    const both = await cut(some, {}, 'rank');
    expect(both.after.adapter.header.metadata).toEqual({});
    expect(scalings(both.after.adapter)).toEqual([
      [3, 6, 2],
      [3, 3, 1],
    ]);
  });

  /** As train_dreambooth_lora_flux.py saves a file, with the config of PEFT's save_pretrained. */
  const asTrained = (names: string) => {
    const lora = {
      r: 6,
      lora_alpha: 12,
      rank_pattern: {},
      alpha_pattern: {},
      bias: 'none',
      init_lora_weights: 'gaussian',
      target_modules: ['to_k', 'to_q'],
      use_dora: false,
      use_rslora: false,
    };
    const said = Object.fromEntries(Object.entries(lora).map(([key, value]) => [`transformer.${key}`, value]));
    const stems = [`${names}transformer_blocks.0.attn.to_q`, `${names}transformer_blocks.0.attn.to_k`];
    return makeFile(
      'pytorch_lora_weights.safetensors',
      stems.flatMap((stem, i) => pair(`${stem}.lora_A.weight`, `${stem}.lora_B.weight`, 20, 24, i)),
      {
        metadata: { format: 'pt', lora_adapter_metadata: JSON.stringify(said, Object.keys(said).sort(), 2) },
        config: { ...lora, peft_type: 'LORA', base_model_name_or_path: null },
      },
    );
  };

  it.each(['transformer.', 'base_model.model.'])(
    'says the new ranks in its header and its config: %s',
    async (names) => {
      const made = await asTrained(names);
      const before = await opened(made.source, made.config);
      const outcome = await cut(made);
      expect(outcome.measured.error).toBeCloseTo(outcome.foretold.error, 6);
      const { config, header } = outcome.after.adapter;
      expect([config?.r, config?.alpha]).toEqual([3, 6]);
      expect(JSON.parse(header.metadata.lora_adapter_metadata)).toEqual({
        ...JSON.parse(before.adapter.header.metadata.lora_adapter_metadata),
        'transformer.r': 3,
        'transformer.lora_alpha': 6,
      });
    },
  );
});

describe('PEFT', () => {
  const names = ['h.0.attn.c_attn', 'h.1.attn.c_attn', 'h.10.attn.c_attn'];
  const tensors = names.flatMap((name, i) =>
    pair(`base_model.model.${name}.lora_A.weight`, `base_model.model.${name}.lora_B.weight`, 18, 20, i),
  );

  it('has ranks and α in its config, with all else of it', async () => {
    const config = {
      r: 6,
      lora_alpha: 9,
      use_rslora: true,
      fan_in_fan_out: true,
      target_modules: ['c_attn'],
      unknown: { x: [1] },
    };
    const {
      before,
      after,
      foretold,
      measured,
      config: text,
    } = await cut(await makeFile('p.safetensors', tensors, { config }), {
      way: { by: 'hand', ranks: [2, 3, 3] },
    });
    expect(JSON.parse(text ?? '')).toEqual({
      ...config,
      r: 3,
      // The neighbour of 9·√½ that gives 9/√6 to the bit at rank 3.
      lora_alpha: 6.363961030678928,
      rank_pattern: { 'h.0.attn.c_attn': 2 },
      alpha_pattern: { 'h.0.attn.c_attn': 9 * Math.sqrt(1 / 3) },
    });
    for (const [i, { scaling }] of after.adapter.modules.entries()) {
      expect(scaling).toBeCloseTo(before.adapter.modules[i].scaling ?? 0, 12);
    }
    expect(measured.error).toBeCloseTo(foretold.error, 6);
  });

  it('gets a config where a person has told α', async () => {
    const { config, after } = await cut(await makeFile('p.safetensors', tensors), {}, { alpha: 12 });
    expect(JSON.parse(config ?? '')).toEqual({
      peft_type: 'LORA',
      target_modules: ['c_attn'],
      r: 3,
      lora_alpha: 6,
      rank_pattern: {},
      alpha_pattern: {},
    });
    expect(scalings(after.adapter)).toEqual([
      [3, 6, 2],
      [3, 6, 2],
      [3, 6, 2],
    ]);
  });

  it('keeps embeddings, biases and whole layers', async () => {
    const more = [
      ...pair('base_model.model.wte.lora_embedding_A', 'base_model.model.wte.lora_embedding_B', 16, 50, 9),
      { name: 'base_model.model.lm_head.weight', shape: [4, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] },
    ];
    const { after, foretold, measured } = await cut(
      await makeFile('p.safetensors', [...tensors, ...more], { config: { r: 6, lora_alpha: 6 } }),
    );
    expect(find(after.adapter, 'base_model.model.wte.lora_embedding_A').shape).toEqual([3, 50]);
    expect(find(after.adapter, 'base_model.model.wte.lora_embedding_B').shape).toEqual([16, 3]);
    expect(Array.from(await readNumbers(after.source, find(after.adapter, 'base_model.model.lm_head.weight')))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    expect(measured.error).toBeCloseTo(foretold.error, 6);
  });
});

it('MLX keeps its factors transposed and its scale', async () => {
  const { B, A } = makePair(18, 20, SIGMA, 4);
  const turned = ({ rows, cols, data }: typeof B) =>
    Array.from({ length: rows * cols }, (_, at) => data[(at % rows) * cols + Math.floor(at / rows)]);
  const tensors = [
    { name: 'model.layers.0.self_attn.q_proj.lora_a', shape: [20, 6], values: turned(A) },
    { name: 'model.layers.0.self_attn.q_proj.lora_b', shape: [6, 18], values: turned(B) },
  ];
  const config = { fine_tune_type: 'lora', lora_parameters: { rank: 6, scale: 20, dropout: 0 } };
  const { after, foretold, measured, config: text } = await cut(await makeFile('m.safetensors', tensors, { config }));
  expect(find(after.adapter, tensors[0].name).shape).toEqual([20, 3]);
  expect(find(after.adapter, tensors[1].name).shape).toEqual([3, 18]);
  expect(readConfig(text ?? '')).toMatchObject({ r: 3, scale: 20 });
  expect(measured.error).toBeCloseTo(foretold.error, 6);
});

describe('what is not cut', () => {
  const config = { r: 6, lora_alpha: 6 };
  const name = (i: number) => `base_model.model.h.${i}.fc1`;
  const at = (i: number) => pair(`${name(i)}.lora_A.weight`, `${name(i)}.lora_B.weight`, 18, 20, i);

  it('is carried through bit for bit: DoRA, not finite, and ranks that stay', async () => {
    const nan = at(1).map((of) => ({ ...of, values: Array.from(of.values, (x, i) => (i === 3 ? Number.NaN : x)) }));
    const dora = [
      ...at(2),
      { name: `${name(2)}.lora_magnitude_vector`, shape: [18], values: Array.from({ length: 18 }, (_, i) => i) },
    ];
    const made = await makeFile('n.safetensors', [...at(0), ...nan, ...dora, ...at(3)], { config });
    const { before, after, foretold } = await cut(made, { way: { by: 'hand', ranks: [2, 2, 2, 6] } });
    expect(foretold.ranks).toEqual([2, 6, 6, 6]);
    expect(foretold.errors.slice(1)).toEqual([0, 0, 0]);
    for (const { name: of } of before.adapter.header.tensors.filter(({ name: of }) => !of.startsWith(name(0)))) {
      expect(await bytesOf(after.source, find(after.adapter, of)), of).toEqual(
        await bytesOf(before.source, find(before.adapter, of)),
      );
    }
  });

  it('keeps the A of a module that was never trained', async () => {
    const made = await makeFile(
      'z.safetensors',
      at(0).map((of) => (of.name.includes('lora_B') ? { ...of, values: new Float64Array(108) } : of)),
      { config },
    );
    const { before, after, foretold, measured } = await cut(made);
    expect([foretold.error, measured.error]).toEqual([0, 0]);
    const [a, b] = [find(before.adapter, `${name(0)}.lora_A.weight`), find(after.adapter, `${name(0)}.lora_A.weight`)];
    expect(await readNumbers(after.source, b)).toEqual((await readNumbers(before.source, a)).slice(0, 60));
  });
});

describe('float16', () => {
  const large = (size: number) => {
    const { B, A } = makePair(18, 20, SIGMA, 1);
    return makeFile(
      'l.safetensors',
      [
        { name: 'base_model.model.h.0.fc1.lora_A.weight', shape: [6, 20], values: A.data.map((x) => x * size) },
        { name: 'base_model.model.h.0.fc1.lora_B.weight', shape: [18, 6], values: B.data.map((x) => x * size) },
      ],
      { config: { r: 6, lora_alpha: 6 } },
    );
  };
  it('moves numbers that are too large from one factor into the other', async () => {
    const { foretold, measured, after } = await cut(await large(1000), { dtype: 'F16', split: 'up' });
    expect(measured.error).toBeCloseTo(foretold.error, 3);
    for (const tensor of after.adapter.header.tensors) {
      expect((await readNumbers(after.source, tensor)).every(Number.isFinite)).toBe(true);
    }
  });
  it('is refused where they are too large for both', async () => {
    await expect(cut(await large(1e6), { dtype: 'F16' })).rejects.toThrow(/h\.0\.fc1 .* F16/);
    const { foretold, measured } = await cut(await large(1e6), { dtype: 'BF16' });
    expect(Math.abs(measured.error - foretold.error)).toBeLessThan(8e-3);
  });
});
