/** A module's spectrum, and where it is cut. */
export interface CutScene {
  /** "layer 3", "q". */
  readonly title: string;
  /** Singular values, the largest first. */
  readonly sigma: ArrayLike<number>;
  /** Directions before and after. */
  readonly rank: number;
  readonly kept: number;
  /** ‖lost‖/‖ΔW‖ of the module. */
  readonly error: number;
  /** One axis for all modules. */
  readonly heights: CutHeights;
  /** Whether the numbers of the vertical axis stand at its left, and those of directions below it. */
  readonly left: boolean;
  readonly below: boolean;
}

export interface CutHeights {
  readonly low: number;
  readonly high: number;
}

/** Decades below the largest value that an axis shows: what lies further down is as good as dead. */
const DECADES = 4;

/** An axis that has room for the spectra of a file. */
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
