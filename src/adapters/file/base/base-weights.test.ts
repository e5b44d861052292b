/** W₀ is found by names of every tool, and what does not fit is a sentence. */

import { describe, expect, it } from 'vitest';
import { opened } from '../checkpoints/testing/made-up-pair.ts';
import type { Adapter, ByteSource } from '../model.ts';
import { openAdapter } from '../open.ts';
import { makeFile, mlxFile, normalMatrix, type TestTensor } from '../testing/make-file.ts';
import { baseFigures } from './base-figures.ts';
import { type BaseWeight, baseWeightOf, matchBase } from './base-weights.ts';

const tensor = (name: string, ...shape: number[]): TestTensor => {
  const [rows, cols] = [shape[0], shape.slice(1).reduce((n, m) => n * m, 1)];
  return { name, shape, values: normalMatrix(rows, cols, 1, name).data };
};
const RANK = 2;

interface OpenFile {
  readonly source: ByteSource;
  readonly adapter: Adapter;
}

async function adapterOf(tensors: readonly TestTensor[], config: object | null = null): Promise<OpenFile> {
  const { source } = await makeFile('style.safetensors', tensors);
  const adapter = await openAdapter(source, config && JSON.stringify(config), { alpha: 4 });
  if ('fault' in adapter) throw new Error(adapter.details);
  return { source, adapter };
}

const pair = (
  name: string,
  d: number,
  k: number,
  [down, up]: readonly string[] = ['lora_down.weight', 'lora_up.weight'],
) => [tensor(`${name}.${down}`, RANK, k), tensor(`${name}.${up}`, d, RANK)];
const PEFT = ['lora_A.weight', 'lora_B.weight'] as const;
const peft = (name: string, d: number, k: number) => pair(`base_model.model.${name}`, d, k, PEFT);

/** Of the first module: the tensor's name, with "turned" if it lies so, or the sentence. */
async function found(file: Promise<OpenFile>, base: readonly TestTensor[]): Promise<string> {
  const matches = matchBase((await file).adapter, await opened(base, 'model'));
  if ('fault' in matches) return `${matches.fault} ${matches.details}`;
  const [first] = matches;
  return typeof first === 'string' ? first : `${first.tensor.name}${first.turned ? ', turned' : ''}`;
}

const Q = 'layers.0.self_attn.q_proj';
const CONV1D = [tensor('h.0.attn.c_attn.weight', 6, 18), tensor('h.0.attn.c_proj.weight', 6, 6)];

