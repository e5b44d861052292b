import type { Adapter, Module, OutputType, Spectra, Spectrum, TensorEntry } from '../model.ts';
import { remembered } from '../remembered.ts';
import { bytesOf, countOf, placeOf, roundToType } from '../safetensors/numbers.ts';
import { alphaAt, canHoldAlpha, isAlphaInMetadata, newMetadata } from './metadata.ts';

/** A tensor of the new file without its numbers. */
export interface PlannedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** A tensor to copy, or a part of a module to compute. */
  readonly from: TensorEntry | { readonly module: Module; readonly part: 'up' | 'down' | 'alpha' };
}

export interface Outline {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly PlannedTensor[];
}

export function outputTypeOf(dtype: string, wanted: OutputType | null): OutputType {
  if (wanted !== null) return wanted;
  if (dtype === 'F16' || dtype === 'BF16' || dtype === 'F32') return dtype;
  return dtype.startsWith('F8') ? 'F16' : 'F32';
}

function isCopied(module: Module, spectrum: Spectrum | null, rank: number, dtype: OutputType | null): boolean {
  const { up, down } = module.tensors;
  if (spectrum === null || !up || !down) return true;
  return rank === module.rank && [up, down].every((of) => outputTypeOf(of.dtype, dtype) === of.dtype);
}

