import type { Figures } from '../model.ts';

/** The energy of a file, Σσ² over all its modules, against directions, the largest of any module first. */
export interface Energy {
  /** The number of directions in the file. */
  readonly directions: number;
  /** Shares of Σσ² that the first 0, 1, 2, … directions hold: directions + 1 values from 0 to 1. */
  readonly share: Float64Array;
  /** Directions that hold 90, 95 and 99% of it. */
  readonly counts: readonly [number, number, number];
}

/** The energy curve of the modules that are read; without any, or with nothing but zeros, all shares are 0. */
export function energyOf(figures: readonly (Figures | null)[]): Energy {
  const spectra = figures.flatMap((of) => (of === null ? [] : [of.sigma]));
  const sigma = new Float64Array(spectra.reduce((sum, of) => sum + of.length, 0));
  let at = 0;
  for (const of of spectra) {
    sigma.set(of, at);
    at += of.length;
  }
  sigma.sort().reverse();
  const share = new Float64Array(sigma.length + 1);
  const largest = sigma.length === 0 ? 0 : sigma[0];
  if (!(largest > 0)) return { directions: sigma.length, share, counts: [0, 0, 0] };
  for (let i = 0; i < sigma.length; i++) share[i + 1] = share[i] + (sigma[i] / largest) ** 2;
  const total = share[sigma.length];
  for (let i = 0; i < share.length; i++) share[i] /= total;
  const first = (part: number) => share.findIndex((held) => held >= part);
  return { directions: sigma.length, share, counts: [first(0.9), first(0.95), first(0.99)] };
}
