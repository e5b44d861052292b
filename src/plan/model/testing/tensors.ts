type Tensor = readonly [count: number, ...size: number[]];

export function numbersIn(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, [count, ...size]) => sum + count * size.reduce((a, b) => a * b, 1), 0);
}

/** gpt2: model.safetensors. The output shares the weights of wte. */
export const GPT2: readonly Tensor[] = [
  [1, 50257, 768], // wte
  [1, 1024, 768], // wpe
  [12, 768, 2304], // attn.c_attn.weight, bias
  [12, 2304],
  [12, 768, 768], // attn.c_proj
  [12, 768],
  [12, 768, 3072], // mlp.c_fc
  [12, 3072],
  [12, 3072, 768], // mlp.c_proj
  [12, 768],
  [4 * 12, 768], // ln_1, ln_2
  [2, 768], // ln_f
];

/** Llama-2-7b. */
export const LLAMA2: readonly Tensor[] = [
  [2, 32000, 4096], // embed_tokens, lm_head
  [4 * 32, 4096, 4096], // q_proj, k_proj, v_proj, o_proj
  [2 * 32, 11008, 4096], // gate_proj, up_proj
  [32, 4096, 11008], // down_proj
  [2 * 32 + 1, 4096], // norms
];

/** Meta-Llama-3-8B: 32 heads of queries share 8 of keys and values. */
export const LLAMA3: readonly Tensor[] = [
  [2, 128256, 4096],
  [2 * 32, 4096, 4096],
  [2 * 32, 1024, 4096],
  [2 * 32, 14336, 4096],
  [32, 4096, 14336],
  [2 * 32 + 1, 4096],
];

/** Mistral-7B-v0.1. */
export const MISTRAL: readonly Tensor[] = [
  [2, 32000, 4096],
  [2 * 32, 4096, 4096],
  [2 * 32, 1024, 4096],
  [2 * 32, 14336, 4096],
  [32, 4096, 14336],
  [2 * 32 + 1, 4096],
];

/** Qwen2.5-0.5B: biases of q, k and v, tied embeddings. */
export const QWEN: readonly Tensor[] = [
  [1, 151936, 896],
  [2 * 24, 896, 896], // q_proj, o_proj
  [24, 896],
  [2 * 24, 128, 896], // k_proj, v_proj
  [2 * 24, 128],
  [3 * 24, 4864, 896],
  [2 * 24 + 1, 896],
];

/** vit_base_patch16_224. */
export const VIT: readonly Tensor[] = [
  [1, 768, 3, 16, 16], // patch_embed.proj
  [1, 768],
  [1, 768], // cls_token
  [1, 197, 768], // pos_embed
  [12, 2304, 768],
  [12, 2304],
  [12, 768, 768],
  [12, 768],
  [12, 3072, 768],
  [12, 3072],
  [12, 768, 3072],
  [12, 768],
  [4 * 12 + 2, 768], // norms
  [1, 1000, 768], // head
  [1, 1000],
];

/** A residual block of the U-Net: two convolutions with their norms, the time embedding, and a shortcut between widths. */
const residual = (from: number, to: number): readonly Tensor[] => [
  [2, from],
  [1, to, from, 3, 3],
  [1, to],
  [1, to, 1280],
  [1, to],
  [2, to],
  [1, to, to, 3, 3],
  [1, to],
  ...(from === to
    ? []
    : ([
        [1, to, from],
        [1, to],
      ] as const)),
];

/** One transformer block with the convolutions of 1 × 1 around it. */
export const transformer = (c: number): readonly Tensor[] => [
  [2, c], // norm
  [2, c, c], // proj_in, proj_out
  [2, c],
  [6, c], // norm1, norm2, norm3
  [4, c, c], // attn1.to_q, to_k, to_v, to_out.0
  [1, c],
  [2, c, c], // attn2.to_q, to_out.0
  [1, c],
  [2, c, 768], // attn2.to_k, to_v
  [1, 8 * c, c], // ff.net.0.proj
  [1, 8 * c],
  [1, c, 4 * c], // ff.net.2
  [1, c],
];

const conv = (from: number, to: number): readonly Tensor[] => [
  [1, to, from, 3, 3],
  [1, to],
];

export const UNET: readonly Tensor[] = [
  ...conv(4, 320),
  [1, 1280, 320], // time_embedding
  [1, 1280],
  [1, 1280, 1280],
  [1, 1280],
  ...[residual(320, 320), residual(320, 320), transformer(320), transformer(320), conv(320, 320)].flat(),
  ...[residual(320, 640), residual(640, 640), transformer(640), transformer(640), conv(640, 640)].flat(),
  ...[residual(640, 1280), residual(1280, 1280), transformer(1280), transformer(1280), conv(1280, 1280)].flat(),
  ...[residual(1280, 1280), residual(1280, 1280)].flat(),
  ...[residual(1280, 1280), transformer(1280), residual(1280, 1280)].flat(),
  ...[residual(2560, 1280), residual(2560, 1280), residual(2560, 1280), conv(1280, 1280)].flat(),
  ...[residual(2560, 1280), residual(2560, 1280), residual(1920, 1280), conv(1280, 1280)].flat(),
  ...[transformer(1280), transformer(1280), transformer(1280)].flat(),
  ...[residual(1920, 640), residual(1280, 640), residual(960, 640), conv(640, 640)].flat(),
  ...[transformer(640), transformer(640), transformer(640)].flat(),
  ...[residual(960, 320), residual(640, 320), residual(640, 320)].flat(),
  ...[transformer(320), transformer(320), transformer(320)].flat(),
  [2, 320],
  ...conv(320, 4),
];
