import { type Matrix32, scale, toFloat64 } from '../../../math/matrix.ts';
import { readFactors } from '../factors.ts';
import { safeName } from '../faults.ts';
import type {
  Adapter,
  AdapterSource,
  ByteSource,
  Fault,
  Module,
  ModuleFactors,
  TensorEntry,
  WorkOptions,
} from '../model.ts';
import { roundToType, toBytes } from '../safetensors/numbers.ts';
import { copiedTensor, type OutputAdapter } from '../safetensors/write.ts';
import { type Distance, distanceOf, rescaledFactors, stored } from './cut-factors.ts';
import { alphaAt, alphaBytes, newConfig, newMetadata, readOnlyFault, scalingAt, tooLargeFault } from './metadata.ts';
import { factorShape, outlineOf, outputTypeOf, type PlannedTensor } from './outline.ts';
import { missingModule } from './resized-file.ts';

/** ΔW = s·B·A of a module as it was trained: B is d × r, A r × k with a convolution flattened. */
export interface TrainedFactors {
  readonly B: Matrix32;
  readonly A: Matrix32;
  readonly s: number;
}

interface WrittenBack extends OutputAdapter {
  /** ‖ΔW as it is written − s·B·A‖/‖s·B·A‖ over the modules that were trained; 0 if no number is rounded. */
  readonly foretold: number;
  /** The same of the written file, whose other tensors must be those of the old one to the bit. */
  readonly measure: (written: AdapterSource, going: WorkOptions) => Promise<number | Fault>;
}

/** A module with other factors: their numbers as they are written, and s. */
interface WrittenModule {
  readonly trained: TrainedFactors;
  readonly held: number | null;
  readonly s: number;
  readonly bytes: Readonly<Record<'up' | 'down', Uint8Array<ArrayBuffer>>>;
  readonly rounded: ModuleFactors;
}

/**
 * The file with other B and A of some modules, by their index, of the rank that they have, in its names and types (float8
 * becomes float16). s stays: B makes up for another one, and α follows the rank. All other tensors are copied.
 */
export function writtenBackFile(
  { source, adapter }: AdapterSource,
  trained: ReadonlyMap<number, TrainedFactors>,
): WrittenBack | Fault {
  const readOnly = readOnlyFault(adapter);
  if (readOnly) return readOnly;
  for (const [index, factors] of trained) {
    const module = adapter.modules[index];
    const fault = module ? misfit(module, factors) : 'it is not in the file';
    if (fault !== null)
      return { fault: 'This module cannot be written back.', details: `${safeName(module?.name ?? '')}: ${fault}.` };
  }
  const ranks = adapter.modules.map(({ index, rank }) => trained.get(index)?.A.rows ?? rank);
  const planned = plannedTensors(adapter, trained, ranks);
  const made = new Map<Module, WrittenModule>();
  for (const [index, factors] of trained) {
    const module = adapter.modules[index];
    const written = writtenModule(module, factors, planned);
    if ('fault' in written) return written;
    made.set(module, written);
  }
  const copied: TensorEntry[] = [];
  const tensors = planned.map(({ name, dtype, shape, from }) => {
    const written = 'part' in from ? made.get(from.module) : undefined;
    if (!('part' in from) || !written) {
      copied.push(from as TensorEntry);
      return copiedTensor(source, from as TensorEntry);
    }
    const { module, part } = from;
    const { held, bytes } = written;
    const numbers = part === 'alpha' ? alphaBytes(module, held ?? 0, outputTypeOf(dtype, null)) : bytes[part];
    return { name, dtype, shape, bytes: async () => numbers };
  });
  return {
    file: { metadata: newMetadata(adapter, ranks), tensors },
    config: newConfig(adapter, ranks),
    foretold: togetherOf([...made.values()].map((of) => distanceFrom(of.trained, of.rounded, of.s))) ?? Number.NaN,
    measure: async (written, going) => {
      const differing = await firstDiffering(copied, source, written, going);
      if (differing !== null) return otherNumbers(differing);
      const distances: (Distance | null)[] = [];
      for (const [module, { trained: wanted }] of made) {
        const found = written.adapter.modules.find(({ canonical }) => canonical === module.canonical);
        if (!found) return missingModule(safeName(module.name));
        const factors = await readFactors(written.source, found);
        if ('fault' in factors) return factors;
        distances.push(distanceFrom(wanted, factors, found.scaling ?? Number.NaN));
        if (distances.at(-1) === null) return otherNumbers(module.name);
      }
      return togetherOf(distances) ?? Number.NaN;
    },
  };
}

function writtenModule(
  module: Module,
  trained: TrainedFactors,
  planned: readonly PlannedTensor[],
): WrittenModule | Fault {
  const { A, B, s: own } = trained;
  const typeOf = (part: 'up' | 'down' | 'alpha') =>
    planned.find(({ from }) => 'part' in from && from.module === module && from.part === part)?.dtype;
  const [up, down, alpha] = [typeOf('up') ?? 'F32', typeOf('down') ?? 'F32', typeOf('alpha')];
  const held = alphaAt(module, A.rows);
  const kept = alpha && held !== null ? roundToType([held], outputTypeOf(alpha, null))[0] : held;
  const s = scalingAt(module, kept, A.rows);
  const types = { up: outputTypeOf(up, null), down: outputTypeOf(down, null) };
  const fold = own / s;
  const fitting = rescaledFactors(fold === 1 ? toFloat64(B) : scale(toFloat64(B), fold), toFloat64(A), types);
  if (fitting === null) return tooLargeFault(module, types.up);
  const layout = stored(module, fitting);
  return {
    ...{ trained, held, s },
    bytes: { up: encoded(layout.B.data, up), down: encoded(layout.A.data, down) },
    rounded: {
      B: { ...fitting.B, data: numbersOf(fitting.B.data, up) },
      A: { ...fitting.A, data: numbersOf(fitting.A.data, down) },
    },
  };
}

