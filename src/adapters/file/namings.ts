import { visibleText } from './faults.ts';
import type { ModuleKind, Naming, Part } from './model.ts';

export const NAMINGS: Readonly<Record<Naming, string>> = {
  peft: 'PEFT',
  kohya: 'kohya',
  diffusers: 'diffusers',
  lycoris: 'LyCORIS',
  mlx: 'MLX',
  other: 'no known tool',
};

interface NameReading {
  /** Without the naming's prefix and marks: tensors with the same one belong together. */
  readonly module: string;
  readonly part: Part;
  /** The kind of a module that has this part; null for parts that every kind may have, α and magnitudes. */
  readonly kind: ModuleKind | null;
  /** PEFT can keep several named adapters in one file; null if the name has none. */
  readonly adapter: string | null;
}

/** null if the name is not one of this family. Takes time in proportion to the name at most. */
type NameReader = (name: string) => NameReading | null;

type NameEnding = readonly [suffix: string, part: Part, kind: ModuleKind | null];

function readEnding(name: string, endings: readonly NameEnding[]): NameReading | null {
  for (const [suffix, part, kind] of endings) {
    if (name.length > suffix.length && name.endsWith(suffix)) {
      return { module: name.slice(0, -suffix.length), part, kind, adapter: null };
    }
  }
  return null;
}

const PREFIX = 'base_model.model.';
const MARKS: readonly NameEnding[] = [
  ['.lora_A', 'down', 'lora'],
  ['.lora_B', 'up', 'lora'],
  ['.lora_E', 'diagonal', 'lora'],
  ['.lora_embedding_A', 'down', 'lora'],
  ['.lora_embedding_B', 'up', 'lora'],
  ['.lora_magnitude_vector', 'magnitude', null],
];

/** Reads PEFT's marks: `lora_A.weight`, `lora_A.<adapter>.weight`, `lora_A`, `lora_A.<adapter>`. */
function readMarks(name: string): NameReading | null {
  for (const [mark, part, kind] of MARKS) {
    const at = name.lastIndexOf(mark);
    if (at < 1) continue;
    const rest = name.slice(at + mark.length);
    if (rest.length > 200 || (rest !== '' && !rest.startsWith('.'))) continue;
    const words = rest.split('.').slice(1);
    const last = words.at(-1);
    const what = last === 'weight' || last === 'bias' ? words.slice(0, -1) : words;
    if (what.length > 1) continue;
    const module = name.slice(0, at);
    const adapter = what[0] ?? null;
    if (last === 'bias') return part === 'up' ? { module, part: 'bias', kind, adapter } : null;
    return { module, part, kind, adapter };
  }
  return null;
}

const withoutWrapper = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);

const KOHYA_ENDINGS: readonly NameEnding[] = [
  ['.lora_down.weight', 'down', 'lora'],
  ['.lora_up.weight', 'up', 'lora'],
  ['.lora_mid.weight', 'mid', 'lora'],
  ['.lora_up.bias', 'bias', 'lora'],
  ['.alpha', 'alpha', null],
  ['.dora_scale', 'magnitude', null],
];

const LYCORIS_ENDINGS: readonly NameEnding[] = [
  ['.hada_w1_a', 'w1a', 'loha'],
  ['.hada_w1_b', 'w1b', 'loha'],
  ['.hada_w2_a', 'w2a', 'loha'],
  ['.hada_w2_b', 'w2b', 'loha'],
  ['.hada_t1', 't1', 'loha'],
  ['.hada_t2', 't2', 'loha'],
  ['.lokr_w1', 'w1', 'lokr'],
  ['.lokr_w1_a', 'w1a', 'lokr'],
  ['.lokr_w1_b', 'w1b', 'lokr'],
  ['.lokr_w2', 'w2', 'lokr'],
  ['.lokr_w2_a', 'w2a', 'lokr'],
  ['.lokr_w2_b', 'w2b', 'lokr'],
  ['.lokr_t2', 't2', 'lokr'],
  ['.diff', 'diff', 'full'],
  ['.diff_b', 'bias', null],
];

const MLX_ENDINGS: readonly NameEnding[] = [
  ['.lora_a', 'down', 'lora'],
  ['.lora_b', 'up', 'lora'],
  ['.m', 'magnitude', null],
];

/** Components of a pipeline as prefixes; GPT-2's blocks have such a prefix too. */
export const COMPONENT =
  /^(?:transformer|transformer_2|diffusion_model|unet|prior|text_encoder|text_encoder_2|text_encoder_3)\./;
export const GPT2 = /^transformer\.(?:h|wte|wpe|word_embeddings)\./;

