/** A size of a kind of matrix: d outputs, k inputs, and the number of such matrices in the model. */
export interface LayerShape {
  readonly d: number;
  readonly k: number;
  readonly count: number;
}

/** One kind of matrix that LoRA may adapt; in several sizes if the model's blocks differ in width. */
export interface ModuleType {
  readonly name: string;
  /** Its name in PEFT: the end of the module's name, which no other kind of matrix shares. */
  readonly target: string;
  readonly shapes: readonly [LayerShape, ...LayerShape[]];
}

interface Blocks {
  readonly count: number;
  readonly width: number;
  readonly heads: number;
  /** Tokens of a sample in these blocks; null: as many as the text. */
  readonly tokens: number | null;
}

export interface Model {
  readonly name: string;
  readonly label: string;
  readonly block: 'layer' | 'block';
  readonly modules: readonly ModuleType[];
  readonly parameters: number;
  readonly blocks: readonly Blocks[];
  /** Numbers that one block keeps per token, in units of its width. */
  readonly kept: number;
  /** Output numbers per token of a text; 0 for image models, whose output is small. */
  readonly logits: number;
  readonly tokens: number | null;
  readonly peft: { readonly task: 'CAUSAL_LM' | null; readonly transposed: boolean };
}

export function sumOverShapes({ shapes }: Pick<ModuleType, 'shapes'>, of: (shape: LayerShape) => number): number {
  return shapes.reduce((sum, shape) => sum + shape.count * of(shape), 0);
}

export function moduleNumbers({ modules }: Pick<Model, 'modules'>): number {
  return modules.reduce((sum, type) => sum + sumOverShapes(type, ({ d, k }) => d * k), 0);
}

/** The largest rank that fits a kind of matrix. */
export function maxRank({ shapes }: Pick<ModuleType, 'shapes'>): number {
  return Math.min(...shapes.map(({ d, k }) => Math.min(d, k)));
}

export function blockCount({ blocks }: Pick<Model, 'blocks'>): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

/** All attention matrices at one rank: a usual first choice. */
export function attentionRanks({ modules }: Pick<Model, 'modules'>, rank: number): Readonly<Record<string, number>> {
  const attention = modules.filter(({ name }) => /^(self-|cross-)?(q|k|v|o|qkv)$/.test(name));
  return Object.fromEntries(attention.map(({ name }) => [name, rank]));
}

export interface Decoder {
  readonly family: 'llama' | 'gpt2';
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values: fewer than of queries if several share one. */
  readonly kvHeads: number;
  readonly head: number;
  readonly inner: number;
  readonly vocabulary: number;
  /** Learned positions; 0 if positions are computed. */
  readonly positions: number;
  /** 1 if the output has the weights of the embedding. */
  readonly tied: 0 | 1;
  /** Numbers of a layer besides its matrices and two norms: biases, norms of heads. */
  readonly extra: number;
}

const one = (name: string, target: string, d: number, k: number, count: number): ModuleType => ({
  name,
  target,
  shapes: [{ d, k, count }],
});

/** The shapes of Llama: separate q, k, v, o without biases, a gated feed-forward part, RMS norms. */
function llamaModules({ layers, width, heads, kvHeads, head, inner }: Decoder): readonly ModuleType[] {
  return [
    one('q', 'q_proj', heads * head, width, layers),
    one('k', 'k_proj', kvHeads * head, width, layers),
    one('v', 'v_proj', kvHeads * head, width, layers),
    one('o', 'o_proj', width, heads * head, layers),
    one('gate', 'gate_proj', inner, width, layers),
    one('up', 'up_proj', inner, width, layers),
    one('down', 'down_proj', width, inner, layers),
  ];
}

/** The shapes of GPT-2: q, k and v in one matrix, biases everywhere, layer norms of two numbers per channel. */
function gpt2Modules({ layers, width, inner }: Decoder): readonly ModuleType[] {
  return [
    one('qkv', 'attn.c_attn', 3 * width, width, layers),
    one('o', 'attn.c_proj', width, width, layers),
    one('up', 'mlp.c_fc', inner, width, layers),
    one('down', 'mlp.c_proj', width, inner, layers),
  ];
}

export function decoderModel(name: string, label: string, shape: Decoder, tokens: number): Model {
  const { family, layers, width, heads, kvHeads, head, inner, vocabulary, positions, tied, extra } = shape;
  const gpt2 = family === 'gpt2';
  const modules = gpt2 ? gpt2Modules(shape) : llamaModules(shape);
  const embeddings = (tied ? 1 : 2) * vocabulary * width + positions * width;
  // Of GPT-2: two norms of 2·width, biases of 3·width, width, inner and width.
  const small = gpt2 ? 9 * width + inner : 2 * width;
  const last = gpt2 ? 2 * width : width;
  return {
    name,
    label,
    block: 'layer',
    modules,
    parameters: moduleNumbers({ modules }) + embeddings + layers * (small + extra) + last,
    blocks: [{ count: layers, width, heads, tokens: null }],
    // Two norms, their inputs and outputs; q, k, v and the attention output; the feed-forward part.
    kept: 4 + (2 * heads * head + 2 * kvHeads * head) / width + ((gpt2 ? 2 : 4) * inner) / width,
    logits: vocabulary,
    tokens,
    peft: { task: 'CAUSAL_LM', transposed: gpt2 },
  };
}

export const NUMBER_BYTES = { f32: 4, bf16: 2 } as const;
export type NumberFormat = keyof typeof NUMBER_BYTES;
export const FORMAT_NAMES: Readonly<Record<NumberFormat, string>> = { f32: 'float32', bf16: 'bfloat16' };

