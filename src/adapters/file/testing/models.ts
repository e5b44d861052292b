import type { OutputType } from '../model.ts';
import { makeFile, makePair, type TestFile, type TestTensor } from './make-file.ts';

/** Adapters with the modules and sizes of real models; random numbers, with spectra that fall like trained ones. */

interface TestModule {
  readonly name: string;
  readonly d: number;
  readonly k: number;
  readonly sigma: readonly number[];
}

/** σ with this constant ratio and a little seeded noise. */
function falling(first: number, factor: number, rank: number, seed: number): number[] {
  const wobble = (i: number) => 1 + 0.12 * Math.sin(seed * 12.9898 + i * 78.233);
  return Array.from({ length: rank }, (_, i) => first * factor ** i * wobble(i));
}

function tensorsOf(
  modules: readonly TestModule[],
  [down, up]: readonly [string, string],
  dtype: OutputType = 'F32',
): TestTensor[] {
  return modules.flatMap(({ name, d, k, sigma }, i) => {
    const { A, B } = makePair(d, k, sigma, i + 1, 'model');
    return [
      { name: `${name}${down}`, shape: [sigma.length, k], values: A.data, dtype },
      { name: `${name}${up}`, shape: [d, sigma.length], values: B.data, dtype },
    ];
  });
}

/** Attentions of Stable Diffusion's U-Net in the order of the forward pass, with their width. */
const UNET: readonly (readonly [block: string, width: number, size: number])[] = [
  ...[0, 1].map((i) => [`down_blocks.0.attentions.${i}`, 320, 0.55] as const),
  ...[0, 1].map((i) => [`down_blocks.1.attentions.${i}`, 640, 0.8] as const),
  ...[0, 1].map((i) => [`down_blocks.2.attentions.${i}`, 1280, 1.15] as const),
  ['mid_block.attentions.0', 1280, 1.18],
  ...[0, 1, 2].map((i) => [`up_blocks.1.attentions.${i}`, 1280, 1.16] as const),
  ...[0, 1, 2].map((i) => [`up_blocks.2.attentions.${i}`, 640, 0.82] as const),
  ...[0, 1, 2].map((i) => [`up_blocks.3.attentions.${i}`, 320, 0.6] as const),
];
/** Of each projection: its size against the block's, and how fast its spectrum falls. */
const PROJECTIONS = {
  'attn1.to_q': [1, 0.92],
  'attn1.to_k': [0.95, 0.88],
  'attn1.to_v': [1.1, 0.9],
  'attn1.to_out.0': [1.1, 0.86],
  'attn2.to_q': [1.15, 0.84],
  'attn2.to_k': [1.2, 0.62],
  'attn2.to_v': [0.9, 0.45],
  'attn2.to_out.0': [1.05, 0.72],
} as const;
/** Modules that stand out, by their σ. */
const SPIKES: Readonly<Record<string, readonly number[]>> = {
  'down_blocks.2.attentions.0.attn2.to_q': [3.6, 2.1, 1.6, 1.3],
  'mid_block.attentions.0.attn2.to_out.0': [3.31, 1.55, 1.35, 0.64],
  'up_blocks.1.attentions.0.attn2.to_out.0': [3.4, 2.5, 1.9, 1.5],
  'up_blocks.2.attentions.2.attn2.to_out.0': [0.9, 0.07, 0.05, 0.03],
};

/** 128 modules of rank 4 in a U-Net, diffusers' names, no α: three stand out, one is nearly rank one. */
export function unetOf128(): Promise<TestFile> {
  const modules = UNET.flatMap(([block, width, size], b) =>
    Object.entries(PROJECTIONS).map(([projection, [times, factor]], p): TestModule => {
      const cross = projection === 'attn2.to_k' || projection === 'attn2.to_v';
      const sigma = SPIKES[`${block}.${projection}`] ?? falling(size * times, factor, 4, 8 * b + p);
      const name = `unet.${block}.transformer_blocks.0.${projection}`;
      return { name, d: width, k: cross ? 768 : width, sigma };
    }),
  );
  return makeFile('style-a.safetensors', tensorsOf(modules, ['.lora.down.weight', '.lora.up.weight']), {
    metadata: { format: 'pt' },
  });
}

/** 12 × c_attn of GPT-2's size, rank 8, PEFT's names and config with fan_in_fan_out. */
export function decoderOf12(): Promise<TestFile> {
  const factors = [0.72, 0.68, 0.62, 0.55, 0.52, 0.56, 0.5, 0.42, 0.55, 0.45, 0.52, 0.48];
  const modules = factors.map((factor, layer) => ({
    name: `base_model.model.transformer.h.${layer}.attn.c_attn`,
    d: 2304,
    k: 768,
    sigma: falling(28 - 8 * Math.abs(Math.sin(layer)), factor, 8, layer),
  }));
  return makeFile('decoder-12.safetensors', tensorsOf(modules, ['.lora_A.weight', '.lora_B.weight']), {
    metadata: { format: 'pt' },
    config: {
      alpha_pattern: {},
      base_model_name_or_path: 'decoder-12',
      bias: 'none',
      fan_in_fan_out: true,
      lora_alpha: 8,
      lora_dropout: 0,
      peft_type: 'LORA',
      r: 8,
      rank_pattern: {},
      target_modules: ['c_attn'],
      task_type: 'CAUSAL_LM',
      use_dora: false,
      use_rslora: false,
    },
  });
}

