import { createFile } from '../../scripts/adapter-files.mjs';
import { toBytes } from '../../src/adapters/file/safetensors/numbers.ts';
import { type OutputTensor, writeSafetensors } from '../../src/adapters/file/safetensors/write.ts';

/** A file to open; every block has four modules. */
export interface MadeUp {
  readonly name: string;
  readonly blocks: number;
  readonly rank: number;
  readonly dtype: 'F16' | 'F32';
}

/** Outputs and inputs of a block's four modules, as in a large U-Net. */
export const BLOCK = [
  ['attn1_to_q', 1280, 1280],
  ['attn2_to_k', 1280, 2048],
  ['ff_net_0_proj', 10240, 1280],
  ['ff_net_2', 1280, 5120],
] as const;

/** Length of each direction of B over that of the one before. */
const FALL = 0.95;

/** Writes the file tensor by tensor: random numbers, cheap to draw, none of them zero. */
export async function writeMadeUp(path: string, { blocks, rank, dtype }: MadeUp): Promise<void> {
  const tensors = Array.from({ length: blocks }, (_, i) =>
    BLOCK.flatMap(([type, d, k], j): OutputTensor[] => {
      const name = `lora_unet_input_blocks_7_1_transformer_blocks_${i}_${type}`;
      const seed = 2 * (BLOCK.length * i + j) + 1;
      return [
        { name: `${name}.alpha`, dtype, shape: [], bytes: async () => toBytes([rank / 2], dtype) },
        {
          name: `${name}.lora_down.weight`,
          dtype,
          shape: [rank, k],
          bytes: async () => toBytes(uniform(rank * k, seed), dtype),
        },
        {
          name: `${name}.lora_up.weight`,
          dtype,
          shape: [d, rank],
          bytes: async () => {
            const values = uniform(d * rank, seed + 1);
            const sizes = Float32Array.from({ length: rank }, (_, p) => FALL ** p);
            for (let n = 0; n < values.length; n++) values[n] *= sizes[n % rank];
            return toBytes(values, dtype);
          },
        },
      ];
    }),
  ).flat();
  await writeSafetensors({ metadata: {}, tensors }, await createFile(path));
}

/** Uniform in −0.1 … 0.1: xorshift of 32 bits (Marsaglia 2003). */
function uniform(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  let x = Math.imul(seed, 0x9e3779b1) | 1;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    values[i] = (x / 2 ** 31) * 0.1;
  }
  return values;
}
