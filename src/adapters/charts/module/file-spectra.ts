import type { Figures } from '../../file/model.ts';
import type { ModuleScene } from './module-scene.ts';

export type FileSpectra = Pick<ModuleScene, 'median' | 'range'>;

/** The axis ends at most at this share of the largest singular value: below lie dead directions. */
const DEEPEST = 1e-4;
/** And at least at this one. */
const LEAST = 1 / 30;
/** The share of a file's values that lies below the axis. */
const BELOW = 0.02;

/** The median at each index over the modules with that many values, and an axis that holds nearly all values. */
export function fileSpectra(figures: readonly (Figures | null)[]): FileSpectra {
  const spectra = figures.flatMap((of) => (of && of.sigma.length > 0 && of.sigma[0] > 0 ? [of.sigma] : []));
  const longest = spectra.reduce((max, { length }) => Math.max(max, length), 0);
  const median = Array.from({ length: longest }, (_, i) =>
    middle(Float64Array.from(spectra.filter(({ length }) => length > i).map((sigma) => sigma[i])).sort()),
  );
  const largest = spectra.reduce((max, sigma) => Math.max(max, sigma[0]), 0);
  const positive = Float64Array.from(spectra.flatMap((sigma) => [...sigma]).filter((value) => value > 0)).sort();
  const low = positive.length > 0 ? positive[Math.floor(BELOW * positive.length)] : 1;
  return {
    median: spectra.length > 1 ? median : [],
    range: largest > 0 ? [Math.min(largest * LEAST, Math.max(low, largest * DEEPEST)), largest] : [0.1, 1],
  };
}

/** Median of an ascending list; if its length is even, the mean of the middle two. */
const middle = (sorted: Float64Array) => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
