import { allFinite, type Matrix32, type Matrix64, rowsOf, scale, transpose } from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products.ts';
import { largestSingularValue } from '../../../math/spectral/singular-values.ts';
import { type Checkpoint, type CheckpointTensor, hasNumbers } from '../checkpoints/checkpoint.ts';
import { isConv1d, layerName, storesConv1d } from '../checkpoints/match-tensors.ts';
import { readRange } from '../checkpoints/panels.ts';
import { readFactors, readRows } from '../factors.ts';
import { countText, safeName } from '../faults.ts';
import type { Adapter, ByteSource, Fault, Module } from '../model.ts';
import { canonicalName } from '../namings.ts';
import { fromFirstNumber } from '../pair/compare.ts';
import { countOf } from '../safetensors/numbers.ts';

/** W₀ of a module: a tensor of the base model, d × k, or k × d if it lies turned; baseWeightOf reads it. */
export interface BaseWeight {
  readonly tensor: CheckpointTensor;
  readonly rows: number;
  readonly cols: number;
  /** The tensor is W₀ᵀ: GPT-2 has [in, out], and an embedding is [words, out]. */
  readonly turned: boolean;
  readonly embedding: boolean;
}

/** Of each module its W₀, or the sentence why there is none. */
export type BaseMatches = readonly (BaseWeight | string)[];

/**
 * Finds W₀ of every module by names, whatever the naming: as modules of two files are matched, by the canonical name,
 * else from the first numbered block on where that fits one tensor. A Fault if no module has a W₀.
 */
export function matchBase(adapter: Adapter, base: Checkpoint): BaseMatches | Fault {
  const wrong = adapterFault(base);
  if (wrong) return wrong;
  const hasConv1d = storesConv1d(base.tensors.values());
  const layers = [...base.tensors.values()].flatMap((tensor): BaseLayer[] => {
    const name = tensor.name.endsWith('.weight') ? layerName(tensor.name.slice(0, -'.weight'.length)) : null;
    return name === null ? [] : [{ canonical: canonicalName(name), tensor }];
  });
  const whole = byName(layers, ({ canonical }) => canonical);
  const tails = byName(layers, ({ canonical }) => fromFirstNumber(canonical));
  const owned = byName(adapter.modules, ({ canonical }) => fromFirstNumber(canonical));
  const matches = adapter.modules.map((module) => {
    if (module.kind === 'experts')
      return `${safeName(module.name)} has ${module.experts} experts; W₀ of experts is not read.`;
    const tail = fromFirstNumber(module.canonical);
    const layer = whole.get(module.canonical) ?? (tail !== null && owned.get(tail) ? tails.get(tail) : null);
    if (layer) return weightOf(module, layer.tensor, { adapter, hasConv1d });
    const several = layer === null && layers.some(({ canonical }) => canonical === module.canonical);
    return `${safeName(base.name)} has ${several ? 'several tensors' : 'no tensor'} for ${safeName(module.name)}.`;
  });
  return matches.some((one) => typeof one !== 'string') ? matches : strangerFault(adapter, base, matches);
}

interface BaseLayer {
  readonly canonical: string;
  readonly tensor: CheckpointTensor;
}

/** By a key; null where several have one. */
function byName<T>(all: readonly T[], keyOf: (one: T) => string | null): ReadonlyMap<string, T | null> {
  const found = new Map<string, T | null>();
  for (const one of all) {
    const key = keyOf(one);
    if (key !== null) found.set(key, found.has(key) ? null : one);
  }
  return found;
}

interface Storing {
  readonly adapter: Adapter;
  readonly hasConv1d: boolean;
}

/** Beyond, a panel of 64 rows takes too much memory. */
const MOST_COLUMNS = 2 ** 20;

function weightOf(module: Module, tensor: CheckpointTensor, { adapter, hasConv1d }: Storing): BaseWeight | string {
  const called = safeName(tensor.name);
  if (!hasNumbers(tensor)) return `${called} is ${tensor.dtype}; quantised numbers and integers are not read as W₀.`;
  const { d, k, tensors } = module;
  const [rows, cols] = [tensor.shape[0] ?? 1, countOf(tensor.shape.slice(1))];
  if (cols > MOST_COLUMNS)
    return `${called} has ${countText(cols)} columns; up to ${countText(MOST_COLUMNS)} are read.`;
  const lies = (turned: boolean) => (turned ? rows === k && cols === d : rows === d && cols === k);
  const embedding =
    tensors.down?.name.includes('lora_embedding_A') || (adapter.naming === 'mlx' && isEmbedding(tensor));
  const flat = tensor.shape.length === 2 && module.kernel === null;
  const conv1d = flat && hasConv1d && isConv1d(tensor.name.slice(0, -'.weight'.length));
  // What the config says counts where shapes do not tell: PEFT turns it off for layers that lie [out, in].
  const turned = embedding || conv1d || (flat && adapter.config?.fanInFanOut === true && !lies(false));
  if (lies(turned)) return { tensor, rows, cols, turned, embedding };
  return `${called} is ${tensor.shape.join(' × ')}, and ΔW of ${safeName(module.name)} is ${d} × ${k}.`;
}

const isEmbedding = ({ name }: CheckpointTensor) => /(?:embed_tokens|wte|tok_embeddings)\.weight$/.test(name);

function adapterFault(base: Checkpoint): Fault | null {
  const factor = [...base.tensors.keys()].find((name) =>
    /lora_(?:A|B|down|up|embedding|a|b)(?:\.|$)|\.lora\./.test(name),
  );
  if (factor === undefined) return null;
  return {
    fault: 'The base is an adapter.',
    details: `${safeName(factor)} of ${safeName(base.name)} is a factor of a LoRA, no tensor of a whole model.`,
  };
}