/** The file with these ranks, one for each module; a spectrum of null is a module that is copied. */
export function outlineOf(
  adapter: Adapter,
  spectra: Spectra,
  ranks: readonly number[],
  dtype: OutputType | null,
): Outline {
  const changed = new Map<TensorEntry, PlannedTensor | null>();
  const added: PlannedTensor[] = [];
  for (const module of adapter.modules) {
    const rank = ranks[module.index];
    const spectrum = spectra[module.index];
    if (spectrum) added.push(...addedAlpha(adapter, module, rank, dtype));
    const { up, down, mid, alpha } = module.tensors;
    const copied = isCopied(module, spectrum, rank, dtype);
    if (alpha && spectrum && (rank !== module.rank || isAlphaElsewhere(adapter, alpha))) {
      const value = alphaAt(module, rank);
      if (value !== null) changed.set(alpha, { ...alphaLike(alpha, value), from: { module, part: 'alpha' } });
    }
    if (copied) continue;
    if (!up || !down) continue;
    const write = (of: TensorEntry, part: 'up' | 'down') =>
      changed.set(of, {
        name: of.name,
        dtype: outputTypeOf(of.dtype, dtype),
        shape: factorShape(module, of, part, rank),
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

/** Whether a module's α may come from elsewhere than its tensor, which then has NaN or more than one number. */
export const isAlphaElsewhere = (adapter: Adapter, alpha: TensorEntry): boolean =>
  adapter.alphaFrom !== 'file' || countOf(alpha.shape) !== 1;

function alphaLike({ name, dtype, shape }: TensorEntry, value: number) {
  const type: OutputType = (dtype === 'F16' || dtype === 'BF16') && canHoldAlpha(value, dtype) ? dtype : 'F32';
  return { name, dtype: type, shape: countOf(shape) === 1 ? shape : [] };
}

/** The shape of a factor at another rank; the core of a convolution is then a part of A. */
export function factorShape(module: Module, { shape }: TensorEntry, part: 'up' | 'down', rank: number): number[] {
  if (module.transposed) return part === 'down' ? [shape[0], rank] : [rank, shape[1]];
  if (module.experts) return part === 'up' ? [shape[0], rank * module.experts] : [rank * module.experts, shape[1]];
  if (part === 'up') return [shape[0], rank, ...shape.slice(2)];
  const { mid } = module.tensors;
  return mid ? [rank, shape[1], ...mid.shape.slice(2)] : [rank, ...shape.slice(1)];
}

/** The tensor of a known α that the file and its config lack, named as its tools do. */
function addedAlpha(adapter: Adapter, module: Module, rank: number, dtype: OutputType | null): PlannedTensor[] {
  const { down, alpha } = module.tensors;
  if (!down || alpha || module.alpha === null || isAlphaInMetadata(adapter, module.name)) return [];
  const value = alphaAt(module, rank);
  const type = value === null ? 'F32' : typeOfAlpha(value, outputTypeOf(down.dtype, dtype));
  return [{ name: alphaNameOf(down.name), dtype: type, shape: [], from: { module, part: 'alpha' } }];
}

/** The tensor's type if it holds α exactly, else float32: float16 makes 0.1 0.02% too small, and 70,000 infinite. */
export const typeOfAlpha = (alpha: number, dtype: string): OutputType =>
  (dtype === 'F16' || dtype === 'BF16') && roundToType([alpha], dtype)[0] === alpha ? dtype : 'F32';

/** The name of a module's α in the family of its first factor's name. */
export function alphaNameOf(down: string): string {
  const stem =
    /^(.*(?:_lora[12]?|\.lora|\.lora_linear_layer))\.down\.weight$/.exec(down) ?? /^(.*_lora)_down\.weight$/.exec(down);
  const plain = down.replace(/\.(?:lora_conv2d_layer\.down|lora_down|lora_A(?:\.[^.]+)?)(?:\.weight)?$/, '');
  return `${stem ? stem[1] : plain}.alpha`;
}

/** A possible tensor of a new file, as far as the header's size depends on it. */
interface TensorSlot {
  readonly name: string;
  /** The place of its type in the file. */
  readonly place: number;
  /** Bytes of its entry in the header, without its variable sides and its two offsets. */
  readonly fixed: number;
  /** −1 for a tensor that every file has. */
  readonly module: number;
  /** Present if the module keeps its own rank, or if it has another one. */
  readonly own: boolean;
  /** Its bytes, or those per direction if it is a computed factor. */
  readonly bytes: number;
  readonly byRank: boolean;
  /** What a rank is multiplied by in its shape. */
  readonly experts: number;
}

/**
 * The size of the file with these ranks, in bytes: equals sizeOfFile, in a fraction of a millisecond, because moving a
 * slider needs hundreds of them.
 */
export const fileSizes = remembered(sizesOf);

function sizesOf(adapter: Adapter, spectra: Spectra, dtype: OutputType | null): (ranks: readonly number[]) => number {
  const ownRanks = adapter.modules.map(({ rank }) => rank);
  const slots = slotsOf(adapter, spectra, ownRanks, dtype);
  const metadataBytes = bytesOfMetadata(adapter);
  return (ranks) => {
    let end = 0;
    let text = 0;
    let count = 0;
    for (const { module, own, bytes, byRank, fixed, experts } of slots) {
      const rank = module < 0 ? 0 : ranks[module];
      if (module >= 0 && own !== (rank === ownRanks[module])) continue;
      const from = end;
      end += byRank ? bytes * rank : bytes;
      text += fixed + digits(from) + digits(end) + (byRank ? digits(rank * experts) : 0);
      count++;
    }
    const metadata = metadataBytes(ranks);
    const commas = count + (metadata > 0 ? 1 : 0) - 1;
    return 8 + Math.ceil((2 + text + metadata + Math.max(0, commas)) / 8) * 8 + end;
  };
}

function slotsOf(
  adapter: Adapter,
  spectra: Spectra,
  ownRanks: readonly number[],
  dtype: OutputType | null,
): TensorSlot[] {
  const moduleOf = new Map(
    adapter.modules.flatMap(({ index, tensors }) =>
      spectra[index] === null ? [] : Object.values(tensors).map((of) => [of, index] as const),
    ),
  );
  const slots = (planned: readonly PlannedTensor[], own: boolean) =>
    planned.flatMap((of) => {
      const { from, name, shape } = of;
      const part = 'part' in from ? from.part : null;
      const module = 'part' in from ? from.module.index : (moduleOf.get(from) ?? -1);
      if (module < 0 && !own) return [];
      const byRank = !own && (part === 'up' || part === 'down');
      const rank = byRank ? ownRanks[module] + 1 : 1;
      const experts = byRank ? (adapter.modules[module].experts ?? 1) : 1;
      const text = `${JSON.stringify(name)}:{"dtype":${JSON.stringify(of.dtype)},"shape":[${shape}],"data_offsets":[]},`;
      const fixed = bytesOfText(text) - (byRank ? digits(rank * experts) : 0);
      const [place, bytes] = [placeOf(of.dtype), bytesOf(of.dtype, shape) / rank];
      return [{ name, place, fixed, module, own, bytes, byRank, experts }];
    });
  const another = ownRanks.map((rank) => rank + 1);
  return [
    ...slots(outlineOf(adapter, spectra, ownRanks, dtype).tensors, true),
    ...slots(outlineOf(adapter, spectra, another, dtype).tensors, false),
  ].sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1));
}

/** In UTF-8; of a file's tensors nearly all have plain names. */
const bytesOfText = (text: string): number =>
  /^[ -~]*$/.test(text) ? text.length : new TextEncoder().encode(text).length;

/** Bytes of the metadata in the header, 0 if there are none; most do not depend on the ranks. */
function bytesOfMetadata(adapter: Adapter): (ranks: readonly number[]) => number {
  const bytes = (ranks: readonly number[]) => {
    const metadata = newMetadata(adapter, ranks);
    if (Object.keys(metadata).length === 0) return 0;
    return new TextEncoder().encode(`"__metadata__":${JSON.stringify(metadata)}`).length;
  };
  const ownRanks = adapter.modules.map(({ rank }) => rank);
  const own = bytes(ownRanks);
  return newMetadata(adapter, ownRanks).lora_adapter_metadata === undefined ? () => own : bytes;
}

function digits(n: number): number {
  let count = 1;
  for (let power = 10; power <= n; power *= 10) count++;
  return count;
}
