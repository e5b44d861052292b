import { describe, expect, it } from 'vitest';
import { canonicalName } from './namings.ts';
import { comparePlaces, modulePlaces } from './places.ts';

/** Names in files of these models, with the place of their layer in the model. */
const NAMES: readonly (readonly [name: string, layer: string, column: string])[] = [
  ['lora_unet_down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_q', 'down 0·1', 'self-attention q'],
  ['unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0', 'mid', 'cross-attention out'],
  ['lora_unet_up_blocks_3_resnets_2_conv1', 'up 3·2', 'conv 1'],
  ['lora_unet_input_blocks_4_1_transformer_blocks_1_attn2_to_k', 'down 1·0·1', 'cross-attention k'],
  ['lora_unet_input_blocks_4_1_proj_in', 'down 1·0', 'proj in'],
  ['lora_unet_output_blocks_5_1_transformer_blocks_0_ff_net_0_proj', 'up 1·2', 'mlp fc1'],
  ['lora_te1_text_model_encoder_layers_3_self_attn_q_proj', 'text encoder 3', 'self-attention q'],
  ['lora_te2_text_model_encoder_layers_31_mlp_fc2', 'text encoder 2·31', 'mlp fc2'],
  ['transformer.transformer_blocks.3.attn.add_k_proj', 'block 3', 'text attention k'],
  ['transformer.single_transformer_blocks.37.proj_mlp', 'single 37', 'mlp fc1'],
  ['diffusion_model.double_blocks.0.img_attn.qkv', 'double 0', 'self-attention qkv'],
  ['diffusion_model.blocks.39.cross_attn.o', 'block 39', 'cross-attention out'],
  ['diffusion_model.blocks.39.ffn.2', 'block 39', 'mlp fc2'],
  ['transformer.h.11.attn.c_attn', 'layer 11', 'self-attention qkv'],
  ['h.0.mlp.c_proj', 'layer 0', 'mlp fc2'],
  ['model.layers.27.self_attn.o_proj', 'layer 27', 'self-attention out'],
  ['model.layers.2.mlp.gate_proj', 'layer 2', 'mlp gate'],
  ['model.layers.2.block_sparse_moe.experts.7.w3', 'layer 2', 'expert 7 up'],
  ['bert.encoder.layer.1.attention.self.query', 'encoder 1', 'self-attention q'],
  ['bert.encoder.layer.1.attention.output.dense', 'encoder 1', 'self-attention out'],
  ['bert.encoder.layer.1.intermediate.dense', 'encoder 1', 'mlp fc1'],
  ['bert.encoder.layer.1.output.dense', 'encoder 1', 'mlp fc2'],
  ['vit.encoder.layer.5.attention.attention.value', 'encoder 5', 'self-attention v'],
  ['distilbert.transformer.layer.5.attention.q_lin', 'layer 5', 'self-attention q'],
  ['distilbert.transformer.layer.5.ffn.lin2', 'layer 5', 'mlp fc2'],
  ['decoder.block.3.layer.1.EncDecAttention.v', 'decoder 3', 'cross-attention v'],
  ['encoder.block.3.layer.0.SelfAttention.o', 'encoder 3', 'self-attention out'],
  ['model.decoder.layers.4.encoder_attn.k_proj', 'decoder 4', 'cross-attention k'],
  ['model.vision_tower.encoder.layers.4.self_attn.k_proj', 'vision 4', 'self-attention k'],
  ['diffusion_model.noise_refiner.1.attention.qkv', 'noise refiner 1', 'self-attention qkv'],
  ['backbone.layers.3.mixer.in_proj', 'layer 3', 'mixer in proj'],
  ['lora_te3_encoder_block_2_layer_1_DenseReluDense_wi_0', 'text encoder 3·2', 'mlp gate'],
  ['lora_unet_joint_blocks_7_context_block_attn_qkv', 'block 7', 'text attention qkv'],
  ['transformer.layers.4.self_attention.query_key_value', 'layer 4', 'self-attention qkv'],
  // GPT-Neo; ConvNeXt and Swin of timm, and of transformers.
  ['transformer.h.3.attn.attention.v_proj', 'layer 3', 'self-attention v'],
  ['transformer.h.3.attn.attention.out_proj', 'layer 3', 'self-attention out'],
  ['stages.2.blocks.5.mlp.fc1', 'block 2·5', 'mlp fc1'],
  ['stages.3.blocks.5.mlp.fc1', 'block 3·5', 'mlp fc1'],
  ['layers.1.blocks.0.attn.qkv', 'block 1·0', 'self-attention qkv'],
  ['convnext.encoder.stages.2.layers.5.pwconv1', 'encoder 2·5', 'pwconv1'],
];

describe('places', () => {
  it('are read from names', () => {
    const places = modulePlaces(NAMES.map(([name]) => canonicalName(name)));
    const read = NAMES.map(([name], i) => {
      const place = places[i];
      return [name, place?.layer, `${place?.group} ${place?.type}`.trim()];
    });
    expect(read).toEqual(NAMES);
  });

  it('come in the order of the forward pass', () => {
    const names = [
      ...[
        'unet.up_blocks.1.attentions.0',
        'unet.mid_block.attentions.0',
        'unet.down_blocks.10.attentions.0',
        'unet.down_blocks.2.attentions.1',
      ].flatMap((block) =>
        ['attn2.to_out.0', 'attn2.to_k', 'ff.net.2', 'attn1.to_v', 'attn1.to_q'].map(
          (end) => `${block}.transformer_blocks.0.${end}`,
        ),
      ),
      'text_encoder.text_model.encoder.layers.11.mlp.fc1',
    ];
    const places = modulePlaces(names.map(canonicalName)).toSorted(comparePlaces);
    expect(places.map((place) => `${place?.layer} ${place?.group[0]} ${place?.type}`)).toEqual([
      'text encoder 11 m fc1',
      ...['down 2·1', 'down 10·0', 'mid', 'up 1·0'].flatMap((row) =>
        ['s q', 's v', 'c k', 'c out', 'm fc2'].map((column) => `${row} ${column}`),
      ),
    ]);
  });

  it('are not made up', () => {
    expect(modulePlaces(['lm_head', 'classifier', '__proto__', 'x'.repeat(100_000), 'layers_x_1'])).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('call it attention where there is no other', () => {
    expect(modulePlaces([canonicalName('model.layers.0.self_attn.q_proj')])[0]?.group).toBe('attention');
    expect(modulePlaces([canonicalName('bert.encoder.layer.1.attention.self.query')])[0]?.layer).toBe('layer 1');
  });
});
