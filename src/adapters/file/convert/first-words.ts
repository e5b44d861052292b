const IN_RESNET: Readonly<Record<string, string>> = {
  conv1: 'in_layers_2',
  time_emb_proj: 'emb_layers_1',
  conv2: 'out_layers_3',
  conv_shortcut: 'skip_connection',
};

/**
 * A module of the U-Net of Stable Diffusion XL in the words of its first code, which kohya's files have: "input_blocks_4_1_…"
 * for diffusers' "down_blocks_1_attentions_0_…". Each of three levels has two (down) or three (up) resnets in a row with an
 * attention or none. A name that has no such words stays as it is.
 */
export function inFirstWords(name: string): string {
  const block = /^(down|up)_blocks_(\d)_(resnets|attentions|downsamplers|upsamplers)_(\d)_(.+)$/.exec(name);
  if (!block) return inMiddle(name);
  const [, way, level, kind, i, rest] = block;
  if (way === 'down') {
    if (kind === 'downsamplers') return `input_blocks_${3 * (Number(level) + 1)}_0_op`;
    return `input_blocks_${1 + 3 * Number(level) + Number(i)}_${inner(kind, rest)}`;
  }
  // The upsampler follows the last resnet, and the attention of levels that have one: of XL the first two.
  if (kind === 'upsamplers') return `output_blocks_${3 * Number(level) + 2}_${Number(level) < 2 ? 2 : 1}_conv`;
  return `output_blocks_${3 * Number(level) + Number(i)}_${inner(kind, rest)}`;
}

function inMiddle(name: string): string {
  if (name === 'conv_in') return 'input_blocks_0_0';
  const middle = /^mid_block_(resnets|attentions)_(\d)_(.+)$/.exec(name);
  if (!middle) return name;
  const [, kind, i, rest] = middle;
  return kind === 'attentions' ? `middle_block_1_${rest}` : `middle_block_${2 * Number(i)}_${IN_RESNET[rest] ?? rest}`;
}

const inner = (kind: string, rest: string) => (kind === 'resnets' ? `0_${IN_RESNET[rest] ?? rest}` : `1_${rest}`);
