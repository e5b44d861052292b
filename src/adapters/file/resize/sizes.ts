import type { Adapter, Spectrum, WrittenType } from '../model.ts';
import { bytesOf, placeOf } from '../safetensors/types.ts';
import { outlineOf, type PlannedTensor } from './outline.ts';
import { newMetadata } from './sayings.ts';

/** A tensor that new files can have, as far as the size of their header depends on it. */
interface Slot {
  readonly name: string;
  readonly dtype: string;
  /** Bytes of its entry in the header, but for its sides that change and its two offsets. */
  readonly fixed: number;
  /** Its module; −1 for a tensor that every file has. */
  readonly module: number;
  /** It is there where the module keeps its own rank, or where it has another one. */
  readonly own: boolean;
  /** Its bytes, or those for each direction where it is a factor that is worked out. */
  readonly bytes: number;
  readonly byRank: boolean;
}

/**
 * The size of the file with these ranks, in bytes: what sizeOfFile says of it, in a fraction of a millisecond, since a person who
 * moves a slider wants hundreds of them. What is the same for all ranks is put together once.
 */
export function sizesOf(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  dtype: WrittenType | null,
): (ranks: readonly number[]) => number {
  const ownRanks = adapter.modules.map(({ rank }) => rank);
  const slots = slotsOf(adapter, spectra, ownRanks, dtype);
  const metadataBytes = bytesOfMetadata(adapter);
  return (ranks) => {
    let end = 0;
    let text = 0;
    let count = 0;
    for (const { module, own, bytes, byRank, fixed } of slots) {
      const rank = module < 0 ? 0 : ranks[module];
      if (module >= 0 && own !== (rank === ownRanks[module])) continue;
      const from = end;
      end += byRank ? bytes * rank : bytes;
      text += fixed + digits(from) + digits(end) + (byRank ? digits(rank) : 0);
      count++;
    }
    const metadata = metadataBytes(ranks);
    const commas = count + (metadata > 0 ? 1 : 0) - 1;
    return 8 + Math.ceil((2 + text + metadata + Math.max(0, commas)) / 8) * 8 + end;
  };
}

function slotsOf(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  ownRanks: readonly number[],
  dtype: WrittenType | null,
): Slot[] {
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
      // What every file has comes from one of the two lists.
      if (module < 0 && !own) return [];
      const byRank = !own && (part === 'up' || part === 'down');
      const rank = byRank ? ownRanks[module] + 1 : 1;
      const text = `${JSON.stringify(name)}:${JSON.stringify({ dtype: of.dtype, shape, data_offsets: [] })},`;
      const fixed = new TextEncoder().encode(text).length - (byRank ? digits(rank) : 0);
      return [{ name, dtype: of.dtype, fixed, module, own, bytes: bytesOf(of.dtype, shape) / rank, byRank }];
    });
  const another = ownRanks.map((rank) => rank + 1);
  return [
    ...slots(outlineOf(adapter, spectra, ownRanks, dtype).tensors, true),
    ...slots(outlineOf(adapter, spectra, another, dtype).tensors, false),
  ].sort((a, b) => placeOf(a.dtype) - placeOf(b.dtype) || (a.name < b.name ? -1 : 1));
}

/** Bytes of the metadata in the header, 0 where there are none; most do not depend on the ranks. */
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

/** Digits of a whole number that is not negative. */
function digits(n: number): number {
  let count = 1;
  for (let power = 10; power <= n; power *= 10) count++;
  return count;
}
