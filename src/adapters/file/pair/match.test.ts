import { describe, expect, it } from 'vitest';
import type { Adapter } from '../model.ts';
import { openAdapter } from '../open.ts';
import { type MadeTensor, madeFile } from '../testing/made.ts';
import { matchModules } from './match.ts';

/** An adapter whose modules have these names, each with a size of its own to tell it by. */
async function adapter(names: readonly string[], [down, up]: readonly [string, string], d = 3): Promise<Adapter> {
  const tensors = names.flatMap((name, i): MadeTensor[] => [
    { name: name + down, shape: [1, 5 + i], values: new Float64Array(5 + i) },
    { name: name + up, shape: [d, 1], values: new Float64Array(d) },
  ]);
  const opened = await openAdapter((await madeFile('a.safetensors', tensors)).source, null, null);
  if ('fault' in opened) throw new Error(opened.details);
  return opened;
}

const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
const DIFFUSERS = ['.lora.down.weight', '.lora.up.weight'] as const;
const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;

/** Pairs by the columns that tell modules, so that order does not matter. */
function matched(a: Adapter, b: Adapter) {
  const { pairs, onlyFirst, onlySecond, unlike } = matchModules(a, b);
  const name = (of: Adapter, i: number) => of.modules[i].name;
  return {
    pairs: pairs.map(([i, j]) => [name(a, i), name(b, j)]),
    onlyFirst: onlyFirst.map((i) => name(a, i)),
    onlySecond: onlySecond.map((j) => name(b, j)),
    unlike: unlike.map(([i, j]) => [name(a, i), name(b, j)]),
  };
}

describe('modules of two files', () => {
  it('belong together across namings', async () => {
    const a = await adapter(
      [
        'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_k',
        'lora_te1_text_model_encoder_layers_3_self_attn_q_proj',
        'lora_te2_text_model_encoder_layers_3_self_attn_q_proj',
      ],
      KOHYA,
    );
    const b = await adapter(
      [
        'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_k',
        'text_encoder.text_model.encoder.layers.3.self_attn.q_proj',
        'text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj',
      ],
      DIFFUSERS,
    );
    const { pairs, onlyFirst, onlySecond } = matched(a, b);
    expect(new Map(pairs.map(([x, y]) => [x, y]))).toEqual(
      new Map([
        [
          'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_k',
          'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_k',
        ],
        [
          'lora_te1_text_model_encoder_layers_3_self_attn_q_proj',
          'text_encoder.text_model.encoder.layers.3.self_attn.q_proj',
        ],
        [
          'lora_te2_text_model_encoder_layers_3_self_attn_q_proj',
          'text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj',
        ],
      ]),
    );
    expect([onlyFirst, onlySecond]).toEqual([[], []]);
  });

  it('belong together where one file has its model wrapped once more', async () => {
    const a = await adapter(['base_model.model.language_model.model.layers.0.self_attn.q_proj'], PEFT);
    const b = await adapter(['base_model.model.model.layers.0.self_attn.q_proj'], PEFT);
    expect(matched(a, b).pairs).toEqual([
      ['language_model.model.layers.0.self_attn.q_proj', 'model.layers.0.self_attn.q_proj'],
    ]);
  });

  it('are not guessed where an end fits several, or another network', async () => {
    const a = await adapter(['vision.layers.0.mlp.fc1', 'text.layers.0.mlp.fc1'], PEFT);
    const b = await adapter(['whole.layers.0.mlp.fc1'], PEFT);
    expect(matched(a, b).pairs).toEqual([]);
    const te = await adapter(['lora_te2_text_model_encoder_layers_0_mlp_fc1'], KOHYA);
    const other = await adapter(['lora_te1_text_model_encoder_layers_0_mlp_fc1'], KOHYA);
    expect(matched(te, other)).toMatchObject({ pairs: [], onlyFirst: [te.modules[0].name] });
  });

  it('of other shapes are unlike', async () => {
    const [a, b] = [
      await adapter(['model.layers.0.mlp.fc1'], PEFT),
      await adapter(['model.layers.0.mlp.fc1'], PEFT, 4),
    ];
    expect(matched(a, b)).toMatchObject({ pairs: [], onlyFirst: [], onlySecond: [] });
    expect(matchModules(a, b).unlike).toEqual([[0, 0]]);
  });
});
