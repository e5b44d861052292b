import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile } from '../../scripts/adapter-files.mjs';
import { toBytes } from '../../src/adapters/file/safetensors/numbers.ts';
import { type OutputTensor, writeSafetensors } from '../../src/adapters/file/safetensors/write.ts';

export interface SparsePair {
  readonly base: string;
  readonly fine: string;
  /** Of both models. */
  readonly bytes: number;
  /** Of each. */
  readonly tensors: number;
  /** Types and shapes of what changed. */
  readonly changed: readonly string[];
}

const [HIDDEN, INNER, KEYS] = [4096, 11008, 1024];
const LAYER: readonly (readonly [name: string, rows: number, cols: number])[] = [
  ['self_attn.q_proj', HIDDEN, HIDDEN],
  ['self_attn.k_proj', KEYS, HIDDEN],
  ['self_attn.v_proj', KEYS, HIDDEN],
  ['self_attn.o_proj', HIDDEN, HIDDEN],
  ['mlp.gate_proj', INNER, HIDDEN],
  ['mlp.up_proj', INNER, HIDDEN],
  ['mlp.down_proj', HIDDEN, INNER],
];
/** Those of the first layer that change, and rows of the embedding. */
const CHANGED = ['self_attn.q_proj', 'self_attn.k_proj', 'mlp.down_proj'];
const WORDS = 128256;
const CHANGED_WORDS = 2000;
const SHARD = 5e9;
const PIECE = 4_000_000;

interface SparseTensor {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Rows of the fine-tuned model that are not 0, from the first. */
  readonly learned: number;
}

/** Two sharded models of about `bytes` together: all 0, and some matrices of the second are random numbers. */
export async function writeSparsePair(folder: string, bytes: number): Promise<SparsePair> {
  const words = bytes < 4e9 ? 4 * HIDDEN : WORDS;
  const tensors: SparseTensor[] = [
    { name: 'model.embed_tokens.weight', rows: words, cols: HIDDEN, learned: CHANGED_WORDS },
  ];
  const size = () => tensors.reduce((sum, { rows, cols }) => sum + 2 * rows * cols, 0);
  for (let layer = 0; size() < bytes / 2; layer++)
    for (const [name, rows, cols] of LAYER)
      tensors.push({
        ...{ name: `model.layers.${layer}.${name}.weight`, rows, cols },
        learned: layer === 0 && CHANGED.includes(name) ? rows : 0,
      });
  const [base, fine] = [join(folder, 'base'), join(folder, 'fine')];
  await writeModel(base, tensors, false);
  await writeModel(fine, tensors, true);
  const changed = tensors.filter(({ learned }) => learned > 0);
  return {
    ...{ base, fine, bytes: 2 * size(), tensors: tensors.length },
    changed: changed.map(
      ({ rows, cols, learned }) => `${learned < rows ? `${learned} rows of ` : ''}${rows} × ${cols}`,
    ),
  };
}

async function writeModel(folder: string, tensors: readonly SparseTensor[], learned: boolean): Promise<void> {
  mkdirSync(folder);
  const shards: SparseTensor[][] = [[]];
  let room = SHARD;
  for (const tensor of tensors) {
    if (room < 0) {
      shards.push([]);
      room = SHARD;
    }
    shards[shards.length - 1].push(tensor);
    room -= 2 * tensor.rows * tensor.cols;
  }
  const map: Record<string, string> = {};
  for (const [i, shard] of shards.entries()) {
    const file = `model-0000${i + 1}-of-0000${shards.length}.safetensors`;
    for (const { name } of shard) map[name] = file;
    const out = shard.map((tensor): OutputTensor => {
      const { name, rows, cols } = tensor;
      return { name, dtype: 'BF16', shape: [rows, cols], bytes: () => numbersOf(tensor, learned) };
    });
    await writeSafetensors({ metadata: {}, tensors: out }, await createFile(join(folder, file)));
  }
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map: map }));
}

/** Random rows, xorshift of 32 bits (Marsaglia 2003), each smaller than the one before; then zeros. */
async function* numbersOf({ rows, cols, learned }: SparseTensor, isLearned: boolean) {
  const all = 2 * rows * cols;
  let done = 0;
  if (isLearned && learned > 0) {
    let x = 0x9e3779b1;
    const row = new Float64Array(cols);
    for (let i = 0; i < learned; i++) {
      for (let j = 0; j < cols; j++) {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        row[j] = (x / 2 ** 31) * 0.02 * (i + 1) ** -0.4;
      }
      yield toBytes(row, 'BF16');
      done += 2 * cols;
    }
  }
  for (; done < all; done += PIECE) yield new Uint8Array(Math.min(PIECE, all - done));
}
