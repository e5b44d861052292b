import type { Adapter, Module } from '../model.ts';

/** The networks of a pipeline, by what diffusers calls them in front of its names; '' for one that stands alone. */
export type Network =
  | 'unet'
  | 'transformer'
  | 'transformer_2'
  | 'text_encoder'
  | 'text_encoder_2'
  | 'text_encoder_3'
  | '';

/** What kohya has in front of the names of each. */
const FRONTS: Readonly<Record<Network, string>> = {
  unet: 'lora_unet_',
  transformer: 'lora_transformer_',
  transformer_2: 'lora_transformer_2_',
  text_encoder: 'lora_te_',
  text_encoder_2: 'lora_te2_',
  text_encoder_3: 'lora_te3_',
  '': 'lora_transformer_',
};

/** In canonical names. */
const BESIDE: Readonly<Record<string, Network>> = {
  te: 'text_encoder',
  te2: 'text_encoder_2',
  te3: 'text_encoder_3',
  second: 'transformer_2',
};

const UNET = /^(?:down_blocks|up_blocks|mid_block|conv_in|conv_out|time_embedding|add_embedding)(?:_|$)/;
const TRANSFORMER = /^(?:transformer_blocks|single_transformer_blocks|double_blocks|single_blocks)_/;

/** Which network of a pipeline a module belongs to. */
export function networkOf({ canonical, name }: Module): Network {
  const beside = BESIDE[/^(te\d?|second)_/.exec(canonical)?.[1] ?? ''];
  if (beside) return beside;
  if (TRANSFORMER.test(canonical)) return 'transformer';
  if (UNET.test(canonical) || name.startsWith('lora_unet_') || name.startsWith('unet.')) return 'unet';
  return '';
}

/** Stable Diffusion XL by its names or the width of its text: kohya then has two text encoders and the first code's words. */
export function isXl({ modules }: Adapter): boolean {
  return modules.some(
    ({ canonical, k }) =>
      /attentions_\d_transformer_blocks_[1-9]_/.test(canonical) ||
      /^te2_text_model/.test(canonical) ||
      (/_attn2_to_[kv]$/.test(canonical) && k === 2048),
  );
}

export const kohyaFront = (network: Network, xl: boolean): string =>
  xl && network === 'text_encoder' ? 'lora_te1_' : FRONTS[network];

/** A dotted name without the name of its network in front. */
export function withoutNetwork(name: string): string {
  if (/^transformer\.(?:h|wte|wpe|word_embeddings)\./.test(name)) return name;
  return name.replace(
    /^(?:unet|transformer|transformer_2|diffusion_model|prior|text_encoder|text_encoder_2|text_encoder_3)\./,
    '',
  );
}

/** Kohya's names without what stands in front of a network's own. */
export const withoutFront = (name: string): string =>
  name.replace(/^(?:lora_(?:unet|te\d?|transformer_2|transformer|prior_unet|prior_te|prior)_|lycoris_)/, '');