/**
 * A decoder like Llama with all its linear layers adapted, in bfloat16, with all faults: an untrained layer, NaN, a
 * rank raised with zeros, a spike, patterns of rank and α, an extra whole layer, half a pair.
 */
export async function troubledDecoder(): Promise<TestFile> {
  const [hidden, keys, inner] = [512, 128, 1376];
  const layers: Readonly<Record<string, readonly [d: number, k: number]>> = {
    'self_attn.q_proj': [hidden, hidden],
    'self_attn.k_proj': [keys, hidden],
    'self_attn.v_proj': [keys, hidden],
    'self_attn.o_proj': [hidden, hidden],
    'mlp.gate_proj': [inner, hidden],
    'mlp.up_proj': [inner, hidden],
    'mlp.down_proj': [hidden, inner],
  };
  const modules = Array.from({ length: 12 }, (_, layer) =>
    Object.entries(layers).map(([projection, [d, k]], p): TestModule => {
      const rank = layer === 2 ? 8 : 16;
      const seed = 7 * layer + p;
      const usual = falling(0.4 + 0.05 * layer, 0.7 + 0.03 * p, rank, seed);
      const sigma =
        layer === 0 && p > 4
          ? usual.map(() => 0)
          : layer === 4 && p === 0
            ? [7.5, ...usual.slice(1)]
            : layer === 5 && p === 0
              ? usual.map((s, i) => (i === 0 ? 1.2 : s / 30))
              : layer === 7
                ? usual.map((s, i) => (i < 12 ? s : 0))
                : usual;
      return { name: `base_model.model.model.layers.${layer}.${projection}`, d, k, sigma };
    }),
  ).flat();
  const tensors = tensorsOf(modules, ['.lora_A.weight', '.lora_B.weight'], 'BF16').map((tensor) => {
    const zero = /layers\.0\.mlp\.(up|down)_proj\.lora_A/.test(tensor.name);
    if (zero) return { ...tensor, values: Float64Array.from(tensor.values, (_, i) => Math.sin(i) / 20) };
    if (!tensor.name.includes('layers.11.self_attn.v_proj.lora_B')) return tensor;
    return { ...tensor, values: Float64Array.from(tensor.values, (x, i) => (i === 3 ? Number.NaN : x)) };
  });
  const half = {
    name: 'base_model.model.model.layers.12.mlp.up_proj.lora_A.weight',
    shape: [16, hidden],
    dtype: 'BF16',
  } as const;
  const head = { name: 'base_model.model.lm_head.weight', shape: [1000, hidden], dtype: 'BF16' } as const;
  return makeFile(
    'decoder-troubled.safetensors',
    [
      ...tensors,
      { ...half, values: new Float64Array(16 * hidden).fill(0.01) },
      { ...head, values: new Float64Array(1000 * hidden).fill(0.02) },
    ],
    {
      metadata: { format: 'pt' },
      config: {
        peft_type: 'LORA',
        base_model_name_or_path: 'decoder-12-layers',
        r: 16,
        lora_alpha: 32,
        use_rslora: true,
        fan_in_fan_out: false,
        rank_pattern: { '^model\\.layers\\.2\\..*': 8 },
        alpha_pattern: { '^model\\.layers\\.2\\..*': 16 },
        modules_to_save: ['lm_head'],
        target_modules: Object.keys(layers).map((name) => name.split('.')[1]),
      },
    },
  );
}

/** Transformer blocks in the attentions of Stable Diffusion XL, as kohya counts them. */
const XL: readonly (readonly [block: string, count: number])[] = [
  ['input_blocks_7_1', 10],
  ['input_blocks_8_1', 10],
  ['middle_block_1', 10],
  ['output_blocks_0_1', 10],
  ['output_blocks_1_1', 10],
  ['output_blocks_2_1', 10],
  ['output_blocks_3_1', 2],
  ['output_blocks_4_1', 2],
  ['output_blocks_5_1', 2],
];

/** 264 modules of Stable Diffusion XL, the cross-attentions, with kohya's names and α, in float16. */
export function xlOf264(rank = 16): Promise<TestFile> {
  const modules = XL.flatMap(([block, count], b) => {
    const width = /output_blocks_[345]/.test(block) ? 640 : 1280;
    return Array.from({ length: count }, (_, i) =>
      (['to_q', 'to_k', 'to_v', 'to_out_0'] as const).map((projection, p): TestModule => {
        const k = projection === 'to_k' || projection === 'to_v' ? 2048 : width;
        const name = `lora_unet_${block}_transformer_blocks_${i}_attn2_${projection}`;
        const sigma = falling(0.5 + 0.3 * Math.sin(b + i / 3), 0.6 + 0.08 * p, rank, 100 * b + 4 * i + p);
        return { name, d: width, k, sigma };
      }),
    ).flat();
  });
  const alphas = modules.map(({ name }): TestTensor => {
    return { name: `${name}.alpha`, shape: [], values: [rank / 2], dtype: 'F16' };
  });
  return makeFile(
    'style-xl.safetensors',
    [...tensorsOf(modules, ['.lora_down.weight', '.lora_up.weight'], 'F16'), ...alphas],
    { metadata: { ss_network_module: 'networks.lora', ss_network_dim: `${rank}`, ss_network_alpha: `${rank / 2}` } },
  );
}
