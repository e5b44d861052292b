export type { EffectiveRankKind } from '../math/spectra.ts';

/** What a chart may ask the engine to compute beside the losses and norms that every step has. */
export type Metric = 'spectrum' | 'alignment';
