export type { EffectiveRankKind } from '../../math/spectral/spectra.ts';

/**
 * What the page may ask the engine to compute beside the losses and norms that every step has. `extremes`: the largest
 * entries of blocks, for a module that is drawn in blocks.
 */
export const METRICS = ['spectrum', 'alignment', 'extremes'] as const;
export type Metric = (typeof METRICS)[number];

/** Those of each chart, by its name. They stand here because the first run begins before the charts are loaded. */
export const CHART_METRICS = {
  spectrum: ['spectrum', 'alignment'],
  gradients: [],
  error: [],
  effectiveRank: ['spectrum'],
  losses: [],
  timeline: [],
} satisfies Record<string, readonly Metric[]>;

/** What every step has: the loss, and the relative matrix error ‖ΔW − ΔW*‖_F/‖ΔW*‖_F of a run whose ΔW* is known. */
export type Series = 'loss' | 'relativeError';

/** What every step has of a module: Frobenius norms of ∂L/∂A and ∂L/∂B, and of the updates that led to the step. */
export const MODULE_SERIES = ['gradNormA', 'gradNormB', 'updateNormA', 'updateNormB'] as const;
export type ModuleSeries = (typeof MODULE_SERIES)[number];

export type { Plane, Reduction } from '../../math/plane.ts';
export { effectiveRank as effectiveRankOf } from '../../math/spectral/spectra.ts';