describe('W₀ of a module', () => {
  it.each<[string, Promise<OpenFile>, readonly TestTensor[], string]>([
    ['PEFT', adapterOf(peft(`model.${Q}`, 8, 6)), [tensor(`model.${Q}.weight`, 8, 6)], `model.${Q}.weight`],
    ['PEFT, of the bare model', adapterOf(peft(Q, 8, 6)), [tensor(`model.${Q}.weight`, 8, 6)], `model.${Q}.weight`],
    [
      'a model inside another',
      adapterOf(peft(`model.${Q}`, 8, 6)),
      [tensor(`model.language_model.${Q}.weight`, 8, 6)],
      `model.language_model.${Q}.weight`,
    ],
    [
      'kohya, of a U-Net in diffusers’ words',
      adapterOf(pair('lora_unet_down_blocks_0_attentions_1_proj_in', 8, 6)),
      [tensor('down_blocks.0.attentions.1.proj_in.weight', 8, 6, 1, 1)],
      'down_blocks.0.attentions.1.proj_in.weight',
    ],
    [
      'kohya, of a single file of Stable Diffusion',
      adapterOf(pair('lora_unet_down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_q', 8, 6)),
      [tensor('model.diffusion_model.input_blocks.2.1.transformer_blocks.0.attn1.to_q.weight', 8, 6)],
      'model.diffusion_model.input_blocks.2.1.transformer_blocks.0.attn1.to_q.weight',
    ],
    [
      'kohya, of its text encoder',
      adapterOf(pair('lora_te_text_model_encoder_layers_0_mlp_fc1', 8, 6)),
      [tensor('cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight', 8, 6)],
      'cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight',
    ],
    [
      'diffusers',
      adapterOf(pair('unet.mid_block.attentions.0.proj_out', 8, 6, ['lora.down.weight', 'lora.up.weight'])),
      [tensor('mid_block.attentions.0.proj_out.weight', 8, 6)],
      'mid_block.attentions.0.proj_out.weight',
    ],
    [
      'q, k and v of GPT-2',
      adapterOf(peft('transformer.h.0.attn.c_attn', 18, 6)),
      CONV1D,
      'h.0.attn.c_attn.weight, turned',
    ],
    // Square: names alone tell.
    [
      'the output of GPT-2',
      adapterOf(peft('transformer.h.0.attn.c_proj', 6, 6)),
      CONV1D,
      'h.0.attn.c_proj.weight, turned',
    ],
    [
      'a layer of that name that is linear',
      adapterOf(peft('transformer.h.0.attn.c_attn', 18, 6), { fan_in_fan_out: true }),
      [tensor('h.0.attn.c_attn.weight', 18, 6)],
      'h.0.attn.c_attn.weight',
    ],
    [
      'an embedding',
      adapterOf([
        tensor('base_model.model.model.embed_tokens.lora_embedding_A', RANK, 9),
        tensor('base_model.model.model.embed_tokens.lora_embedding_B', 6, RANK),
      ]),
      [tensor('model.embed_tokens.weight', 9, 6)],
      'model.embed_tokens.weight, turned',
    ],
    [
      'another shape',
      adapterOf(peft(Q, 8, 6)),
      [tensor(`${Q}.weight`, 8, 7)],
      `The base has the weights of no module. “${Q}.weight” is 8 × 7, and ΔW of “${Q}” is 8 × 6.`,
    ],
    [
      'two tensors',
      adapterOf(peft(Q, 8, 6)),
      [tensor(`model.${Q}.weight`, 8, 6), tensor(`${Q}.weight`, 8, 6)],
      `The base has the weights of no module. “model” has several tensors for “${Q}”.`,
    ],
    [
      'another model',
      adapterOf(peft(Q, 8, 6)),
      [tensor('encoder.weight', 8, 6)],
      `The base has the weights of no module. “model” has names such as “encoder.weight”, “style.safetensors” adapts “${Q}”. Is it the model that the adapter was trained on?`,
    ],
    [
      'an adapter as base',
      adapterOf(peft(Q, 8, 6)),
      peft(Q, 8, 6),
      `The base is an adapter. “base_model.model.${Q}.lora_A.weight” of “model” is a factor of a LoRA, no tensor of a whole model.`,
    ],
  ])('%s', async (_, file, base, wanted) => {
    expect(await found(file, base)).toBe(wanted);
  });

  it('is turned for embeddings of MLX alone, whose layers lie as all others', async () => {
    const tensors = ['model.embed_tokens', `model.${Q}`].flatMap((name) => [
      tensor(`${name}.lora_a`, 9, RANK),
      tensor(`${name}.lora_b`, RANK, 6),
    ]);
    const { source, config } = mlxFile('adapters.safetensors', tensors, { lora_parameters: { scale: 2 } });
    const adapter = await openAdapter(source, config, null);
    if ('fault' in adapter) throw new Error(adapter.details);
    const base = await opened([tensor('model.embed_tokens.weight', 9, 6), tensor(`model.${Q}.weight`, 6, 9)], 'model');
    const matches = matchBase(adapter, base);
    if ('fault' in matches) throw new Error(matches.details);
    const turned = adapter.modules.map(({ name, index }) => [name, (matches[index] as BaseWeight).turned]);
    expect(Object.fromEntries(turned)).toEqual({ 'model.embed_tokens': true, [`model.${Q}`]: false });
  });
});

