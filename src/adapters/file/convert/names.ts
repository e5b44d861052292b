import { safeName } from '../faults.ts';
import type { Adapter, ConvertTo, Module, Part } from '../model.ts';
import { COMPONENT, canonicalName, GPT2, IN_RESNET } from '../namings.ts';

/**
 * Kohya's names have underscores for dots ("down_blocks_0_attentions_0_proj_in"), so a name is parsed as that of a
 * model family if it consists of this family's words alone, the longest first.
 */
interface Family {
  /** In a sentence: "by the table for …". */
  readonly called: string;
  readonly words: ReadonlySet<string>;
}

const ATTENTION = 'to_q to_k to_v to_out to_out_lora';
const FAMILIES: readonly Family[] = [
  {
    called: "Stable Diffusion's U-Nets",
    words: words(
      `down_blocks up_blocks mid_block attentions resnets downsamplers upsamplers transformer_blocks attn1 attn2 ${ATTENTION}`,
      'ff net proj proj_in proj_out norm norm1 norm2 norm3 conv conv1 conv2 conv_in conv_out conv_shortcut time_emb_proj',
      'time_embedding add_embedding linear_1 linear_2',
    ),
  },
  {
    called: 'CLIP text encoders',
    words: words(
      'text_model encoder layers self_attn q_proj k_proj v_proj out_proj mlp fc1 fc2 layer_norm1 layer_norm2',
      'embeddings token_embedding position_embedding text_projection final_layer_norm',
    ),
  },
  {
    called: 'decoders like Llama',
    words: words(
      'model language_model decoder layers self_attn q_proj k_proj v_proj o_proj out_proj qkv_proj mlp gate_proj up_proj',
      'down_proj gate_up_proj fc1 fc2 dense embed_tokens lm_head experts block_sparse_moe w1 w2 w3 gate linear_attn in_proj',
      'shared_expert',
    ),
  },
  {
    called: 'decoders like GPT-2',
    words: words(
      'transformer h attn mlp c_attn c_proj c_fc q_attn crossattention wte wpe lm_head gpt_neox layers attention',
      'query_key_value dense dense_h_to_4h dense_4h_to_h embed_in embed_out self_attention word_embeddings',
      'q_proj k_proj v_proj out_proj fc_in fc_out',
    ),
  },
  {
    called: 'encoders like BERT and ViT',
    words: words(
      'bert mpnet roberta distilbert deberta electra albert vit beit dinov2 encoder transformer layer attention self query key value output',
      'dense intermediate q_lin k_lin v_lin out_lin ffn lin1 lin2 query_proj key_proj value_proj embeddings word_embeddings',
      'pooler classifier pre_classifier attn q k v o',
    ),
  },
  {
    called: 'T5',
    words: words(
      'transformer encoder decoder block layer SelfAttention EncDecAttention DenseReluDense q k v o wi wi_0 wi_1 wo',
      'shared lm_head relative_attention_bias layer_norm final_layer_norm',
    ),
  },
  {
    called: 'encoder-decoders like BART and Whisper',
    words: words(
      'model encoder decoder layers self_attn encoder_attn q_proj k_proj v_proj out_proj fc1 fc2 conv1 conv2 proj_out',
      'embed_tokens embed_positions shared lm_head final_layer_norm',
    ),
  },
  {
    called: "diffusers' diffusion transformers",
    words: words(
      `transformer_blocks single_transformer_blocks blocks attn attn1 attn2 attn2_ ${ATTENTION} to_add_out add_q_proj add_k_proj add_v_proj`,
      'to_qkv ff ff_context ffn net proj norm norm1 norm2 norm1_context norm_out linear linear_1 linear_2 proj_in proj_out proj_mlp',
      'x_embedder context_embedder pos_embed time_text_embed timestep_embedder guidance_embedder text_embedder img_mlp txt_mlp',
      'img_mod txt_mod',
    ),
  },
];

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(' ')));
}

/** The name with its dots and its family; null if no family has all its words. */
function dotted(name: string): { readonly name: string; readonly called: string } | null {
  for (const { called, words: known } of FAMILIES) {
    const parts = inWords(name.split('_'), known);
    if (parts !== null) return { name: parts.join('.'), called };
  }
  return null;
}

const LONGEST = 4;

