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
import { distanceOf, rescaledFactors, stored } from './cut-factors.ts';
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
  /** ‖ΔW as it is written − s·B·A‖/‖s·B·A‖; 0 if no number is rounded. */
  readonly foretold: number;
  /** The same of the written file, whose other tensors must be those of the old one to the bit. */
  readonly measure: (written: AdapterSource, going: WorkOptions) => Promise<number | Fault>;
}

/**
 * The file with other B and A of one module, of the rank that they have, in its names and types (float8 becomes float16).
 * s stays: B makes up for another one, and α follows the rank. All other tensors are copied.
 */
export function writtenBackFile(
  { source, adapter }: AdapterSource,
  index: number,
  trained: TrainedFactors,
): WrittenBack | Fault {
  const module = adapter.modules[index];
  const readOnly = readOnlyFault(adapter);
  if (readOnly) return readOnly;
  const fault = module ? misfit(module, trained) : 'it is not in the file';
  if (!module || fault !== null)
    return { fault: 'This module cannot be written back.', details: `${safeName(module?.name ?? '')}: ${fault}.` };
  const rank = trained.A.rows;
  const ranks = adapter.modules.map((of) => (of === module ? rank : of.rank));
  const planned = plannedTensors(adapter, module, ranks);
  const alpha = planned.find(({ from }) => partOf(from, module) === 'alpha');
  const held = alphaAt(module, rank);
  const kept = alpha && held !== null ? roundToType([held], outputTypeOf(alpha.dtype, null))[0] : held;
  const s = scalingAt(module, kept, rank);
  const typeOf = (part: 'up' | 'down') => planned.find(({ from }) => partOf(from, module) === part)?.dtype ?? 'F32';
  const types = { up: outputTypeOf(typeOf('up'), null), down: outputTypeOf(typeOf('down'), null) };
  const fold = trained.s / s;
  const B = fold === 1 ? toFloat64(trained.B) : scale(toFloat64(trained.B), fold);
  const fitting = rescaledFactors(B, toFloat64(trained.A), types);
  if (fitting === null) return tooLargeFault(module, types.up);
  const layout = stored(module, fitting);
  const bytes = { up: encoded(layout.B.data, typeOf('up')), down: encoded(layout.A.data, typeOf('down')) };
  const copied: TensorEntry[] = [];
  const tensors = planned.map(({ name, dtype, shape, from }) => {
    const part = partOf(from, module);
    if (part === null) {
      copied.push(from as TensorEntry);
      return copiedTensor(source, from as TensorEntry);
    }
    const made = part === 'alpha' ? alphaBytes(module, held ?? 0, outputTypeOf(dtype, null)) : bytes[part];
    return { name, dtype, shape, bytes: async () => made };
  });
  const rounded = {
    B: { ...fitting.B, data: numbersOf(fitting.B.data, typeOf('up')) },
    A: { ...fitting.A, data: numbersOf(fitting.A.data, typeOf('down')) },
  };
  return {
    file: { metadata: newMetadata(adapter, ranks), tensors },
    config: newConfig(adapter, ranks),
    foretold: distanceFrom(trained, rounded, s) ?? Number.NaN,
    measure: async (written, going) => {
      const differing = await firstDiffering(copied, source, written, going);
      if (differing !== null) return otherNumbers(differing);
      const found = written.adapter.modules.find(({ canonical }) => canonical === module.canonical);
      if (!found) return missingModule(safeName(module.name));
      const factors = await readFactors(written.source, found);
      if ('fault' in factors) return factors;
      return distanceFrom(trained, factors, found.scaling ?? Number.NaN) ?? otherNumbers(module.name);
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
function plannedTensors(adapter: Adapter, module: Module, ranks: readonly number[]): readonly PlannedTensor[] {
  const { d, k, tensors } = module;
  const written = { d, k, convolution: false, sigma: new Float64Array(0) };
  const spectra = adapter.modules.map((of) => (of === module ? written : null));
  return outlineOf(adapter, spectra, ranks, null).tensors.flatMap((planned) => {
    const { from } = planned;
    if (from === tensors.mid) return [];
    const part = from === tensors.up ? 'up' : from === tensors.down ? 'down' : partOf(from, module);
    if (part !== 'up' && part !== 'down') return [planned];
    const old = tensors[part];
    if (!old) return [planned];
    const dtype = old.dtype === 'F64' ? 'F64' : outputTypeOf(old.dtype, null);
    return [{ ...planned, dtype, shape: factorShape(module, old, part, ranks[module.index]), from: { module, part } }];
  });
}

const partOf = (from: PlannedTensor['from'], module: Module) =>
  'part' in from && from.module === module ? from.part : null;

const encoded = (values: Float64Array, dtype: string): Uint8Array<ArrayBuffer> =>
  dtype === 'F64' ? new Uint8Array(values.slice().buffer) : toBytes(values, outputTypeOf(dtype, null));

const numbersOf = (values: Float64Array, dtype: string): Float64Array =>
  dtype === 'F64' ? values : Float64Array.from(roundToType(values, outputTypeOf(dtype, null)));

/** ‖s′·B′·A′ − s·B·A‖/‖s·B·A‖; 0 if all numbers are the same, null if some are not finite. */
function distanceFrom({ B, A, s }: TrainedFactors, other: ModuleFactors, otherS: number): number | null {
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
  if (s === otherS && same(B.data, other.B.data) && same(A.data, other.A.data)) return 0;
  const found = distanceOf({ B: toFloat64(B), A: toFloat64(A) }, s, other, otherS);
  return found && (found.distance === 0 ? 0 : found.distance / found.norm);
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
