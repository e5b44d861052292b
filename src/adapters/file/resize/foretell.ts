import type { Adapter, Foretold, ResizePlan, Spectrum, WrittenType } from '../model.ts';
import { bytesOf } from '../safetensors/types.ts';
import { type Costed, inOrder, leastError } from './best.ts';
import { errorsAt } from './errors.ts';
import { writtenAs } from './outline.ts';
import { mostOf, ranksBy } from './ranks.ts';
import { sizesOf } from './sizes.ts';

/** What will come of a plan: ranks, errors by Eckart and Young (1936), and the size of the new file to the byte. */
export function foretell(adapter: Adapter, spectra: readonly (Spectrum | null)[], plan: ResizePlan): Foretold {
  const size = sizesOf(adapter, spectra, plan.dtype);
  const ranks = ownRanks(
    adapter,
    spectra,
    plan.way.by === 'bytes'
      ? ranksByBytes(adapter, spectra, plan, plan.way.bytes, size)
      : ranksBy(plan.way, spectra, plan),
  );
  return { ranks, ...errorsAt(spectra, ranks), bytes: size(ranks) };
}

/** What one direction more of each module costs, and how many it may keep. */
export function costed(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  dtype: WrittenType | null,
  most: (spectrum: Spectrum) => number,
): (Costed | null)[] {
  return spectra.map((spectrum, index) => {
    const { up, down } = adapter.modules[index].tensors;
    if (spectrum === null || !up || !down) return null;
    const cost =
      spectrum.d * bytesOf(writtenAs(up.dtype, dtype), []) + spectrum.k * bytesOf(writtenAs(down.dtype, dtype), []);
    return { spectrum, cost, most: most(spectrum) };
  });
}

/** The same ranks with those of modules that are carried through. */
export function ownRanks(adapter: Adapter, spectra: readonly (Spectrum | null)[], ranks: readonly number[]): number[] {
  return spectra.map((of, index) => (of === null ? adapter.modules[index].rank : ranks[index]));
}

/**
 * The ranks with the least error of a file of at most so many bytes; one in every module where even that is larger. The
 * header takes some of them, and how many depends on the digits of the ranks.
 */
function ranksByBytes(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  plan: ResizePlan,
  bytes: number,
  size: (ranks: readonly number[]) => number,
): number[] {
  const modules = costed(adapter, spectra, plan.dtype, (spectrum) => mostOf(spectrum, plan));
  const spent = (ranks: readonly number[]) =>
    modules.reduce((sum, of, index) => sum + (of === null ? 0 : (ranks[index] - 1) * of.cost), 0);
  const whole = (ranks: readonly number[]) => size(ownRanks(adapter, spectra, ranks));
  const directions = inOrder(modules);
  const least = (room: number) => leastError(modules, room, directions);
  const all = modules.map((of) => (of === null ? 1 : Math.min(of.most, of.spectrum.sigma.length)));
  if (whole(all) <= bytes) return least(spent(all));
  // With the header of all directions, the longest, some bytes may be left over: then with shorter ones, the shortest first.
  const sure = least(bytes - (whole(all) - spent(all)));
  const others = whole(sure) - spent(sure);
  for (let longer = -HEADERS; longer <= HEADERS; longer++) {
    const ranks = least(bytes - others - longer * HEADER_STEP);
    if (whole(ranks) <= bytes) return ranks;
  }
  return sure;
}

/** A header grows in steps of so many bytes; so many shorter and longer ones are tried. */
const HEADER_STEP = 8;
const HEADERS = 2;
