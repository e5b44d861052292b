export type { EffectiveRankKind } from '../../math/spectral/spectra.ts';

/**
 * Metrics on request, besides the losses and norms of every step. `directions`: uᵢᵀΔW·vᵢ for the leading singular
 * directions of ΔW*; `extremes`: for a module drawn in blocks.
 */
export const METRICS = ['spectrum', 'alignment', 'directions', 'extremes'] as const;
export type Metric = (typeof METRICS)[number];

/** Those of each chart, by its name; here, because the first run begins before the charts are loaded. */
export const CHART_METRICS = {
  spectrum: ['spectrum', 'alignment'],
  gradients: [],
  error: [],
  effectiveRank: ['spectrum'],
  losses: [],
  accuracy: [],
  kept: [],
  ranks: [],
  timeline: [],
  directions: ['directions'],
  foretoldError: [],
} satisfies Record<string, readonly Metric[]>;

/** Of every step: the loss, and the relative matrix error ‖ΔW − ΔW*‖_F/‖ΔW*‖_F of a run with a known ΔW*. */
export type Series = 'loss' | 'relativeError';

/** Of every step and module: Frobenius norms of ∂L/∂A and ∂L/∂B, and of the updates that led to the step. */
export const MODULE_SERIES = ['gradNormA', 'gradNormB', 'updateNormA', 'updateNormB'] as const;
export type ModuleSeries = (typeof MODULE_SERIES)[number];

export function moduleSeries<T>(list: (name: ModuleSeries) => T): Readonly<Record<ModuleSeries, T>> {
  return {
    gradNormA: list('gradNormA'),
    gradNormB: list('gradNormB'),
    updateNormA: list('updateNormA'),
    updateNormB: list('updateNormB'),
  };
}

export type { Plane, Reduction } from '../../math/plane.ts';
export { effectiveRank as effectiveRankOf } from '../../math/spectral/spectra.ts';
