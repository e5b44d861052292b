import type { Figures } from '../../file/model.ts';
import type { ModuleScene } from './module-scene.ts';

/** What the modules of a file have in common, for the charts of one. */
export type FileSpectra = Pick<ModuleScene, 'median' | 'range'>;

/** Below the largest singular value by more than this factor an axis shows nothing: dead directions lie there. */
const DEEPEST = 1e-4;
/** And at least so far down it goes. */
const LEAST = 1 / 30;
/** So many of a file's values lie below the axis. */
const BELOW = 0.02;

/** The median at each place over the modules that have so many values, and an axis that holds nearly all of them. */
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

/** Of an ascending list; of an even number the mean of the two in the middle. */
const middle = (sorted: Float64Array) => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