function inWords(parts: readonly string[], known: ReadonlySet<string>): readonly string[] | null {
  const found: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let length = /^\d+$/.test(parts[at]) ? 1 : 0;
    for (let n = Math.min(LONGEST, parts.length - at); n > 0 && length === 0; n--) {
      if (known.has(parts.slice(at, at + n).join('_'))) length = n;
    }
    if (length === 0) return null;
    found.push(parts.slice(at, at + length).join('_'));
    at += length;
  }
  return found.some((part) => !/^\d+$/.test(part)) ? found : null;
}

export interface NewName {
  readonly prefix: string;
  readonly module: string;
  /** The table that its dots come from; null if the old name had them. */
  readonly table: string | null;
  readonly network: Network;
}

interface PipelineNaming extends Pipeline {
  readonly to: ConvertTo;
  /** More than one network in the file: PEFT's names then begin with the network's too. */
  readonly several: boolean;
}

export function namingFor(adapter: Adapter, to: ConvertTo): PipelineNaming {
  return { to, ...pipelineOf([adapter]), several: new Set(adapter.modules.map(networkOf)).size > 1 };
}

/** The new name, or the reason why there is none: a sentence. */
export function newName(module: Module, naming: PipelineNaming): NewName | string {
  const { to, several } = naming;
  const network = networkOf(module);
  if (to === 'kohya') {
    const name = kohyaName(module, naming);
    return 'none' in name ? name.none : { prefix: name.name, module: name.name, table: null, network };
  }
  const own = ownName(module);
  if (own === null) {
    return `${module.name} has underscores for dots, and no table here knows its words.`;
  }
  const inNetwork = network === '' ? own.name : `${network}.${own.name}`;
  const name = to === 'diffusers' || several ? inNetwork : own.name;
  return {
    prefix: to === 'peft' ? `base_model.model.${name}` : name,
    module: name,
    table: own.table,
    network,
  };
}

/** The name with its dots, without its network in front: its own, or by a table. */
function ownName(module: Module): { readonly name: string; readonly table: string | null } | null {
  const first = /(?:^|[._])(?:input_blocks|output_blocks|middle_block)[._]\d/.test(module.name);
  if (!isUnderscored(module) && !first) return { name: withoutNetwork(module.name), table: null };
  const found = dotted(first ? module.canonical : withoutFront(module.name));
  return found && { name: found.name, table: found.called };
}

/** Whether the dots of a module's name come back from its name in kohya's files: a table has all of its words. */
export function comesBack(module: Module, { prefix }: NewName): boolean {
  if (isUnderscored(module)) return true;
  const first = /_(?:input_blocks|output_blocks|middle_block)_\d/.test(prefix);
  return dotted(first ? canonicalName(prefix) : withoutFront(prefix))?.name === withoutNetwork(module.name);
}

/** Marks of the parts: a tensor's name is its module's prefix and one of these. */
type PartMarks = Readonly<Partial<Record<Part, string>>>;
const PEFT_MARKS: PartMarks = {
  down: '.lora_A.weight',
  up: '.lora_B.weight',
  bias: '.lora_B.bias',
  magnitude: '.lora_magnitude_vector',
};
const MARKS: Readonly<Record<ConvertTo, PartMarks>> = {
  peft: PEFT_MARKS,
  diffusers: PEFT_MARKS,
  kohya: {
    down: '.lora_down.weight',
    up: '.lora_up.weight',
    mid: '.lora_mid.weight',
    bias: '.lora_up.bias',
    alpha: '.alpha',
    magnitude: '.dora_scale',
  },
};
/** Word tables: their A and B are parameters themselves in PEFT, without ".weight". */
const EMBEDDING = /(?:^|[._])(?:embed_tokens|token_embedding|word_embeddings|wte|embed_in)$/;
const EMBEDDED: PartMarks = { down: '.lora_embedding_A', up: '.lora_embedding_B' };

export function tensorName(name: NewName, part: Part, to: ConvertTo): string | null {
  const mark = (to === 'peft' && EMBEDDING.test(name.module) && EMBEDDED[part]) || MARKS[to][part];
  return mark ? name.prefix + mark : null;
}

const RESNET_IN_FIRST_WORDS = new Map(Object.entries(IN_RESNET).map(([first, own]) => [own, first]));

/**
 * A U-Net module of Stable Diffusion XL in the words of its first code, which kohya's files have: "input_blocks_4_1_…"
 * for diffusers' "down_blocks_1_attentions_0_…". Each of three levels has two (down) or three (up) resnets, with an
 * attention each or none.
 */
function inFirstWords(name: string): string {
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
  return kind === 'attentions'
    ? `middle_block_1_${rest}`
    : `middle_block_${2 * Number(i)}_${RESNET_IN_FIRST_WORDS.get(rest) ?? rest}`;
}

