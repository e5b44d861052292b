export interface CutScene {
  readonly title: string;
  readonly sigma: ArrayLike<number>;
  readonly rank: number;
  readonly kept: number;
  /** ‖lost‖/‖ΔW‖ of the module. */
  readonly error: number;
  readonly heights: CutHeights;
  /** Whether the vertical axis has its numbers at its left, and the horizontal one below it. */
  readonly left: boolean;
  readonly below: boolean;
}

export interface CutHeights {
  readonly low: number;
  readonly high: number;
}

/** Decades below the largest value that an axis shows: directions further down are as good as dead. */
const DECADES = 4;

export function cutHeights(spectra: readonly (ArrayLike<number> | null)[]): CutHeights {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const sigma of spectra) {
    if (!sigma) continue;
    for (let i = 0; i < sigma.length; i++) {
      if (!(sigma[i] > 0)) continue;
      low = Math.min(low, sigma[i]);
      high = Math.max(high, sigma[i]);
    }
  }
  if (!(high > 0)) return { low: 0.1, high: 1 };
  return { low: Math.max(low / 1.6, high * 10 ** -DECADES), high: high * 1.4 };
}
