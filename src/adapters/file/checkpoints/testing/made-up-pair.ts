import { type Matrix64, multiply } from '../../../../math/matrix.ts';
import type { ByteSource } from '../../model.ts';
import { roundToType } from '../../safetensors/numbers.ts';
import { makeFile, makePair, normalMatrix, type TestTensor } from '../../testing/make-file.ts';
import { type Checkpoint, openCheckpoint } from '../checkpoint.ts';
import { matchTensors, type TensorMatches } from '../match-tensors.ts';

/** Two models of 50 tensors or so, in memory, and the ΔW of each tensor that changed. */
export interface MadeUpPair {
  readonly base: readonly TestTensor[];
  readonly fine: readonly TestTensor[];
  /** W_fine − W_base as both are stored, by names. */
  readonly deltas: ReadonlyMap<string, Matrix64>;
}

type Kind = 'low rank' | 'noise' | 'unchanged';

const HIDDEN = 32;
const LAYER: readonly (readonly [name: string, d: number, k: number, kind: Kind])[] = [
  ['self_attn.q_proj', HIDDEN, HIDDEN, 'low rank'],
  ['self_attn.k_proj', 16, HIDDEN, 'low rank'],
  ['self_attn.v_proj', 16, HIDDEN, 'unchanged'],
  ['self_attn.o_proj', HIDDEN, HIDDEN, 'noise'],
  ['mlp.gate_proj', 48, HIDDEN, 'low rank'],
  ['mlp.up_proj', 48, HIDDEN, 'noise'],
  ['mlp.down_proj', HIDDEN, 48, 'low rank'],
];
/** σ of the low-rank part, before numbers are rounded to their type. */
export const SIGMA = [0.5, 0.25, 0.1];

/** A decoder of 6 layers: q, k, gate and down learned rank 3, o and up rank 3 with noise, v nothing. */
export function madeUpPair(dtype: TestTensor['dtype'] = 'F32', seed = 1): MadeUpPair {
  const [base, fine] = [[] as TestTensor[], [] as TestTensor[]];
  const deltas = new Map<string, Matrix64>();
  const add = (name: string, shape: readonly number[], kind: Kind, type = dtype) => {
    const [d, k] = [shape[0], shape.slice(1).reduce((x, y) => x * y, 1)];
    const before = rounded(
      normalMatrix(d, k, seed, `${name} base`).data.map((x) => x / Math.sqrt(k)),
      type,
    );
    const update = updateOf(d, k, kind, seed, name);
    const after = rounded(
      before.map((x, i) => x + update[i]),
      type,
    );
    base.push({ name, shape, values: before, dtype: type });
    fine.push({ name, shape, values: after, dtype: type });
    if (kind !== 'unchanged') deltas.set(name, { rows: d, cols: k, data: after.map((x, i) => x - before[i]) });
  };
  add('model.embed_tokens.weight', [64, HIDDEN], 'low rank');
  for (let layer = 0; layer < 6; layer++) {
    for (const [name, d, k, kind] of LAYER) add(`model.layers.${layer}.${name}.weight`, [d, k], kind);
    add(`model.layers.${layer}.input_layernorm.weight`, [HIDDEN], layer === 0 ? 'noise' : 'unchanged');
  }
  add('model.vision.conv.weight', [24, 3, 3, 3], 'low rank');
  return { base, fine, deltas };
}

const rounded = (values: Float64Array, dtype: TestTensor['dtype'] = 'F32') =>
  Float64Array.from(roundToType(values, dtype));

function updateOf(d: number, k: number, kind: Kind, seed: number, name: string): Float64Array {
  if (kind === 'unchanged') return new Float64Array(d * k);
  const noise = normalMatrix(d, k, seed, `${name} noise`).data.map((x) => 0.002 * x);
  if (k === 1) return noise;
  const { B, A } = makePair(d, k, SIGMA, seed, name);
  const low = multiply(B, A).data;
  return kind === 'noise' ? low.map((x, i) => x + noise[i]) : low;
}

export async function opened(tensors: readonly TestTensor[], name: string): Promise<Checkpoint> {
  const { source } = await makeFile(`${name}.safetensors`, tensors);
  return openedFiles(name, [source]);
}

export async function openedFiles(name: string, files: readonly ByteSource[], index: string | null = null) {
  const checkpoint = await openCheckpoint({ name, index, files });
  if ('fault' in checkpoint) throw new Error(`${checkpoint.fault} ${checkpoint.details}`);
  return checkpoint;
}

export async function matched(base: readonly TestTensor[], fine: readonly TestTensor[]): Promise<TensorMatches> {
  const matches = matchTensors(await opened(base, 'base'), await opened(fine, 'fine'));
  if ('fault' in matches) throw new Error(`${matches.fault} ${matches.details}`);
  return matches;
}
