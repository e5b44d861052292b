import { describe, expect, it } from 'vitest';
import { canonicalName } from './namings.ts';

/** Names of one layer in files of different tools, without the endings of their tensors. */
const SAME: readonly (readonly string[])[] = [
  [
    'unet.down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k',
    'down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k',
    'lora_unet_down_blocks_1_attentions_0_transformer_blocks_1_attn2_to_k',
    'lora_unet_input_blocks_4_1_transformer_blocks_1_attn2_to_k',
    'base_model.model.unet.down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k',
  ],
  [
    'unet.mid_block.attentions.0.proj_in',
    'lora_unet_mid_block_attentions_0_proj_in',
    'lora_unet_middle_block_1_proj_in',
  ],
  ['unet.mid_block.resnets.1.conv1', 'lora_unet_middle_block_2_in_layers_2'],
  ['unet.up_blocks.0.attentions.2.proj_out', 'lora_unet_output_blocks_2_1_proj_out'],
  ['unet.up_blocks.1.upsamplers.0.conv', 'lora_unet_output_blocks_5_2_conv'],
  ['unet.down_blocks.0.downsamplers.0.conv', 'lora_unet_input_blocks_3_0_op'],
  ['unet.conv_in', 'lora_unet_input_blocks_0_0'],
  [
    'text_encoder.text_model.encoder.layers.0.self_attn.q_proj',
    'lora_te_text_model_encoder_layers_0_self_attn_q_proj',
    'lora_te1_text_model_encoder_layers_0_self_attn_q_proj',
    'text_model.encoder.layers.0.self_attn.q_proj',
  ],
  [
    'text_encoder_2.encoder.block.3.layer.0.SelfAttention.q',
    'text_encoder_3.encoder.block.3.layer.0.SelfAttention.q',
    'lora_te3_encoder_block_3_layer_0_SelfAttention_q',
  ],
  ['text_encoder_2.text_model.encoder.layers.0.mlp.fc1', 'lora_te2_text_model_encoder_layers_0_mlp_fc1'],
  [
    'transformer.transformer_blocks.0.attn.to_q',
    'transformer_blocks.0.attn.to_q',
    'lora_transformer_transformer_blocks_0_attn_to_q',
  ],
  ['diffusion_model.blocks.0.self_attn.q', 'lora_unet_blocks_0_self_attn_q'],
  ['model.layers.0.self_attn.q_proj', 'layers.0.self_attn.q_proj', 'base_model.model.model.layers.0.self_attn.q_proj'],
  ['transformer.h.0.attn.c_attn', 'h.0.attn.c_attn'],
];

describe('canonical names', () => {
  it('are the same for the same layer', () => {
    for (const names of SAME) expect([names, new Set(names.map(canonicalName)).size]).toEqual([names, 1]);
  });

  it('are different for different layers', () => {
    const different = SAME.map(([name]) => canonicalName(name));
    expect(new Set(different).size).toBe(SAME.length);
  });
});
