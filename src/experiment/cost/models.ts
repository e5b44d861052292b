import { decoderModel } from './families.ts';
import type { Blocks, Model, ModuleType, Shape } from './model.ts';

// Shapes as published with the models: config.json of gpt2, Llama-2-7b and Meta-Llama-3-8B, vit_base_patch16_224 of timm,
// unet/config.json of Stable Diffusion 1.5.

const gpt2 = decoderModel(
  'gpt2',
  'GPT-2 small, 12 layers, width 768',
  {
    family: 'gpt2',
    layers: 12,
    width: 768,
    heads: 12,
    kvHeads: 12,
    head: 64,
    inner: 3072,
    vocabulary: 50_257,
    positions: 1024,
    tied: 1,
    extra: 0,
  },
  1024,
);

const llama2 = decoderModel(
  'llama-2-7b',
  '7B decoder, 32 layers, width 4,096',
  {
    family: 'llama',
    layers: 32,
    width: 4096,
    heads: 32,
    kvHeads: 32,
    head: 128,
    inner: 11_008,
    vocabulary: 32_000,
    positions: 0,
    tied: 0,
    extra: 0,
  },
  2048,
);

const llama3 = decoderModel(
  'llama-3-8b',
  'Grouped-query decoder, 8B, 32 layers',
  {
    family: 'llama',
    layers: 32,
    width: 4096,
    heads: 32,
    kvHeads: 8,
    head: 128,
    inner: 14_336,
    vocabulary: 128_256,
    positions: 0,
    tied: 0,
    extra: 0,
  },
  2048,
);

const of = (name: string, target: string, d: number, k: number, count: number): ModuleType => ({
  name,
  target,
  shapes: [{ d, k, count }],
});

const vit: Model = {
  name: 'vit-b16',
  label: 'Vision transformer, ViT-B/16',
  block: 'layer',
  modules: [
    of('qkv', 'attn.qkv', 2304, 768, 12),
    of('o', 'attn.proj', 768, 768, 12),
    of('up', 'mlp.fc1', 3072, 768, 12),
    of('down', 'mlp.fc2', 768, 3072, 12),
  ],
  parameters: 86_567_656,
  // 14 × 14 patches and one token for the class.
  blocks: [{ count: 12, width: 768, heads: 12, tokens: 197 }],
  kept: 16,
  logits: 0,
  tokens: null,
  peft: { task: null, transposed: false },
};

/** How many blocks of each width the U-Net has, and at how many places of the 64 × 64 latent picture. */
const WIDTHS = [
  { width: 320, count: 5, tokens: 64 * 64 },
  { width: 640, count: 5, tokens: 32 * 32 },
  { width: 1280, count: 5, tokens: 16 * 16 },
  // In the middle.
  { width: 1280, count: 1, tokens: 8 * 8 },
] as const;
/** Numbers of a token of the text that a picture is drawn from. */
const TEXT = 768;

function perWidth(name: string, target: string, d: (c: number) => number, k: (c: number) => number): ModuleType {
  const at = (width: number): Shape => ({
    d: d(width),
    k: k(width),
    count: WIDTHS.reduce((sum, one) => sum + (one.width === width ? one.count : 0), 0),
  });
  return { name, target, shapes: [at(320), at(640), at(1280)] };
}

const same = (c: number) => c;
const unet: Model = {
  name: 'sd15-unet',
  label: 'U-Net blocks, Stable Diffusion 1.5',
  block: 'block',
  modules: [
    perWidth('self-q', 'attn1.to_q', same, same),
    perWidth('self-k', 'attn1.to_k', same, same),
    perWidth('self-v', 'attn1.to_v', same, same),
    perWidth('self-o', 'attn1.to_out.0', same, same),
    perWidth('cross-q', 'attn2.to_q', same, same),
    perWidth('cross-k', 'attn2.to_k', same, () => TEXT),
    perWidth('cross-v', 'attn2.to_v', same, () => TEXT),
    perWidth('cross-o', 'attn2.to_out.0', same, same),
    perWidth(
      'up',
      'ff.net.0.proj',
      (c) => 8 * c,
      (c) => c,
    ),
    perWidth(
      'down',
      'ff.net.2',
      (c) => c,
      (c) => 4 * c,
    ),
  ],
  parameters: 859_520_964,
  blocks: WIDTHS.map(({ width, count, tokens }): Blocks => ({ width, count, heads: 8, tokens })),
  // Three norms, their inputs and outputs; q, k, v and the output of self-attention, q and the output of the other; 16 of
  // the gated feed-forward part.
  kept: 28,
  logits: 0,
  tokens: null,
  peft: { task: null, transposed: false },
};

/** The models that the page knows. */
export const MODELS: readonly Model[] = [gpt2, llama2, llama3, vit, unet];

/** The one that is there at first. */
export const USUAL_MODEL: Model = llama2;
