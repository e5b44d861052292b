import { stream } from '../../../math/random.ts';
import { safeName } from '../faults.ts';
import type { Adapter, AdapterSource, ByteSource, Fault, Module, TensorEntry, WorkOptions } from '../model.ts';
import { bytesOf, fromBytes, joined, roundToType, toBytes } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter } from '../safetensors/write.ts';
import { hasPairs, tooManyNumbers } from '../shapes.ts';
import { alphaAt, alphaBytes, alphaFault, newConfig, readOnlyFault, scalingAt } from './metadata.ts';
import { outlineOf, outputTypeOf, type PlannedTensor, typeOfAlpha } from './outline.ts';
import { missingModule } from './resized-file.ts';

export interface GrowPlan {
  readonly rank: number;
  /** Of the new rows of A. */
  readonly seed: number;
}

/** A module of the new file. */
export interface GrownModule {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** α′ as the file holds it; null: s needs none. */
  readonly alpha: number | null;
  /** |s′/s − 1|: 0 if the file holds an α′ that gives s, and then no bit of ΔW changes. */
  readonly off: number;
  /** Why it keeps its rank; null: it grows. */
  readonly kept: string | null;
}

export interface Growth extends OutputAdapter {
  readonly modules: readonly GrownModule[];
  /** The largest `off`. */
  readonly error: number;
}

/** Ranks beyond this are not read. */
export const MOST_RANK = 4096;

/**
 * The file at a higher rank: A gets rows from U(−1/√k, 1/√k), as PEFT initialises A (Kaiming uniform with a = √5), and B
 * columns of zeros, so that ΔW stays and the new rows of B get a gradient from the first step on. Zeros in both would
 * stay zero. α′ = s·r′, with rsLoRA s·√r′. Modules of this rank or more, and what is no pair B·A, are copied.
 */
export function grownFile(source: ByteSource, adapter: Adapter, plan: GrowPlan): Growth | Fault {
  const { rank } = plan;
  if (!(Number.isInteger(rank) && rank > 0 && rank <= MOST_RANK))
    return { fault: `Rank ${rank} is not possible.`, details: `A rank is a whole number from 1 to ${MOST_RANK}.` };
  const readOnly = readOnlyFault(adapter);
  if (readOnly) return readOnly;
  const kept = adapter.modules.map((module) => keptReason(module, rank));
  const unknown = adapter.modules.find(({ scaling }, i) => kept[i] === null && scaling === null);
  if (unknown)
    return {
      fault: 'α is not known.',
      details: `With another rank r, s = α/r would change and so would ΔW. Say what α is: ${safeName(unknown.name)} has none.`,
    };
  const large = adapter.modules.find((module, i) => kept[i] === null && tooManyNumbers(module, rank));
  if (large)
    return {
      fault: `Rank ${rank} is too high.`,
      details: `A factor of ${safeName(large.name)} would have more numbers than this page reads.`,
    };
  if (kept.every((why) => why !== null)) {
    const [first] = adapter.modules;
    return { fault: 'No module grows.', details: `${safeName(first.name)} ${kept[0]}.` };
  }
  const ranks = adapter.modules.map((module, i) => (kept[i] === null ? rank : module.rank));
  const grows = adapter.modules.map(({ d, k }, i) =>
    kept[i] === null ? { d, k, convolution: false, sigma: new Float64Array(0) } : null,
  );
  const outline = outlineOf(adapter, grows, ranks, null);
  const held = new Map<Module, number>();
  const tensors = outline.tensors.map((planned) => {
    const { from, name, shape } = planned;
    if (!('part' in from)) return copiedTensor(source, from);
    const { module, part } = from;
    if (part === 'alpha') {
      const alpha = alphaAt(module, rank) ?? 0;
      const dtype = typeOfAlpha(alpha, planned.dtype);
      held.set(module, roundToType([alpha], dtype)[0]);
      return { name, shape, dtype, bytes: async () => alphaBytes(module, alpha, dtype) };
    }
    return { name, shape, dtype: typeOf(planned, module), bytes: () => grownBytes(source, module, part, plan) };
  });
  const modules = adapter.modules.map((module, i): GrownModule => {
    const alpha = kept[i] === null ? (held.get(module) ?? alphaAt(module, rank)) : module.alpha;
    const s = scalingAt(module, alpha, ranks[i]);
    const off = kept[i] !== null || s === module.scaling ? 0 : Math.abs(s / (module.scaling ?? 1) - 1);
    return { name: module.name, before: module.rank, after: ranks[i], alpha, off, kept: kept[i] };
  });
  const beyond = alphaFault(modules);
  if (beyond) return beyond;
  return {
    file: { metadata: outline.metadata, tensors },
    config: newConfig(adapter, ranks),
    modules,
    error: modules.reduce((max, { off }) => Math.max(max, off), 0),
  };
}

function keptReason({ kind, rank, tensors }: Module, wanted: number): string | null {
  if (!hasPairs({ kind })) return 'is no pair B·A';
  if (tensors.mid) return 'has a factor between A and B';
  return rank >= wanted ? `has rank ${rank} already` : null;
}

