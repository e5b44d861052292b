import type { Adapter, Spectrum, WrittenType } from '../model.ts';
import { inOrder, ranksWith } from './best.ts';
import { errorsAt } from './errors.ts';
import { costed, ownRanks } from './foretell.ts';
import { sizesOf } from './sizes.ts';

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
  const pointAt = pointsOf(adapter, spectra, dtype);
  const modules = costed(adapter, spectra, dtype, ({ sigma }) => sigma.length);
  const directions = inOrder(modules);
  const points = Math.min(POINTS, directions.length);
  return Array.from({ length: points + 1 }, (_, i) => {
    const count = points === 0 ? 0 : Math.round((directions.length * i) / points);
    return pointAt(ranksWith(spectra, directions, count));
  });
}

/** The same with one rank for all modules, the rank beside each point. */
export function oneRankCurve(
  adapter: Adapter,
  spectra: readonly (Spectrum | null)[],
  dtype: WrittenType | null,
): (CurvePoint & { readonly rank: number })[] {
  const pointAt = pointsOf(adapter, spectra, dtype);
  const largest = spectra.reduce((most, of) => Math.max(most, of === null ? 0 : of.sigma.length), 0);
  return ranksUpTo(largest).map((rank) => {
    const ranks = spectra.map((of) => (of === null ? 0 : Math.min(rank, of.sigma.length)));
    return { rank, ...pointAt(ranks) };
  });
}

/** Ranks as a point. */
function pointsOf(adapter: Adapter, spectra: readonly (Spectrum | null)[], dtype: WrittenType | null) {
  const size = sizesOf(adapter, spectra, dtype);
  return (ranks: readonly number[]): CurvePoint => ({
    bytes: size(ownRanks(adapter, spectra, ranks)),
    error: errorsAt(spectra, ranks).error,
  });
}

/** Every rank up to 16, then four in each octave, and the last. */
function ranksUpTo(largest: number): number[] {
  const ranks: number[] = [];
  for (let rank = 1; rank < largest; rank += rank < 16 ? 1 : 2 ** (Math.floor(Math.log2(rank)) - 2)) ranks.push(rank);
  return largest > 0 ? [...ranks, largest] : [];
}