export type BaseFormat = 'nf4' | 'int8';
export const BASE_NAMES: Readonly<Record<BaseFormat, string>> = { nf4: 'NF4, 4 bits', int8: '8 bits' };

export const OPTIMISER_BYTES = {
  sgd: 0,
  momentum: 4,
  adam: 8,
  // Two 8-bit moments, each with one float32 scale per block of 256.
  adam8: 2 + (2 * 4) / 256,
} as const;
export type OptimiserKind = keyof typeof OPTIMISER_BYTES;
export const OPTIMISER_LABELS: Readonly<Record<OptimiserKind, string>> = {
  sgd: 'SGD, nothing kept',
  momentum: 'Momentum, 4 bytes per number',
  adam: 'Adam, 8 bytes per number',
  adam8: '8-bit Adam, 2 bytes per number',
};

/** Bytes of one number in NF4: 4 bits, and its share of the scales. */
export function nf4Bytes(block: number, group: number): number {
  // One scale per block: float32, or one byte and a float32 per group of blocks.
  const scale = group > 0 ? 1 + 4 / group : 4;
  return 0.5 + scale / block;
}

// Shapes as published with the models: config.json of gpt2, Llama-2-7b and Meta-Llama-3-8B, vit_base_patch16_224 of timm,
// unet/config.json of Stable Diffusion 1.5.

const gpt2 = decoderModel(
  'gpt2',
  'GPT-2 small, 12 layers, width 768',
  {
    ...{ family: 'gpt2', layers: 12, width: 768, heads: 12, kvHeads: 12, head: 64 },
    ...{ inner: 3072, vocabulary: 50_257, positions: 1024, tied: 1, extra: 0 },
  },
  1024,
);

const LLAMA = { family: 'llama', layers: 32, width: 4096, heads: 32, head: 128 } as const;
/** Computed positions, an output with weights of its own, and no biases. */
const PLAIN = { positions: 0, tied: 0, extra: 0 } as const;

const llama2 = decoderModel(
  'llama-2-7b',
  '7B decoder, 32 layers, width 4,096',
  { ...LLAMA, ...PLAIN, kvHeads: 32, inner: 11_008, vocabulary: 32_000 },
  2048,
);

const llama3 = decoderModel(
  'llama-3-8b',
  'Grouped-query decoder, 8B, 32 layers',
  { ...LLAMA, ...PLAIN, kvHeads: 8, inner: 14_336, vocabulary: 128_256 },
  2048,
);

/** Of a model of images: its output is small, and its tokens are its own. */
const OF_IMAGES = { logits: 0, tokens: null, peft: { task: null, transposed: false } } as const;

const vit: Model = {
  name: 'vit-b16',
  label: 'Vision transformer, ViT-B/16',
  block: 'layer',
  modules: [
    one('qkv', 'attn.qkv', 2304, 768, 12),
    one('o', 'attn.proj', 768, 768, 12),
    one('up', 'mlp.fc1', 3072, 768, 12),
    one('down', 'mlp.fc2', 768, 3072, 12),
  ],
  parameters: 86_567_656,
  // 14 × 14 patches and one token for the class.
  blocks: [{ count: 12, width: 768, heads: 12, tokens: 197 }],
  kept: 16,
  ...OF_IMAGES,
};

/** Blocks of each width in the U-Net, and positions of the 64 × 64 latent picture. */
const WIDTHS = [
  { width: 320, count: 5, tokens: 64 * 64 },
  { width: 640, count: 5, tokens: 32 * 32 },
  { width: 1280, count: 5, tokens: 16 * 16 },
  { width: 1280, count: 1, tokens: 8 * 8 },
] as const;
/** Width of the text tokens that condition the picture. */
const TEXT = 768;

/** A matrix with `outputs` and `inputs` numbers for each channel of its block; `text`: its inputs are text tokens. */
function perWidth(name: string, target: string, outputs = 1, inputs: number | 'text' = 1): ModuleType {
  const at = (width: number): LayerShape => ({
    d: outputs * width,
    k: inputs === 'text' ? TEXT : inputs * width,
    count: WIDTHS.reduce((sum, one) => sum + (one.width === width ? one.count : 0), 0),
  });
  return { name, target, shapes: [at(320), at(640), at(1280)] };
}

const unet: Model = {
  name: 'sd15-unet',
  label: 'U-Net blocks, Stable Diffusion 1.5',
  block: 'block',
  modules: [
    perWidth('self-q', 'attn1.to_q'),
    perWidth('self-k', 'attn1.to_k'),
    perWidth('self-v', 'attn1.to_v'),
    perWidth('self-o', 'attn1.to_out.0'),
    perWidth('cross-q', 'attn2.to_q'),
    perWidth('cross-k', 'attn2.to_k', 1, 'text'),
    perWidth('cross-v', 'attn2.to_v', 1, 'text'),
    perWidth('cross-o', 'attn2.to_out.0'),
    perWidth('up', 'ff.net.0.proj', 8),
    perWidth('down', 'ff.net.2', 1, 4),
  ],
  parameters: 859_520_964,
  blocks: WIDTHS.map(({ width, count, tokens }): Blocks => ({ width, count, heads: 8, tokens })),
  // Three norms, their inputs and outputs; q, k, v and the output of self-attention, q and the output of
  // cross-attention; 16 of the gated feed-forward part.
  kept: 28,
  ...OF_IMAGES,
};

export const MODELS: readonly Model[] = [gpt2, llama2, llama3, vit, unet];

export const DEFAULT_MODEL: Model = llama2;
