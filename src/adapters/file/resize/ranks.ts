import { byEnergy, byNorm, byRatio, bySum } from '../figures/counts.ts';
import type { ResizePlan, ResizeWay, Spectrum } from '../model.ts';

/** Ranks that servers of adapters take. */
export const SERVED = [8, 16, 32, 64, 128, 256, 320, 512] as const;

/** Directions that a module may keep under a plan, whatever its way: its own, or one of the caps. */
export function mostOf(spectrum: Spectrum, plan: ResizePlan): number {
  const caps = [spectrum.sigma.length, plan.most, spectrum.convolution ? plan.mostOfConvolutions : null];
  return Math.max(1, Math.min(...caps.filter((cap) => cap !== null)));
}

/** The rank of each module by every way but that by bytes, at least 1; modules that are carried through have 0. */
export function ranksBy(
  way: Exclude<ResizeWay, { by: 'bytes' }>,
  spectra: readonly (Spectrum | null)[],
  plan: ResizePlan,
): number[] {
  const wanted = wantedBy(way, spectra);
  return spectra.map((spectrum, index) =>
    spectrum === null ? 0 : Math.max(1, Math.min(wanted(spectrum, index), mostOf(spectrum, plan))),
  );
}

function wantedBy(
  way: Exclude<ResizeWay, { by: 'bytes' }>,
  spectra: readonly (Spectrum | null)[],
): (spectrum: Spectrum, index: number) => number {
  switch (way.by) {
    case 'energy':
      return ({ sigma }) => byEnergy(sigma, way.share);
    case 'rank':
      return () => way.rank;
    case 'served': {
      const rank = servedRank(spectra, way.share, way.below ?? false);
      return () => rank;
    }
    case 'sv_fro':
      return ({ sigma }) => byNorm(sigma, way.t);
    case 'sv_cumulative':
      return ({ sigma }) => bySum(sigma, way.t);
    case 'sv_ratio':
      return ({ sigma }) => byRatio(sigma, way.t);
    case 'hand':
      return ({ sigma }, index) => way.ranks[index] ?? sigma.length;
    default:
      throw new RangeError(`no way to cut: ${way satisfies never}`);
  }
}

/** One rank for all modules that a server takes: the smallest that keeps `share` of each one's energy, or the largest below. */
export function servedRank(spectra: readonly (Spectrum | null)[], share: number, below: boolean): number {
  const needed = spectra.reduce((most, of) => Math.max(most, of === null ? 0 : byEnergy(of.sigma, share)), 0);
  if (below) return SERVED.findLast((rank) => rank <= needed) ?? SERVED[0];
  return SERVED.find((rank) => rank >= needed) ?? SERVED[SERVED.length - 1];
}