const DIFFUSERS_ENDINGS: readonly NameEnding[] = [
  ['.lora.down.weight', 'down', 'lora'],
  ['.lora.up.weight', 'up', 'lora'],
  ['.lora.alpha', 'alpha', null],
  ['.lora_linear_layer.down.weight', 'down', 'lora'],
  ['.lora_linear_layer.up.weight', 'up', 'lora'],
  ['.lora_linear_layer.alpha', 'alpha', null],
  ['.lora_conv2d_layer.down.weight', 'down', 'lora'],
  ['.lora_conv2d_layer.up.weight', 'up', 'lora'],
];
/**
 * Attention processors of older versions: `attn1.processor.to_k_lora.down.weight` adapts the layer `attn1.to_k`.
 * Scripts that convert them write `_lora_down.weight`, some with underscores for all dots.
 */
const OF_PROCESSORS: readonly NameEnding[] = [
  ['_lora.down.weight', 'down', 'lora'],
  ['_lora.up.weight', 'up', 'lora'],
  ['_lora.alpha', 'alpha', null],
  ['_lora_down.weight', 'down', 'lora'],
  ['_lora_up.weight', 'up', 'lora'],
];
const PROCESSOR = /([._])processor[._](\w{1,40})$/;
/** XLabs' processors of Flux: 1 is the stream of the image, 2 that of the text. */
const XLABS = /^(double_blocks\.\d{1,3}\.)processor\.(proj|qkv)_lora([12])(?=\.)/;

function readProcessor(name: string): NameReading | null {
  const plain = name.replace(XLABS, (_, block, layer, n) => `${block}${n === '1' ? 'img' : 'txt'}_attn.${layer}_lora`);
  const read = readEnding(plain, OF_PROCESSORS);
  if (!read) return null;
  const module = read.module.replace(PROCESSOR, '$1$2');
  // The output of an attention block is a list of a linear layer and a dropout.
  return { ...read, module: module.replace(/([._])to_out$/, (_, dot) => `${dot}to_out${dot}0`) };
}

/** Its own names, those of attention processors, and PEFT's behind the name of a pipeline's component. */
function readDiffusers(name: string): NameReading | null {
  const own = readEnding(name, DIFFUSERS_ENDINGS) ?? readProcessor(name);
  if (own || !COMPONENT.test(name) || GPT2.test(name)) return own;
  return readMarks(name) ?? readEnding(name, [['.magnitude', 'magnitude', null]]);
}

/** The more special families first: a name belongs to the first that can read it. */
const FAMILIES: readonly (readonly [naming: Naming, read: NameReader])[] = [
  ['diffusers', readDiffusers],
  // Hugging Face PEFT, also without the names of its wrappers.
  ['peft', (name) => readMarks(withoutWrapper(name))],
  // sd-scripts and their followers: `lora_unet_…`, `lora_te1_…`, each module with its own α.
  ['kohya', (name) => readEnding(name, KOHYA_ENDINGS)],
  // Hadamard and Kronecker products, whole updates; its pairs have kohya's names, in PEFT behind its prefix.
  ['lycoris', (name) => readEnding(withoutWrapper(name), LYCORIS_ENDINGS)],
  // Its layers multiply from the right: A is [in, r], B is [r, out].
  ['mlx', (name) => readEnding(name, MLX_ENDINGS)],
];

/** The reading of a tensor's name with its family; null for a tensor that is no part of an adapted layer. */
export function readName(name: string): (NameReading & { readonly naming: Naming }) | null {
  for (const [naming, read] of FAMILIES) {
    const reading = read(name);
    if (reading) return { ...reading, naming };
  }
  return null;
}

/** A sample of a file's names, from one of its tensors: "to_k.lora.down", "lora_unet_….lora_down". */
export function namePattern(tensor: string): string {
  const words = tensor.replace(/\.weight$/, '').split('.');
  const tail = words.slice(/^(down|up)$/.test(words.at(-1) ?? '') ? -3 : -2);
  const [first, ...rest] = tail;
  const start = /^(lora_[a-z0-9]{1,20}_|lycoris_)/.exec(first)?.[0] ?? `${first.slice(0, 12)}`;
  return visibleText([first.length > 24 ? `${start}…` : first, ...rest.map((word) => word.slice(0, 24))].join('.'));
}

/** Canonical names, equal in every file: underscores for dots, no wrapper, diffusers' U-Net blocks. */

/** Prefixes, longest first, and their replacements: none for the main network, text encoders keep their number. */
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
/** Prefixes that are words of the network itself although they begin like one of FRONTS. */
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
  return inDiffusersWords(T5.test(rest) ? rest.replace('te2_', 'te3_') : rest);
}

/** T5 is the second text encoder of Flux and the third of SD3, and lora_te3_ in kohya's files of both. */
const T5 = /^te2_(?:transformer_)?encoder_block_\d+_layer_\d/;

/** Layers of a resnet in the first code, and in diffusers. */
export const IN_RESNET: Readonly<Record<string, string>> = {
  in_layers_2: 'conv1',
  emb_layers_1: 'time_emb_proj',
  out_layers_3: 'conv2',
  skip_connection: 'conv_shortcut',
};

/** Blocks of Stable Diffusion's first code ("input_blocks_4_1_…") as in diffusers ("down_blocks_1_attentions_0_…"). */
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
