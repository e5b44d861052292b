import { describe, expect, it } from 'vitest';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Adapter, ByteSource, ConvertTo } from '../model.ts';
import { openAdapter } from '../open.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix, type TestTensor } from '../testing/make-file.ts';
import { unetOf128 } from '../testing/models.ts';
import { compareConverted, convertedFile, convertPlan } from './converted-file.ts';

type Opened = { readonly source: ByteSource; readonly adapter: Adapter; readonly config: string | null };

async function opened(source: ByteSource, config: string | null): Promise<Opened> {
  const adapter = await openAdapter(source, config, null);
  if ('fault' in adapter) throw new Error(`${adapter.fault} ${adapter.details}`);
  return { source, adapter, config };
}

async function converted(from: Opened, to: ConvertTo): Promise<Opened> {
  const made = await convertedFile(from.source, from.adapter, to);
  if ('fault' in made) throw new Error(`${made.fault} ${made.details}`);
  const sink = blobSink();
  await writeSafetensors(made.file, sink);
  return opened(sourceOf(sink.blob(), 'converted.safetensors'), made.config);
}

/** d and k identify the module, so that a wrong place is seen. */
const SIZE = { d: 6, k: 10, r: 3 };

async function made(
  names: readonly string[],
  [down, up]: readonly [string, string],
  beside: Parameters<typeof makeFile>[2] & { readonly alpha?: number } = {},
): Promise<Opened> {
  const { d, k, r } = SIZE;
  const tensors = names.flatMap((name, i): TestTensor[] => [
    { name: name + down, shape: [r, k + i], values: normalMatrix(r, k + i, i, 'A').data, dtype: 'F16' },
    { name: name + up, shape: [d, r], values: normalMatrix(d, r, i, 'B').data, dtype: 'F16' },
    ...(beside.alpha ? [{ name: `${name}.alpha`, shape: [], values: [beside.alpha + i], dtype: 'F16' } as const] : []),
  ]);
  const file = await makeFile('adapter.safetensors', tensors, beside);
  return opened(file.source, file.config);
}

const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;

/** The same layers in kohya's, diffusers' and, for a file of one network, PEFT's names. */
const TABLE = {
  'Stable Diffusion 1.5': [
    [
      'lora_unet_down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_q',
      'unet.down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_q',
    ],
    [
      'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_out_0',
      'unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0',
    ],
    [
      'lora_unet_up_blocks_3_attentions_2_transformer_blocks_0_ff_net_0_proj',
      'unet.up_blocks.3.attentions.2.transformer_blocks.0.ff.net.0.proj',
    ],
    ['lora_unet_up_blocks_2_attentions_0_proj_in', 'unet.up_blocks.2.attentions.0.proj_in'],
    ['lora_unet_down_blocks_1_resnets_0_time_emb_proj', 'unet.down_blocks.1.resnets.0.time_emb_proj'],
    [
      'lora_te_text_model_encoder_layers_11_self_attn_out_proj',
      'text_encoder.text_model.encoder.layers.11.self_attn.out_proj',
    ],
    ['lora_te_text_model_encoder_layers_0_mlp_fc1', 'text_encoder.text_model.encoder.layers.0.mlp.fc1'],
  ],
  'Stable Diffusion XL': [
    [
      'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_k',
      'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_k',
    ],
    [
      'lora_unet_input_blocks_8_1_transformer_blocks_9_ff_net_2',
      'unet.down_blocks.2.attentions.1.transformer_blocks.9.ff.net.2',
    ],
    ['lora_unet_input_blocks_7_0_in_layers_2', 'unet.down_blocks.2.resnets.0.conv1'],
    ['lora_unet_input_blocks_3_0_op', 'unet.down_blocks.0.downsamplers.0.conv'],
    [
      'lora_unet_middle_block_1_transformer_blocks_3_attn2_to_v',
      'unet.mid_block.attentions.0.transformer_blocks.3.attn2.to_v',
    ],
    ['lora_unet_middle_block_2_emb_layers_1', 'unet.mid_block.resnets.1.time_emb_proj'],
    ['lora_unet_output_blocks_5_1_proj_out', 'unet.up_blocks.1.attentions.2.proj_out'],
    ['lora_unet_output_blocks_2_2_conv', 'unet.up_blocks.0.upsamplers.0.conv'],
    ['lora_unet_output_blocks_8_0_skip_connection', 'unet.up_blocks.2.resnets.2.conv_shortcut'],
    [
      'lora_te1_text_model_encoder_layers_3_self_attn_q_proj',
      'text_encoder.text_model.encoder.layers.3.self_attn.q_proj',
    ],
    ['lora_te2_text_model_encoder_layers_31_mlp_fc2', 'text_encoder_2.text_model.encoder.layers.31.mlp.fc2'],
  ],
  'a decoder like Llama': [
    ['lora_transformer_model_layers_0_self_attn_q_proj', 'model.layers.0.self_attn.q_proj'],
    ['lora_transformer_model_layers_15_mlp_down_proj', 'model.layers.15.mlp.down_proj'],
  ],
  'a decoder like GPT-2': [
    ['lora_transformer_transformer_h_0_attn_c_attn', 'transformer.h.0.attn.c_attn'],
    ['lora_transformer_transformer_h_11_mlp_c_proj', 'transformer.h.11.mlp.c_proj'],
  ],
} as const;

