import type { Adapter, Foretold, ResizePlan, Spectrum, WrittenType } from '../model.ts';
import { bytesOf } from '../safetensors/types.ts';
import { sizeOfFile } from '../safetensors/write.ts';
import { type Costed, inOrder, leastError } from './best.ts';
import { errorsAt } from './errors.ts';
import { outlineOf, writtenAs } from './outline.ts';
import { mostOf, ranksBy } from './ranks.ts';

/** What will come of a plan: ranks, errors by Eckart and Young (1936), and the size of the new file to the byte. */
export function foretell(adapter: Adapter, spectra: readonly (Spectrum | null)[], plan: ResizePlan): Foretold {
  const ranks = ranksFor(adapter, spectra, plan);
  return { ranks, ...errorsAt(spectra, ranks), bytes: sizeAt(adapter, spectra, ranks, plan.dtype) };
}

/** The rank of each module under a plan; modules that are carried through keep theirs. */
export function ranksFor(adapter: Adapter, spectra: readonly (Spectrum | null)[], plan: ResizePlan): number[] {
  const ranks =
    plan.way.by === 'bytes' ? ranksByBytes(adapter, spectra, plan, plan.way.bytes) : ranksBy(plan.way, spectra, plan);
  return ownRanks(adapter, spectra, ranks);
}

/** Size of the file with these ranks, in bytes. */
export function sizeAt(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  ranks: readonly number[],
  dtype: WrittenType | null,
): number {
  const { metadata, tensors } = outlineOf(adapter, spectra, ranks, dtype);
  return sizeOfFile({ metadata, tensors: tensors.map((of) => ({ ...of, bytes: noBytes })) });
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
 * header takes some of them, how many depends on the ranks: what the first guess leaves over is spent once more.
 */
function ranksByBytes(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  plan: ResizePlan,
  bytes: number,
): number[] {
  const modules = costed(adapter, spectra, plan.dtype, (spectrum) => mostOf(spectrum, plan));
  const spent = (ranks: readonly number[]) =>
    modules.reduce((sum, of, index) => sum + (of === null ? 0 : (ranks[index] - 1) * of.cost), 0);
  const whole = (ranks: readonly number[]) => sizeAt(adapter, spectra, ownRanks(adapter, spectra, ranks), plan.dtype);
  const all = modules.map((of) => (of === null ? 1 : Math.min(of.most, of.spectrum.sigma.length)));
  const most = whole(all);
  const directions = inOrder(modules);
  if (most <= bytes) return leastError(modules, spent(all), directions);
  let ranks = leastError(modules, bytes - (most - spent(all)), directions);
  let size = whole(ranks);
  for (let pass = 0; pass < 2; pass++) {
    const next = leastError(modules, bytes - (size - spent(ranks)), directions);
    if (next.every((rank, index) => rank === ranks[index])) break;
    size = whole(next);
    if (size > bytes) break;
    ranks = next;
  }
  return ranks;
}

const noBytes = () => Promise.reject(new Error('a file that is only measured has no numbers'));