const inner = (kind: string, rest: string) =>
  kind === 'resnets' ? `0_${RESNET_IN_FIRST_WORDS.get(rest) ?? rest}` : `1_${rest}`;

/** The networks of a pipeline by diffusers' prefixes; '' for a single network. */
type Network = 'unet' | 'transformer' | 'transformer_2' | 'text_encoder' | 'text_encoder_2' | 'text_encoder_3' | '';

const FRONTS: Readonly<Record<Network, string>> = {
  unet: 'lora_unet_',
  transformer: 'lora_unet_',
  transformer_2: 'lora_unet_',
  text_encoder: 'lora_te_',
  text_encoder_2: 'lora_te2_',
  text_encoder_3: 'lora_te3_',
  '': 'lora_transformer_',
};

/** By the prefix of a canonical name. */
const BESIDE: Readonly<Record<string, Network>> = {
  te: 'text_encoder',
  te2: 'text_encoder_2',
  te3: 'text_encoder_3',
  second: 'transformer_2',
};

const UNET = /^(?:down_blocks|up_blocks|mid_block|conv_in|conv_out|time_embedding|add_embedding)(?:_|$)/;
/** Blocks of a diffusion transformer, and what Flux has before and after them. */
const TRANSFORMER =
  /^(?:(?:transformer_blocks|single_transformer_blocks|double_blocks|single_blocks|(?:time|vector|guidance)_in|final_layer|time_text_embed|norm_out)_|(?:(?:img|txt)_in|(?:x|context)_embedder|proj_out)$)/;

function networkOf({ canonical, name }: Module): Network {
  const beside = BESIDE[/^(te\d?|second)_/.exec(canonical)?.[1] ?? ''];
  if (beside) return beside;
  if (TRANSFORMER.test(canonical)) return 'transformer';
  if (UNET.test(canonical) || name.startsWith('lora_unet_') || name.startsWith('unet.')) return 'unet';
  return '';
}

interface Pipeline {
  /** Stable Diffusion XL: two text encoders, and the first code's words. */
  readonly xl: boolean;
  /** A diffusion transformer: the first text encoder of CLIP is then te1. */
  readonly diffusion: boolean;
  /** Qwen-Image, which musubi-tuner trains in diffusers' words. */
  readonly qwen: boolean;
  readonly two: boolean;
}

export function pipelineOf(adapters: readonly Adapter[]): Pipeline {
  const modules = adapters.flatMap((adapter) => adapter.modules);
  const networks = new Set(modules.map(diffusionOf));
  return {
    xl: adapters.some(isXl),
    diffusion: modules.some((module) => diffusionOf(module) !== null),
    qwen: modules.some(({ canonical }) => QWEN.test(canonical)),
    two: networks.has('transformer') && networks.has('transformer_2'),
  };
}

function isXl({ modules }: Adapter): boolean {
  return modules.some(
    ({ canonical, k }) =>
      /attentions_\d_transformer_blocks_[1-9]_/.test(canonical) ||
      /^te2_text_model/.test(canonical) ||
      (/_attn2_to_[kv]$/.test(canonical) && k === 2048),
  );
}

/** Layers that only Qwen-Image has, and block numbers higher than in any other transformer with such names. */
const QWEN = /^transformer_blocks_(?:\d+_(?:img|txt)_(?:mlp|mod)|(?:3[89]|[45]\d)_attn)_/;
const NATIVE = /^(?:double_blocks|single_blocks|joint_blocks)_\d+_/;
const WAN = /^blocks_\d+_(?:(?:self_attn|cross_attn|attn1|attn2)_|ffn_(?:\d|net_))/;

/** The diffusion transformer of a module: Flux, SD3, Wan etc.; null for a U-Net, text encoder or language model. */
function diffusionOf(module: Module): 'transformer' | 'transformer_2' | null {
  const { canonical, name, tensors } = module;
  const network = networkOf(module);
  if (network === 'transformer' || network === 'transformer_2') return network;
  if (network !== '' && !name.startsWith('lora_unet_')) return null;
  const own = canonical.replace(/^second_/, '');
  const known = NATIVE.test(own) || WAN.test(own) || name.startsWith('diffusion_model.');
  // PEFT's names of language models begin so too, but behind its wrapper.
  const front = tensors.down?.name.startsWith('transformer.') && withoutNetwork(name) !== name;
  return known || front ? 'transformer' : null;
}