const modules = (adapter: Adapter) => adapter.header.tensors.map(({ name }) => name);
const scalings = (adapter: Adapter) => new Map(adapter.modules.map(({ k, scaling }) => [k, scaling]));

describe.each(Object.entries(TABLE))('%s', (_, table) => {
  const [kohya, dotted] = [table.map(([name]) => name), table.map(([, name]) => name)];

  it('kohya → diffusers → kohya: the names of the table, the same bytes and s', async () => {
    const before = await made(kohya, KOHYA, { alpha: 2 });
    const there = await converted(before, 'diffusers');
    expect(modules(there.adapter).sort()).toEqual(dotted.flatMap((name) => PEFT.map((mark) => name + mark)).sort());
    expect(scalings(there.adapter)).toEqual(scalings(before.adapter));
    expect(await compareConverted(before, there, 'diffusers')).toBe(0);

    const back = await converted(there, 'kohya');
    expect(modules(back.adapter).sort()).toEqual(modules(before.adapter).sort());
    expect(scalings(back.adapter)).toEqual(scalings(before.adapter));
    expect(await compareConverted(there, back, 'kohya')).toBe(0);
  });

  it('kohya → PEFT → kohya: α goes into patterns and comes back', async () => {
    const before = await made(kohya, KOHYA, { alpha: 2 });
    const there = await converted(before, 'peft');
    const several = new Set(dotted.map((name) => /^(unet|text_encoder\w*)\./.exec(name)?.[1])).size > 1;
    const fronts = (name: string) => `base_model.model.${several ? name : name.replace(/^unet\./, '')}`;
    expect(modules(there.adapter).sort()).toEqual(
      dotted.flatMap((name) => PEFT.map((mark) => fronts(name) + mark)).sort(),
    );
    expect(scalings(there.adapter)).toEqual(scalings(before.adapter));
    expect(await compareConverted(before, there, 'peft')).toBe(0);
    expect(scalings((await converted(there, 'kohya')).adapter)).toEqual(scalings(before.adapter));
  });
});

/**
 * Names of diffusion transformers as in their files, and as sd-scripts (networks/convert_flux_lora.py, lora_sd3.py,
 * lora_lumina.py) and musubi-tuner (convert_lora.py) read them.
 */