describe('what cannot be measured is a sentence', () => {
  async function figuresOf(
    tensors: readonly TestTensor[],
    { values, alpha = 4, start }: { values?: ArrayLike<number>; alpha?: number | null; start?: string } = {},
  ) {
    const { source } = await makeFile('style.safetensors', tensors);
    const config = start ? JSON.stringify({ init_lora_weights: start, r: RANK, lora_alpha: 4 }) : null;
    const adapter = await openAdapter(source, config, alpha === null ? 'unknown' : { alpha });
    if ('fault' in adapter) throw new Error(adapter.details);
    const weight = { ...tensor(`${Q}.weight`, 8, 6), ...(values ? { values } : {}) };
    const matches = matchBase(adapter, await opened([weight], 'model'));
    if ('fault' in matches || typeof matches[0] === 'string') throw new Error('no W₀');
    const figures = await baseFigures(source, adapter.modules[0], matches[0]);
    const W0 = await baseWeightOf(matches[0]);
    const said = (of: object) => ('fault' in of && 'details' in of ? `${of.fault} ${of.details}` : null);
    return { figures: said(figures), W0: said(W0), found: figures };
  }
  const spoilt = (at: number, value: number) => Float64Array.from({ length: 48 }, (_, i) => (i === at ? value : 1));

  it('NaN and infinities in W₀, by their place', async () => {
    const nan = await figuresOf(peft(Q, 8, 6), { values: spoilt(20, Number.NaN) });
    expect(nan.figures).toBe(`There is NaN in W₀. “${Q}.weight” of “model.safetensors” has NaN in row 3, column 2.`);
    expect(nan.W0).toBe(nan.figures);
    const infinite = await figuresOf(peft(Q, 8, 6), { values: spoilt(47, -Infinity) });
    expect(infinite.figures).toContain('has an infinity in row 7, column 5.');
  });

  it('NaN in a factor, and an α that nobody knows', async () => {
    const [A, B] = peft(Q, 8, 6);
    const { figures } = await figuresOf([A, { ...B, values: new Float64Array(16).fill(Number.NaN) }]);
    expect(figures).toBe(`There is NaN or an infinity in the adapter. ΔW of “${Q}” is not known.`);
    expect((await figuresOf(peft(Q, 8, 6), { alpha: null })).figures).toMatch(/^α is not known\. /);
  });

  it('magnitudes of another length, and an output of W₀ + s·B·A that is 0', async () => {
    const magnitude = (n: number): TestTensor => ({
      name: `base_model.model.${Q}.lora_magnitude_vector`,
      shape: [n],
      values: new Float64Array(n).fill(1),
    });
    const short = await figuresOf([...peft(Q, 8, 6), magnitude(7)]);
    expect(short.figures).toBe(
      `The magnitudes do not fit. “base_model.model.${Q}.lora_magnitude_vector” has 7 numbers; “${Q}” has 8 outputs.`,
    );
    const [A, B] = peft(Q, 8, 6);
    const zero = await figuresOf([A, { ...B, values: new Float64Array(16) }, magnitude(8)], {
      values: new Float64Array(48),
    });
    expect(zero.figures).toBe(
      `DoRA is not defined here. Output 0 of “${Q}” has W₀ + s·B·A = 0, which has no direction.`,
    );
  });

  it('a start that needs more than W₀, and one of directions that are not told apart', async () => {
    const said = async (start: string, values?: ArrayLike<number>) =>
      (await figuresOf(peft(Q, 8, 6), { start, values })).figures;
    expect(await said('corda')).toBe(
      `An adapter that began from W₀ (CorDA) does not say ΔW. PEFT takes its start off W₀ as it loads the file: s·B·A of “${Q}” is not what training changed, and W₀ does not tell its start.`,
    );
    const equal = Float64Array.from({ length: 48 }, (_, i) => (i % 7 === 0 && i < 42 ? 3 : 0));
    expect(await said('pissa', equal)).toMatch(/^The start of PiSSA is not certain here\. σ of W₀ at 2 and 3 of /);
    expect(await said('olora', new Float64Array(48).fill(1))).toMatch(/columns of W₀ depend on each other\.$/);
    // W₀ = 0 has no start.
    const { found } = await figuresOf(peft(Q, 8, 6), { start: 'pissa', values: new Float64Array(48) });
    const plain = (await figuresOf(peft(Q, 8, 6), { values: new Float64Array(48) })).found;
    expect('norm' in found && 'norm' in plain && found.norm / plain.norm).toBeCloseTo(1, 12);
  });

  it('ΔW = 0 has no alignment and loses nothing that could be a share', async () => {
    const [A, B] = peft(Q, 8, 6);
    const { found } = await figuresOf([A, { ...B, values: new Float64Array(16) }]);
    expect(found).toMatchObject({ norm: 0, alignment: null, dora: null });
    expect('merged' in found && found.merged.map(({ lost, vanished }) => [lost, vanished])).toEqual(
      new Array(4).fill([null, null]),
    );
  });
});