function misfit({ kind, magnitude, scaling, d, k }: Module, { B, A, s }: TrainedFactors): string | null {
  if (kind !== 'lora') return 'it is no pair B·A';
  if (magnitude !== null) return 'with DoRA, s·B·A is not ΔW';
  if (scaling === null) return 'α is not known';
  if (B.rows !== d || A.cols !== k || B.cols !== A.rows) return 'it has another size';
  const finite = Number.isFinite(s) && s !== 0 && [B, A].every(({ data }) => data.every(Number.isFinite));
  return finite ? null : 'what was trained is not finite';
}

/** All tensors of the new file; a factor in the middle is a part of A. */
function plannedTensors(
  adapter: Adapter,
  trained: ReadonlyMap<number, TrainedFactors>,
  ranks: readonly number[],
): readonly PlannedTensor[] {
  const changed = adapter.modules.filter(({ index }) => trained.has(index));
  const spectra = adapter.modules.map(({ index, d, k }) =>
    trained.has(index) ? { d, k, convolution: false, sigma: new Float64Array(0) } : null,
  );
  return outlineOf(adapter, spectra, ranks, null).tensors.flatMap((planned) => {
    const { from } = planned;
    if ('part' in from)
      return trained.has(from.module.index) ? [written(planned, from.module, from.part, ranks)] : [planned];
    const own = changed.find(({ tensors: { up, down, mid } }) => from === up || from === down || from === mid);
    if (!own) return [planned];
    return from === own.tensors.mid ? [] : [written(planned, own, from === own.tensors.up ? 'up' : 'down', ranks)];
  });
}

/** A tensor with the numbers of a trained factor. */
function written(
  planned: PlannedTensor,
  module: Module,
  part: 'up' | 'down' | 'alpha',
  ranks: readonly number[],
): PlannedTensor {
  const old = part === 'alpha' ? null : module.tensors[part];
  if (part === 'alpha' || !old) return planned;
  const dtype = old.dtype === 'F64' ? 'F64' : outputTypeOf(old.dtype, null);
  return { ...planned, dtype, shape: factorShape(module, old, part, ranks[module.index]), from: { module, part } };
}

const encoded = (values: Float64Array, dtype: string): Uint8Array<ArrayBuffer> =>
  dtype === 'F64' ? new Uint8Array(values.slice().buffer) : toBytes(values, outputTypeOf(dtype, null));

const numbersOf = (values: Float64Array, dtype: string): Float64Array =>
  dtype === 'F64' ? values : Float64Array.from(roundToType(values, outputTypeOf(dtype, null)));

/** ‖s′·B′·A′ − s·B·A‖, 0 if all numbers are the same, and ‖s·B·A‖; null if some are not finite. */
function distanceFrom({ B, A, s }: TrainedFactors, other: ModuleFactors, otherS: number): Distance | null {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
  const found = distanceOf({ B: toFloat64(B), A: toFloat64(A) }, s, other, otherS);
  return found && s === otherS && same(B.data, other.B.data) && same(A.data, other.A.data)
    ? { ...found, distance: 0 }
    : found;
}

function togetherOf(distances: readonly (Distance | null)[]): number | null {
  const all = distances.filter((of) => of !== null);
  const distance = Math.hypot(...all.map((of) => of.distance));
  if (all.length < distances.length) return null;
  return distance === 0 ? 0 : distance / Math.hypot(...all.map((of) => of.norm));
}

/** In bytes: tensors are compared in such pieces. */
const PIECE = 4_000_000;

/** The name of the first copied tensor whose type, shape or bytes differ in the written file; null: none. */
async function firstDiffering(
  copied: readonly TensorEntry[],
  source: ByteSource,
  written: AdapterSource,
  { signal, progress }: WorkOptions,
): Promise<string | null> {
  const now = new Map(written.adapter.header.tensors.map((tensor) => [tensor.name, tensor]));
  for (const [i, { name, dtype, shape, from, to }] of copied.entries()) {
    const found = now.get(name);
    if (!found || found.dtype !== dtype || found.shape.join() !== shape.join()) return name;
    for (let at = from; at < to; at += PIECE) {
      signal?.throwIfAborted();
      const end = Math.min(to, at + PIECE);
      const [a, b] = [
        await source.read(at, end),
        await written.source.read(found.from + at - from, found.from + end - from),
      ];
      if (a.some((byte, p) => byte !== b[p])) return name;
    }
    progress?.(i + 1, copied.length);
  }
  return null;
}

const otherNumbers = (name: string): Fault => ({
  fault: 'The file that was written differs.',
  details: `${safeName(name)} was read back with other numbers. The disk may be at fault: write it once more.`,
});