const TRANSFORMERS = {
  Flux: [
    ['diffusion_model.double_blocks.0.img_attn.qkv', 'lora_unet_double_blocks_0_img_attn_qkv'],
    ['diffusion_model.double_blocks.18.txt_mlp.2', 'lora_unet_double_blocks_18_txt_mlp_2'],
    ['diffusion_model.single_blocks.37.modulation.lin', 'lora_unet_single_blocks_37_modulation_lin'],
    ['text_encoder.text_model.encoder.layers.0.mlp.fc1', 'lora_te1_text_model_encoder_layers_0_mlp_fc1'],
    ['text_encoder_2.encoder.block.3.layer.0.SelfAttention.q', 'lora_te3_encoder_block_3_layer_0_SelfAttention_q'],
  ],
  SD3: [
    ['diffusion_model.joint_blocks.0.x_block.attn.qkv', 'lora_unet_joint_blocks_0_x_block_attn_qkv'],
    ['diffusion_model.joint_blocks.23.context_block.mlp.fc1', 'lora_unet_joint_blocks_23_context_block_mlp_fc1'],
    ['text_encoder.text_model.encoder.layers.0.mlp.fc1', 'lora_te1_text_model_encoder_layers_0_mlp_fc1'],
    ['text_encoder_2.text_model.encoder.layers.0.mlp.fc1', 'lora_te2_text_model_encoder_layers_0_mlp_fc1'],
    ['text_encoder_3.encoder.block.3.layer.1.DenseReluDense.wo', 'lora_te3_encoder_block_3_layer_1_DenseReluDense_wo'],
  ],
  Wan: [
    ['diffusion_model.blocks.0.self_attn.q', 'lora_unet_blocks_0_self_attn_q'],
    ['diffusion_model.blocks.39.cross_attn.k_img', 'lora_unet_blocks_39_cross_attn_k_img'],
    ['diffusion_model.blocks.39.ffn.0', 'lora_unet_blocks_39_ffn_0'],
  ],
  'Wan as diffusers calls it': [
    ['transformer.blocks.0.attn1.to_q', 'lora_unet_blocks_0_self_attn_q'],
    ['transformer.blocks.0.attn1.to_out.0', 'lora_unet_blocks_0_self_attn_o'],
    ['transformer.blocks.0.attn2.to_v', 'lora_unet_blocks_0_cross_attn_v'],
    ['transformer.blocks.0.attn2.add_k_proj', 'lora_unet_blocks_0_cross_attn_k_img'],
    ['transformer.blocks.0.ffn.net.0.proj', 'lora_unet_blocks_0_ffn_0'],
    ['transformer.blocks.0.ffn.net.2', 'lora_unet_blocks_0_ffn_2'],
  ],
  HunyuanVideo: [
    ['diffusion_model.double_blocks.0.img_attn_qkv', 'lora_unet_double_blocks_0_img_attn_qkv'],
    ['diffusion_model.single_blocks.0.linear1', 'lora_unet_single_blocks_0_linear1'],
  ],
  Lumina: [
    ['diffusion_model.layers.0.attention.qkv', 'lora_unet_layers_0_attention_qkv'],
    ['text_encoder.model.layers.0.self_attn.q_proj', 'lora_te_model_layers_0_self_attn_q_proj'],
  ],
  'Qwen-Image': [
    ['transformer.transformer_blocks.0.attn.to_q', 'lora_unet_transformer_blocks_0_attn_to_q'],
    ['transformer.transformer_blocks.0.img_mlp.net.0.proj', 'lora_unet_transformer_blocks_0_img_mlp_net_0_proj'],
    ['transformer.transformer_blocks.59.txt_mod.1', 'lora_unet_transformer_blocks_59_txt_mod_1'],
  ],
} as const;

describe.each(Object.entries(TRANSFORMERS))('%s, to kohya', (_, table) => {
  it('has the names that sd-scripts and musubi-tuner read', async () => {
    const names = table.map(([before]) => before);
    const before = { ...(await made(names, PEFT)), config: null };
    const adapter = await openAdapter(before.source, null, { alpha: 6 });
    if ('fault' in adapter) throw new Error(adapter.fault);
    const after = await converted({ ...before, adapter }, 'kohya');
    const down = after.adapter.header.tensors.map(({ name }) => name).filter((name) => name.includes('lora_down'));
    expect(down.sort()).toEqual(table.map(([, name]) => `${name}.lora_down.weight`).sort());
    expect(await compareConverted({ ...before, adapter }, after, 'kohya')).toBe(0);
    const plan = convertPlan(adapter, 'kohya');
    const ofWan = 'rule' in plan && plan.rule.includes('layers of Wan are called as in its first code');
    expect(ofWan).toBe(names.some((name) => name.includes('attn1')));
  });
});

