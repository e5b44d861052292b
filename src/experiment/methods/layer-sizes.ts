import type { NetworkLayer } from '../targets/target.ts';
import { sizesOfC } from './lokr.ts';
import { divisorUpTo, type MethodSettings } from './method.ts';

/** C of LoKr in a network: with it W₂ has about as many numbers as LoRA at rank 8. */
export const USUAL_C = '2x2';

/**
 * The sizes of a method in one matrix: those of the settings, which are for 64 × 64, cut to the nearest ones below that
 * a matrix of d × k has. Entries are shared out as LoRA's numbers are, by d + k.
 */
export function methodSizes(e: MethodSettings, { d, k }: Pick<NetworkLayer, 'd' | 'k'>): MethodSettings {
  const [d1, k1] = sizesOfC({ ...e, factor: e.factor === '' ? USUAL_C : e.factor });
  return {
    ...{ d, k, side: e.side },
    rank: Math.min(e.rank, d, k),
    block: divisorUpTo(d, e.block),
    factor: `${divisorUpTo(d, d1)}x${divisorUpTo(k, k1)}`,
    entries: Math.min(d * k, Math.max(1, Math.round((e.entries * (d + k)) / (e.d + e.k)))),
  };
}
