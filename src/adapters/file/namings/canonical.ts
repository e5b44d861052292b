/**
 * Names of modules without what tools do differently, so that the same layer has the same name in every file: underscores
 * for dots, no wrapper in front, and diffusers' names for the blocks of a U-Net.
 */

/** Fronts of names, longest first, and what becomes of them: the main network has none, text encoders keep their number. */
const FRONTS: readonly (readonly [front: string, becomes: string])[] = [
  ['base_model_model_', ''],
  ['lora_unet_', ''],
  ['lora_transformer_', ''],
  ['lora_prior_unet_', ''],
  ['lora_prior_te_', 'te_'],
  ['lora_prior_', ''],
  ['lora_te1_', 'te_'],
  ['lora_te2_', 'te2_'],
  ['lora_te3_', 'te3_'],
  ['lora_te_', 'te_'],
  ['lycoris_', ''],
  ['text_encoder_2_', 'te2_'],
  ['text_encoder_3_', 'te3_'],
  ['text_encoder_', 'te_'],
  ['text_model_encoder_', 'te_text_model_encoder_'],
  ['transformer_h_', 'h_'],
  ['transformer_2_', 'second_'],
  ['transformer_transformer_blocks_', 'transformer_blocks_'],
  ['transformer_single_transformer_blocks_', 'single_transformer_blocks_'],
  ['transformer_', ''],
  ['diffusion_model_', ''],
  ['unet_', ''],
  ['prior_', ''],
  ['model_layers_', 'layers_'],
];
/** Fronts that are words of the network itself although they begin like one of FRONTS. */
const OWN = /^(?:transformer_blocks_|transformer_layers?_)/;

export function canonicalName(name: string): string {
  let rest = name.replaceAll('.', '_');
  // At most one wrapper and one component: "base_model_model_unet_", "base_model_model_model_layers_".
  for (let times = 0; times < 2 && !OWN.test(rest); times++) {
    const front = FRONTS.find(([text]) => rest.startsWith(text) && rest.length > text.length);
    if (!front) break;
    rest = front[1] + rest.slice(front[0].length);
    if (front[1] !== '' || front[0] === 'lora_unet_') break;
  }
  return inDiffusersWords(rest);
}

const IN_RESNET: Readonly<Record<string, string>> = {
  in_layers_2: 'conv1',
  emb_layers_1: 'time_emb_proj',
  out_layers_3: 'conv2',
  skip_connection: 'conv_shortcut',
};

/** Blocks of Stable Diffusion's first code ("input_blocks_4_1_…") as diffusers counts them ("down_blocks_1_attentions_0_…"). */
function inDiffusersWords(name: string): string {
  const block = /^(input_blocks|output_blocks|middle_block)_(\d{1,2})_(?:(\d)_)?(.+)$/.exec(name);
  if (!block) return name;
  const [, where, first, second, rest] = block;
  const n = Number(first);
  if (where === 'middle_block') {
    const inner = second === undefined ? rest : `${second}_${rest}`;
    return n === 1
      ? `mid_block_attentions_0_${inner}`
      : `mid_block_resnets_${n === 0 ? 0 : 1}_${IN_RESNET[inner] ?? inner}`;
  }
  if (where === 'input_blocks') {
    if (n === 0) return rest === 'weight' || second === '0' || rest === '0' ? 'conv_in' : name;
    const [b, i] = [Math.floor((n - 1) / 3), (n - 1) % 3];
    if (rest === 'op') return `down_blocks_${b}_downsamplers_0_conv`;
    return `down_blocks_${b}_${inside(second, i, rest)}`;
  }
  const [b, i] = [Math.floor(n / 3), n % 3];
  if (rest === 'conv') return `up_blocks_${b}_upsamplers_0_conv`;
  return `up_blocks_${b}_${inside(second, i, rest)}`;
}

const inside = (second: string | undefined, i: number, rest: string) =>
  second === '0' ? `resnets_${i}_${IN_RESNET[rest] ?? rest}` : `attentions_${i}_${rest}`;