describe('no names of kohya', () => {
  it.each([
    [['transformer.transformer_blocks.0.attn.to_q'], 'q, k and v of this model in one layer'],
    [['transformer.single_transformer_blocks.0.attn.to_q'], 'q, k and v of this model in one layer'],
    [['base_model.model.transformer_blocks.0.attn.add_k_proj'], 'q, k and v of this model in one layer'],
    [['transformer.layers.0.attn.to_q'], 'q, k and v of this model in one layer'],
    [['transformer.transformer_blocks.0.attn1.to_q'], 'No name of sd-scripts or musubi-tuner is known'],
    [['transformer.blocks.0.attn1.to_q', 'transformer_2.blocks.0.attn1.to_q'], 'both transformers'],
  ])('for %j', async (names, why) => {
    const file = await made(names, PEFT);
    const adapter = await openAdapter(file.source, null, 'rank');
    if ('fault' in adapter) throw new Error(adapter.fault);
    const plan = convertPlan(adapter, 'kohya');
    expect(plan).toMatchObject({ fault: 'Not possible in names of kohya.' });
    expect('details' in plan && plan.details).toContain(why);
  });
});

describe('converting', () => {
  it('counts what is added and dropped', async () => {
    const names = ['lora_unet_mid_block_attentions_0_proj_in', 'lora_unet_mid_block_attentions_0_proj_out'];
    const kohya = await made(names, KOHYA, { alpha: 1 });
    expect(convertPlan(kohya.adapter, 'peft')).toMatchObject({ added: 0, dropped: 2 });
    const peft = await converted(kohya, 'peft');
    expect(convertPlan(peft.adapter, 'kohya')).toMatchObject({ added: 2, dropped: 0 });
    expect(convertPlan(kohya.adapter, 'kohya')).toMatchObject({ fault: 'The names are those of kohya already.' });
    // Other tools count text encoders from 0, kohya's Flux from 1: renamed, sd-scripts would not find it.
    const flux = await made(
      ['lora_unet_double_blocks_0_img_attn_qkv', 'lora_te1_text_model_encoder_layers_0_mlp_fc1'],
      KOHYA,
      { alpha: 1 },
    );
    expect(convertPlan(flux.adapter, 'kohya')).toMatchObject({ fault: 'The names are those of kohya already.' });
  });

  it('an rsLoRA adapter keeps its s: α is another one where it is divided by r', async () => {
    const config = {
      r: 3,
      lora_alpha: 5,
      use_rslora: true,
      rank_pattern: {},
      alpha_pattern: { 'layers.1.mlp.up_proj': 7 },
    };
    const names = ['base_model.model.model.layers.0.mlp.up_proj', 'base_model.model.model.layers.1.mlp.up_proj'];
    const before = await made(names, PEFT, { config });
    expect([...scalings(before.adapter).values()]).toEqual([5 / Math.sqrt(3), 7 / Math.sqrt(3)]);
    const after = await converted(before, 'kohya');
    for (const [k, scaling] of scalings(after.adapter)) {
      expect(scaling).toBeCloseTo(scalings(before.adapter).get(k) ?? 0, 6);
    }
    expect(await compareConverted(before, after, 'kohya')).toBeLessThan(1e-7);
  });

  it.each(['kohya', 'diffusers'] as const)(
    'a name that PEFT has wrapped twice is that of its layer: %s',
    async (to) => {
      const names = ['base_model.model.base_model.model.model.layers.0.self_attn.q_proj'];
      const before = await made(names, PEFT, { config: { peft_type: 'LORA', r: 3, lora_alpha: 6 } });
      const after = await converted(before, to);
      expect(after.adapter.modules[0].name).toBe(
        to === 'kohya' ? 'lora_transformer_model_layers_0_self_attn_q_proj' : 'model.layers.0.self_attn.q_proj',
      );
      expect(await compareConverted(before, after, to)).toBe(0);
    },
  );

  it('says what differs in a file that was read back', async () => {
    const name = 'lora_unet_mid_block_attentions_0_proj_in';
    const before = await made([name], KOHYA, { alpha: 2 });
    const there = await converted(before, 'peft');
    const bytes = new Uint8Array(await there.source.read(0, there.source.size));
    const flipped = bytes.with(bytes.length - 1, bytes[bytes.length - 1] ^ 1);
    const [whole, other] = [bytes, flipped].map((of) => sourceOf(new Blob([of]), 'c.safetensors'));
    const differs = (from: Opened) => compareConverted(before, from, 'peft');
    const B = 'base_model.model.mid_block.attentions.0.proj_in.lora_B.weight';
    expect(await differs(await opened(other, there.config))).toEqual({
      fault: 'The file that was written differs.',
      details: `“${B}” was read back with other bytes. The disk may be at fault: write it once more.`,
    });
    expect(await differs(await opened(whole, null))).toMatchObject({
      details: expect.stringContaining('has lost its α'),
    });
    expect(await differs(before)).toMatchObject({ details: expect.stringContaining('is not in it.') });
  });

  it.each([
    [[2], [1, 2]],
    [[], [Number.NaN]],
  ])('an α of shape %j that is no number is replaced by what a person says', async (shape, values) => {
    const stem = 'unet.mid_block.attentions.0.proj_in';
    const { d, k, r } = SIZE;
    const file = await makeFile('a.safetensors', [
      { name: `${stem}.lora.down.weight`, shape: [r, k], values: normalMatrix(r, k, 1, 'A').data },
      { name: `${stem}.lora.up.weight`, shape: [d, r], values: normalMatrix(d, r, 1, 'B').data },
      { name: `${stem}.lora.alpha`, shape, values },
    ]);
    const adapter = await openAdapter(file.source, null, { alpha: 6 });
    if ('fault' in adapter) throw new Error(adapter.fault);
    const before = { source: file.source, adapter, config: null };
    for (const to of ['kohya', 'peft'] as const) {
      const after = await converted(before, to);
      expect([...scalings(after.adapter).values()]).toEqual([2]);
      expect(await compareConverted(before, after, to)).toBe(0);
    }
  });

  it('asks for α where the file has none, and never assumes it', async () => {
    const { adapter } = await made(['base_model.model.model.layers.0.mlp.up_proj'], PEFT);
    expect(convertPlan(adapter, 'kohya')).toMatchObject({ fault: 'α is not known.' });
  });

  it('refuses underscores that no table can tell from dots, and says which', async () => {
    const { adapter } = await made(['lora_unet_some_own_layer_0'], KOHYA, { alpha: 1 });
    const plan = convertPlan(adapter, 'peft');
    expect(plan).toMatchObject({ fault: 'Not possible in names of PEFT.' });
    expect('details' in plan && plan.details).toContain('lora_unet_some_own_layer_0');
  });

  it('the older names of diffusers become kohya’s', async () => {
    const name = 'unet.up_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_out';
    const file = await made([name], ['_lora.down.weight', '_lora.up.weight'], {
      metadata: { lora_adapter_metadata: '{"unet.r": 3, "unet.lora_alpha": 6}' },
    });
    const after = await converted(file, 'kohya');
    expect(after.adapter.modules[0]).toMatchObject({
      name: 'lora_unet_up_blocks_1_attentions_0_transformer_blocks_0_attn2_to_out_0',
      scaling: 2,
    });
  });

  it('128 modules of a U-Net in diffusers’ names: 256 tensors renamed, 128 α added', async () => {
    const { source } = await unetOf128();
    const adapter = await openAdapter(source, null, 'rank');
    if ('fault' in adapter) throw new Error(adapter.fault);
    const plan = convertPlan(adapter, 'kohya');
    if ('fault' in plan) throw new Error(plan.fault);
    expect([plan.renamed.length, plan.added, plan.dropped]).toEqual([384, 128, 0]);
    const block = 'down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q';
    const dots = 'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
    expect(plan.renamed).toEqual(
      expect.arrayContaining([
        [`${dots}.lora.down.weight`, `lora_unet_${block}.lora_down.weight`],
        [`${dots}.lora.up.weight`, `lora_unet_${block}.lora_up.weight`],
        [null, `lora_unet_${block}.alpha`],
      ]),
    );
    const after = await converted({ source, adapter, config: null }, 'kohya');
    expect(new Set(after.adapter.modules.map(({ alpha, scaling }) => `${alpha} ${scaling}`))).toEqual(new Set(['4 1']));
  });

  it('an embedding has names of its own in PEFT, and back', async () => {
    const name = 'base_model.model.model.embed_tokens';
    const file = await makeFile(
      'adapter.safetensors',
      [
        { name: `${name}.lora_embedding_A`, shape: [2, 11], values: normalMatrix(2, 11, 1, 'A').data },
        { name: `${name}.lora_embedding_B`, shape: [5, 2], values: normalMatrix(5, 2, 1, 'B').data },
      ],
      { config: { r: 2, lora_alpha: 3 } },
    );
    const there = await converted(await opened(file.source, file.config), 'kohya');
    expect(there.adapter.modules[0].name).toBe('lora_transformer_model_embed_tokens');
    const back = await converted(there, 'peft');
    expect(modules(back.adapter)).toEqual([`${name}.lora_embedding_A`, `${name}.lora_embedding_B`]);
  });

  it('factors of MLX are turned, and keep their scale', async () => {
    const { d, k, r } = SIZE;
    const [a, b] = [normalMatrix(k, r, 1, 'A'), normalMatrix(r, d, 1, 'B')];
    const file = await makeFile(
      'adapters.safetensors',
      [
        { name: 'model.layers.0.self_attn.q_proj.lora_a', shape: [k, r], values: a.data },
        { name: 'model.layers.0.self_attn.q_proj.lora_b', shape: [r, d], values: b.data },
      ],
      { config: { lora_parameters: { rank: r, scale: 20, dropout: 0 } } },
    );
    const before = await opened(file.source, file.config);
    const after = await converted(before, 'peft');
    const [module] = after.adapter.modules;
    expect(module).toMatchObject({ d, k, rank: r, scaling: 20, transposed: false });
    expect(await compareConverted(before, after, 'peft')).toBe(0);
  });

  it('DoRA magnitudes per output take the shape of the other naming', async () => {
    const name = 'base_model.model.model.layers.0.mlp.up_proj';
    const { d, k, r } = SIZE;
    const file = await makeFile(
      'adapter.safetensors',
      [
        { name: `${name}.lora_A.weight`, shape: [r, k], values: normalMatrix(r, k, 1, 'A').data },
        { name: `${name}.lora_B.weight`, shape: [d, r], values: normalMatrix(d, r, 1, 'B').data },
        { name: `${name}.lora_magnitude_vector`, shape: [d], values: normalMatrix(d, 1, 1, 'm').data },
      ],
      { config: { r, lora_alpha: 6, use_dora: true } },
    );
    const before = await opened(file.source, file.config);
    const there = await converted(before, 'kohya');
    expect(there.adapter.modules[0].tensors.magnitude).toMatchObject({ shape: [d, 1] });
    expect(there.adapter.modules[0].magnitude).toBe('per output');
    const back = await converted(there, 'peft');
    expect(modules(back.adapter).sort()).toEqual(modules(before.adapter).sort());
    expect(back.adapter.config?.dora).toBe(true);
    expect(await compareConverted(there, back, 'peft')).toBe(0);
  });

  it('what is no factor is carried through, and half pairs with it', async () => {
    const name = 'base_model.model.model.layers.0.mlp.up_proj';
    const { d, k, r } = SIZE;
    const file = await makeFile(
      'adapter.safetensors',
      [
        { name: `${name}.lora_A.weight`, shape: [r, k], values: normalMatrix(r, k, 1, 'A').data },
        { name: `${name}.lora_B.weight`, shape: [d, r], values: normalMatrix(d, r, 1, 'B').data },
        { name: 'base_model.model.lm_head.weight', shape: [2, 2], values: [1, 2, 3, 4] },
        {
          name: 'base_model.model.model.layers.1.mlp.up_proj.lora_A.weight',
          shape: [r, k],
          values: normalMatrix(r, k, 2, 'A').data,
        },
      ],
      { config: { r, lora_alpha: 6 } },
    );
    const after = await converted(await opened(file.source, file.config), 'kohya');
    expect(modules(after.adapter)).toContain('base_model.model.lm_head.weight');
    expect(after.adapter.unpaired).toHaveLength(1);
  });
});