/** float64 stays, float8 becomes float16, which holds all its numbers. */
const typeOf = ({ dtype }: PlannedTensor, { tensors }: Module): string =>
  tensors.up?.dtype === 'F64' && tensors.down?.dtype === 'F64' ? 'F64' : dtype;

const encoded = (values: ArrayLike<number>, dtype: string): Uint8Array<ArrayBuffer> =>
  dtype === 'F64' ? new Uint8Array(Float64Array.from(values).buffer) : toBytes(values, outputTypeOf(dtype, null));

/** A factor with its old bytes and the new rows or columns. */
async function grownBytes(
  source: ByteSource,
  module: Module,
  part: 'up' | 'down',
  { rank, seed }: GrowPlan,
): Promise<Uint8Array<ArrayBuffer>> {
  const tensor = module.tensors[part];
  if (!tensor) throw new Error(`${module.name} has no ${part}`);
  const { experts = 1 } = module;
  const { rows, cols, byRows } = layoutOf(module, tensor, part);
  const old = await source.read(tensor.from, tensor.to);
  const type = tensor.dtype === 'F64' ? 'F64' : outputTypeOf(tensor.dtype, null);
  const bytes = type === tensor.dtype ? old : encoded(fromBytes(old, tensor.dtype), type);
  const more = experts * (rank - module.rank);
  const added = more * (byRows ? cols : rows);
  const values = part === 'up' ? new Float64Array(added) : newRows(module, added, seed);
  const grown = encoded(values, type);
  // New rows stand below those of their expert; a column of B has one number of each expert, so new ones come last.
  const pieces = byRows ? experts : rows;
  const [before, after] = [bytes.length / pieces, bytesOf(type, [added]) / pieces];
  return joined(
    Array.from({ length: pieces }, (_, i) => [
      bytes.subarray(i * before, (i + 1) * before),
      grown.subarray(i * after, (i + 1) * after),
    ]).flat(),
  );
}

/** A factor as it lies in the file, and whether a direction is one of its rows. */
function layoutOf({ transposed }: Module, { shape }: TensorEntry, part: 'up' | 'down') {
  const [rows] = shape;
  const cols = shape.slice(1).reduce((of, n) => of * n, 1);
  return { rows, cols, byRows: (part === 'down') !== transposed };
}

/** Entries of new rows of A; in a file that has A transposed they are its new columns. */
function newRows({ canonical, k }: Module, count: number, seed: number): Float64Array {
  const { uniform } = stream(seed, `grow ${canonical}`);
  const bound = 1 / Math.sqrt(k);
  return Float64Array.from({ length: count }, () => bound * (2 * uniform() - 1));
}

/**
 * A grown file against its source: the largest |s′/s − 1|, 0 if ΔW is the same to the bit. A Fault if a bit of the old A
 * and B changed, or a new column of B is not zero.
 */
export async function compareGrown(
  before: AdapterSource,
  after: AdapterSource,
  { signal, progress }: WorkOptions = {},
): Promise<number | Fault> {
  const found = new Map(after.adapter.modules.map((module) => [module.tensors.down?.name ?? module.name, module]));
  const { modules } = before.adapter;
  let off = 0;
  for (const [i, module] of modules.entries()) {
    signal?.throwIfAborted();
    const grown = found.get(module.tensors.down?.name ?? module.name);
    if (!grown) return missingModule(safeName(module.name));
    for (const part of ['down', 'up'] as const)
      if (!(await isGrown(before.source, module, after.source, grown, part)))
        return {
          fault: 'The file that was written differs.',
          details: `${safeName(module.name)} was read back with other numbers. The disk may be at fault: write it once more.`,
        };
    if (grown.scaling !== module.scaling)
      off = Math.max(off, Math.abs((grown.scaling ?? Number.NaN) / (module.scaling ?? Number.NaN) - 1));
    progress?.(i + 1, modules.length);
  }
  if (!Number.isNaN(off)) return off;
  return { fault: 'The file that was written differs.', details: 'A module has lost its α.' };
}

async function isGrown(
  source: ByteSource,
  module: Module,
  written: ByteSource,
  grown: Module,
  part: 'up' | 'down',
): Promise<boolean> {
  const [a, b] = [module.tensors[part], grown.tensors[part]];
  if (!a || !b) return a === b;
  const [x, y] = [
    fromBytes(await source.read(a.from, a.to), a.dtype),
    fromBytes(await written.read(b.from, b.to), b.dtype),
  ];
  const [old, now] = [layoutOf(module, a, part), layoutOf(grown, b, part)];
  // Rows of an expert.
  const blocks = now.byRows ? (module.experts ?? 1) : 1;
  const [before, after] = [old.rows / blocks, now.rows / blocks];
  for (let p = 0; p < now.rows; p++) {
    const [e, within] = [Math.floor(p / after), p % after];
    for (let q = 0; q < now.cols; q++) {
      const value = y[p * now.cols + q];
      if (within < before && q < old.cols) {
        if (!Object.is(value, x[(e * before + within) * old.cols + q])) return false;
      } else if (part === 'up' && value !== 0) return false;
    }
  }
  return true;
}