/** A module's name in kohya's files, or the sentence why it has none. */
function kohyaName(module: Module, pipeline: Pipeline): { readonly name: string } | { readonly none: string } {
  if (/^lora_/.test(module.name)) return { name: module.name };
  const own = isUnderscored(module) ? withoutFront(module.name) : withoutNetwork(module.name).replaceAll('.', '_');
  const network = networkOf(module);
  if (diffusionOf(module) !== null) return inTransformer(module, own, pipeline);
  const inside = pipeline.xl && network === 'unet' ? inFirstWords(own) : own;
  return { name: kohyaFront(network, own, pipeline) + inside };
}

function kohyaFront(network: Network, own: string, { xl, diffusion }: Pipeline): string {
  if (!network.startsWith('text_encoder')) return FRONTS[network];
  // The second text encoder of Flux is the third of SD3: T5.
  if (/^encoder_block_\d+_layer_\d/.test(own)) return FRONTS.text_encoder_3;
  const first = network === 'text_encoder' && (xl || (diffusion && own.startsWith('text_model_')));
  return first ? 'lora_te1_' : FRONTS[network];
}

/** Layers of Wan in its first code, by diffusers' words. */
const OF_WAN: Readonly<Record<string, string>> = {
  attn1_to_q: 'self_attn_q',
  attn1_to_k: 'self_attn_k',
  attn1_to_v: 'self_attn_v',
  attn1_to_out_0: 'self_attn_o',
  attn2_to_q: 'cross_attn_q',
  attn2_to_k: 'cross_attn_k',
  attn2_to_v: 'cross_attn_v',
  attn2_to_out_0: 'cross_attn_o',
  attn2_add_k_proj: 'cross_attn_k_img',
  attn2_add_v_proj: 'cross_attn_v_img',
  ffn_net_0_proj: 'ffn_0',
  ffn_net_2: 'ffn_2',
};

/**
 * Layer names of sd-scripts and musubi-tuner: those of the model's first code, behind "lora_unet_". Source: sd-scripts'
 * networks/lora_{flux,sd3,lumina}.py; musubi-tuner's convert_lora.py and networks/.
 */
function inTransformer(
  { name }: Module,
  own: string,
  { qwen, two }: Pipeline,
): { readonly name: string } | { readonly none: string } {
  if (two) return { none: 'The file has both transformers of a pipeline, and a file of kohya’s has one.' };
  const [, block = '', layer = ''] = /^(blocks_\d+_)(.+)$/.exec(own) ?? [];
  const found = Object.hasOwn(OF_WAN, layer) ? block + OF_WAN[layer] : own;
  const known =
    NATIVE.test(found) ||
    /^blocks_\d+_(?:self_attn|cross_attn|ffn)_/.test(found) ||
    // Z-Image has the same words everywhere.
    /^(?:layers|noise_refiner|context_refiner)_\d+_(?:attention_to|feed_forward_w\d)/.test(found) ||
    (qwen && /^transformer_blocks_\d+_(?:attn|(?:img|txt)_(?:mlp|mod))_/.test(found)) ||
    (name.startsWith('diffusion_model.') && !IN_DIFFUSERS.test(found));
  if (known) return { name: `lora_unet_${found}` };
  return {
    none: IN_DIFFUSERS.test(found)
      ? `${safeName(name)} is a name of diffusers. sd-scripts and musubi-tuner have q, k and v of this model in one layer; only those of Flux are joined here, in a file of Flux and its text encoders alone.`
      : `No name of sd-scripts or musubi-tuner is known for ${safeName(name)}.`,
  };
}

/** Names that only diffusers has: of Flux, SD3 and HunyuanVideo, and of Lumina. */
const IN_DIFFUSERS = /^(?:transformer_blocks_\d+_attn_|single_transformer_blocks_|layers_\d+_attn_)/;

function withoutNetwork(wrapped: string): string {
  // Wrapped twice, a name still has one PEFT prefix.
  const name = wrapped.replace(/^(?:base_model\.model\.)+/, '');
  return GPT2.test(name) ? name : name.replace(COMPONENT, '');
}

function isUnderscored({ name }: Module): boolean {
  return /^(?:lora|lycoris)_/.test(name) || (!name.includes('.') && name.includes('_'));
}

const withoutFront = (name: string): string =>
  name.replace(/^(?:lora_(?:unet|te\d?|transformer_2|transformer|prior_unet|prior_te|prior)_|lycoris_)/, '');