describe('names that come back from kohya’s', () => {
  it.each([
    [
      'T5',
      'encoder.block.3.layer.0.SelfAttention.q',
      'decoder.block.3.layer.1.EncDecAttention.o',
      'encoder.block.0.layer.1.DenseReluDense.wi_0',
    ],
    [
      'Whisper',
      'model.encoder.layers.0.self_attn.q_proj',
      'model.decoder.layers.3.encoder_attn.out_proj',
      'model.decoder.layers.3.fc1',
    ],
    ['GPT-Neo', 'transformer.h.0.attn.attention.q_proj', 'transformer.h.11.mlp.c_fc'],
    ['BLOOM', 'transformer.h.0.self_attention.query_key_value', 'transformer.h.0.mlp.dense_h_to_4h'],
    ['MPNet', 'encoder.layer.0.attention.attn.q', 'mpnet.encoder.layer.0.attention.attn.o'],
    ['Llama', 'model.layers.0.self_attn.q_proj'],
    ['BERT', 'bert.encoder.layer.0.attention.self.query'],
  ])('%s', async (_, ...names) => {
    for (const name of names) {
      const { before, there, back } = await roundTrip(name);
      expect([name, there?.oneWay ?? null, back]).toEqual([name, null, before]);
    }
  });

  it('or it is said before that they do not', async () => {
    const { there } = await roundTrip('stages.2.blocks.0.mlp.odd_layer');
    expect(there?.oneWay).toBe(
      'One way only: no table here gives these names the dots back, as “stages.2.blocks.0.mlp.odd_layer”. Keep the old file.',
    );
  });

  async function roundTrip(name: string) {
    const pair = (marks: readonly string[], front: string) =>
      marks.map((mark, i) => ({
        name: front + mark,
        shape: i === 0 ? [1, 4] : [3, 1],
        values: new Float64Array(4 - i).fill(1),
      }));
    const file = await makeFile(
      'a.safetensors',
      pair(['.lora_A.weight', '.lora_B.weight'], `base_model.model.${name}`),
      {
        config: { r: 1, lora_alpha: 2 },
      },
    );
    const adapter = await openAdapter(file.source, file.config, null);
    if ('fault' in adapter) throw new Error(adapter.details);
    const there = convertPlan(adapter, 'kohya');
    if ('fault' in there) throw new Error(there.details);
    const kohya = there.renamed.flatMap(([, after]) =>
      after?.endsWith('.lora_down.weight') ? [after.replace('.lora_down.weight', '')] : [],
    )[0];
    const other = await makeFile('b.safetensors', [
      ...pair(['.lora_down.weight', '.lora_up.weight'], kohya),
      { name: `${kohya}.alpha`, shape: [], values: [2] },
    ]);
    const again = await openAdapter(other.source, null, null);
    if ('fault' in again) throw new Error(again.details);
    const plan = convertPlan(again, 'peft');
    const back =
      'fault' in plan
        ? plan.details
        : plan.renamed
            .map(([, after]) => after)
            .filter((after) => after !== null)
            .sort();
    const before = adapter.header.tensors.map((tensor) => tensor.name).sort();
    return { before, there, back };
  }
});
