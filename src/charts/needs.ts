import type { Metric } from '../experiment/metric.ts';

/**
 * What the engine has to compute for each chart, by its name. A table of its own: the first run is asked for before the
 * charts are loaded.
 */
export const NEEDS = {
  spectrum: ['spectrum', 'alignment'],
  gradients: [],
  error: [],
  effectiveRank: ['spectrum'],
  losses: [],
  timeline: [],
} satisfies Record<string, readonly Metric[]>;
