import type { Adapter, Spectrum, WrittenType } from '../model.ts';
import { inOrder, ranksWith } from './best.ts';
import { errorsAt } from './errors.ts';
import { costed, ownRanks, sizeAt } from './foretell.ts';

/** A file that could be written: its size and its error, ‖lost‖/‖ΔW‖. */
export interface CurvePoint {
  readonly bytes: number;
  readonly error: number;
}

/** Points of a curve, beside its ends. */
const POINTS = 60;

/** The least error of files of every size, from one direction in each module to all: directions that save the most for their bytes first. */
export function floorCurve(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  dtype: WrittenType | null,
): CurvePoint[] {
  const modules = costed(adapter, spectra, dtype, ({ sigma }) => sigma.length);
  const directions = inOrder(modules);
  const points = Math.min(POINTS, directions.length);
  return Array.from({ length: points + 1 }, (_, i) => {
    const count = points === 0 ? 0 : Math.round((directions.length * i) / points);
    return pointAt(adapter, spectra, dtype, ranksWith(spectra, directions, count));
  });
}

/** The same with one rank for all modules, the rank beside each point. */
export function oneRankCurve(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  dtype: WrittenType | null,
): (CurvePoint & { readonly rank: number })[] {
  const largest = spectra.reduce((most, of) => Math.max(most, of === null ? 0 : of.sigma.length), 0);
  return ranksUpTo(largest).map((rank) => {
    const ranks = spectra.map((of) => (of === null ? 0 : Math.min(rank, of.sigma.length)));
    return { rank, ...pointAt(adapter, spectra, dtype, ranks) };
  });
}

function pointAt(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  dtype: WrittenType | null,
  ranks: readonly number[],
): CurvePoint {
  return {
    bytes: sizeAt(adapter, spectra, ownRanks(adapter, spectra, ranks), dtype),
    error: errorsAt(spectra, ranks).error,
  };
}

/** Every rank up to 16, then four in each octave, and the last. */
function ranksUpTo(largest: number): number[] {
  const ranks: number[] = [];
  for (let rank = 1; rank < largest; rank += rank < 16 ? 1 : 2 ** (Math.floor(Math.log2(rank)) - 2)) ranks.push(rank);
  return largest > 0 ? [...ranks, largest] : [];
}
