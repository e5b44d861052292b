import type { Adapter, Module, Spectrum, TensorEntry, WrittenType } from '../model.ts';
import { rounded } from '../safetensors/numbers.ts';
import { countOf } from '../safetensors/types.ts';
import { alphaAt, fits } from './alpha-at.ts';
import { isSaidBeside, newMetadata } from './sayings.ts';

/** A tensor of the new file, before it has numbers. */
export interface PlannedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** A tensor that is copied as it is, or a part of a module that is worked out. */
  readonly from: TensorEntry | { readonly module: Module; readonly part: 'up' | 'down' | 'alpha' };
}

/** A new file, all but its numbers. */
export interface Outline {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly PlannedTensor[];
}

/** The type in which the numbers of a factor are written. */
export function writtenAs(dtype: string, wanted: WrittenType | null): WrittenType {
  if (wanted !== null) return wanted;
  if (dtype === 'F16' || dtype === 'BF16' || dtype === 'F32') return dtype;
  return dtype.startsWith('F8') ? 'F16' : 'F32';
}

/** Whether a module's factors are copied as they are: it is carried through, or neither its rank nor its type changes. */
function isCopied(module: Module, spectrum: Spectrum | null, rank: number, dtype: WrittenType | null): boolean {
  const { up, down } = module.tensors;
  if (spectrum === null || !up || !down) return true;
  return rank === module.rank && [up, down].every((of) => writtenAs(of.dtype, dtype) === of.dtype);
}

/** The file with these ranks, one for each module; a spectrum of null is a module that is carried through. */
export function outlineOf(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  ranks: readonly number[],
  dtype: WrittenType | null,
): Outline {
  const changed = new Map<TensorEntry, PlannedTensor | null>();
  const added: PlannedTensor[] = [];
  for (const module of adapter.modules) {
    const rank = ranks[module.index];
    const spectrum = spectra[module.index];
    if (spectrum) added.push(...addedAlpha(adapter, module, rank, dtype));
    const { up, down, mid, alpha } = module.tensors;
    const copied = isCopied(module, spectrum, rank, dtype);
    if (alpha && spectrum && (rank !== module.rank || isElsewhere(adapter, alpha))) {
      const value = alphaAt(module, rank);
      if (value !== null) changed.set(alpha, { ...alphaLike(alpha, value), from: { module, part: 'alpha' } });
    }
    if (copied) continue;
    if (!up || !down) continue;
    const write = (of: TensorEntry, part: 'up' | 'down') =>
      changed.set(of, {
        name: of.name,
        dtype: writtenAs(of.dtype, dtype),
        shape: shapeAt(module, of, part, rank),
        from: { module, part },
      });
    write(up, 'up');
    write(down, 'down');
    if (mid) changed.set(mid, null);
  }
  const tensors = adapter.header.tensors.flatMap((of) => {
    const planned = changed.get(of);
    if (planned === null) return [];
    return planned ? [planned] : [{ name: of.name, dtype: of.dtype, shape: of.shape, from: of }];
  });
  return { metadata: newMetadata(adapter, ranks), tensors: [...tensors, ...added] };
}

/** Whether the α of a module may come from elsewhere than its tensor, which then has NaN or more than one number. */
export const isElsewhere = (adapter: Adapter, alpha: TensorEntry): boolean =>
  adapter.alphaFrom !== 'file' || countOf(alpha.shape) !== 1;

/** The tensor of another α: of one number, in a type that has it. */
function alphaLike({ name, dtype, shape }: TensorEntry, value: number) {
  const type: WrittenType = (dtype === 'F16' || dtype === 'BF16') && fits(value, dtype) ? dtype : 'F32';
  return { name, dtype: type, shape: countOf(shape) === 1 ? shape : [] };
}

/** The shape of a factor at another rank; the core of a convolution is then a part of A. */
export function shapeAt(module: Module, { shape }: TensorEntry, part: 'up' | 'down', rank: number): number[] {
  if (module.transposed) return part === 'down' ? [shape[0], rank] : [rank, shape[1]];
  if (part === 'up') return [shape[0], rank, ...shape.slice(2)];
  const { mid } = module.tensors;
  return mid ? [rank, shape[1], ...mid.shape.slice(2)] : [rank, ...shape.slice(1)];
}

/** α that is known, and that neither the file nor what is beside it tells yet: a tensor beside the factors, named as its tools do. */
function addedAlpha(adapter: Adapter, module: Module, rank: number, dtype: WrittenType | null): PlannedTensor[] {
  const { down, alpha } = module.tensors;
  if (!down || alpha || module.alpha === null || isSaidBeside(adapter, module.name)) return [];
  // In float16, α = 0.1 would be 0.02% too small, and 70,000 infinite.
  const type = writtenAs(down.dtype, dtype);
  const value = alphaAt(module, rank);
  const exact = value !== null && rounded([value], type)[0] === value;
  return [
    {
      name: alphaNameBeside(down.name),
      dtype: exact ? type : 'F32',
      shape: [],
      from: { module, part: 'alpha' },
    },
  ];
}

/** What the α of a module is called by tools of the family that calls its first factor so. */
export function alphaNameBeside(down: string): string {
  const stem =
    /^(.*(?:_lora[12]?|\.lora|\.lora_linear_layer))\.down\.weight$/.exec(down) ?? /^(.*_lora)_down\.weight$/.exec(down);
  const plain = down.replace(/\.(?:lora_conv2d_layer\.down|lora_down|lora_A(?:\.[^.]+)?)(?:\.weight)?$/, '');
  return `${stem ? stem[1] : plain}.alpha`;
}