function strangerFault(adapter: Adapter, base: Checkpoint, matches: BaseMatches): Fault {
  const why = matches.find((one) => typeof one === 'string' && !one.includes(' has no tensor for '));
  const [tensor = ''] = base.tensors.keys();
  return {
    fault: 'The base has the weights of no module.',
    details:
      typeof why === 'string'
        ? why
        : `${safeName(base.name)} has names such as ${safeName(tensor)}, ${safeName(adapter.name)} adapts ${safeName(adapter.modules.at(0)?.name ?? '')}. Is it the model that the adapter was trained on?`,
  };
}

/** W₀ of a module, d × k, in float32. A Fault if a number is NaN or infinite there. */
export async function baseWeightOf(weight: BaseWeight, signal?: AbortSignal): Promise<Matrix32 | Fault> {
  const { tensor, rows, cols, turned } = weight;
  const data = new Float32Array(rows * cols);
  const height = Math.max(1, Math.floor(2 ** 20 / cols));
  for (let first = 0; first < rows; first += height) {
    signal?.throwIfAborted();
    const count = Math.min(height, rows - first);
    const numbers = await readRange(tensor, first * cols, (first + count) * cols);
    if (!turned) data.set(numbers, first * cols);
    else for (let i = 0; i < numbers.length; i++) data[(i % cols) * rows + first + Math.floor(i / cols)] = numbers[i];
  }
  const at = data.findIndex((x) => !Number.isFinite(x));
  if (at >= 0) return oddFault(weight, turned ? (at % rows) * cols + Math.floor(at / rows) : at, data[at]);
  return turned ? { rows: cols, cols: rows, data } : { rows, cols, data };
}

interface TunedUpdate {
  readonly matrix: Matrix32;
  /** W₀. */
  readonly base: Matrix32;
  readonly sigma1: number;
}

/** W_fine − W₀ of a module in float32, beside W₀; null if both are the same. A Fault if a number of either is not finite. */
export async function tunedUpdate(base: BaseWeight, fine: BaseWeight): Promise<TunedUpdate | Fault | null> {
  const [before, after] = [await baseWeightOf(base), await baseWeightOf(fine)];
  if ('fault' in before || 'fault' in after) return 'fault' in before ? before : (after as Fault);
  for (let i = 0; i < after.data.length; i++) after.data[i] -= before.data[i];
  const sigma1 = largestSingularValue(after);
  return sigma1 === 0 ? null : { matrix: after, base: before, sigma1 };
}

/** A number of W₀ that is not finite, by its place in the tensor. */
export function oddFault({ tensor, cols }: BaseWeight, at: number, value: number): Fault {
  const what = Number.isNaN(value) ? 'NaN' : Math.abs(value) === Infinity ? 'an infinity' : 'a number too large';
  return {
    fault: `There is ${what} in W₀.`,
    details: `${safeName(tensor.name)} of ${safeName(tensor.source.name)} has ${what} in row ${Math.floor(at / cols)}, column ${at % cols}.`,
  };
}

/** s·ΔW of a module, as it is added to the base's tensor: row by row of that tensor, in float64. */
export interface UpdateRows {
  /** `count` rows from row `first` on, written over what is there. */
  readonly fill: (first: number, count: number, into: Float64Array) => void;
  /** L·R of a pair, s in L; null for another kind. */
  readonly pair: UpdatePair | null;
}

export interface UpdatePair {
  readonly L: Matrix64;
  readonly R: Matrix64;
}

/** A Fault if α is not known, a number is not finite, or the module is no pair and its W₀ lies turned. */
export async function updateRows(
  source: ByteSource,
  module: Module,
  { cols, turned }: BaseWeight,
): Promise<UpdateRows | Fault> {
  const { kind, scaling: s } = module;
  if (s === null)
    return { fault: 'α is not known.', details: `Without it the size of ΔW of ${safeName(module.name)} is not known.` };
  if (kind !== 'lora') return otherRows(source, module, s, cols, turned);
  const factors = await readFactors(source, module);
  if ('fault' in factors) return factors;
  const { B, A } = factors;
  if (!allFinite(B) || !allFinite(A)) return notFinite(module);
  return rowsOfPair(turned ? { L: scale(transpose(A), s), R: transpose(B) } : { L: scale(B, s), R: A });
}

export const rowsOfPair = (pair: UpdatePair): UpdateRows => ({
  fill(first, count, into) {
    into.fill(0);
    multiplyInto(rowsOf(pair.L, first, count).data, pair.R.data, into, count, pair.L.cols, pair.R.cols);
  },
  pair,
});

const notFinite = ({ name }: Module): Fault => ({
  fault: 'There is NaN or an infinity in the adapter.',
  details: `ΔW of ${safeName(name)} is not known.`,
});

async function otherRows(source: ByteSource, module: Module, s: number, cols: number, turned: boolean) {
  const write = turned ? null : await readRows(source, module);
  if (!write)
    return { fault: `${safeName(module.name)} cannot be formed.`, details: 'Its W₀ lies turned, and it is no pair.' };
  const fill: UpdateRows['fill'] = (first, count, into) => {
    for (let i = 0; i < count; i++) write(first + i, into.subarray(i * cols, (i + 1) * cols));
    for (let i = 0; i < into.length; i++) into[i] *= s;
  };
  return { fill, pair: null };
}
