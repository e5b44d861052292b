export type { EffectiveRankKind } from '../math/spectral/spectra.ts';

/**
 * What the page may ask the engine to compute beside the losses and norms that every step has. `extremes`: the largest
 * entries of blocks, for a layer that is drawn in blocks.
 */
export type Metric = 'spectrum' | 'alignment' | 'extremes';

export type { Plane, Reduced } from '../math/plane.ts';
export { effectiveRank as effectiveRankOf } from '../math/spectral/spectra.ts';
