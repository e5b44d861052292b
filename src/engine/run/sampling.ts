/** Spectra of a whole run whose spectrum takes a few tenths of a millisecond: so many, and up to this rank. */
const MANY = 64;
const CHEAP_RANK = 16;
/** Of any other run so many, where one takes no longer than this, in ms, or all no more than this share of its steps. */
const FEW = 16;
const FELT_MS = 20;
const SHARE = 0.25;

/** Says after which steps a spectrum is kept, beside those of frames: a run that is over in a moment has few of these. */
export interface Sampling {
  /** Steps between two spectra at most, in a run of so many. */
  readonly spacing: (steps: number) => number;
  /** Whether `step` of a run of so many steps, each so many ms, is to have its spectrum. */
  readonly isDue: (step: number, steps: number, msPerStep: number) => boolean;
  /** The spectrum of a step has been kept, which took so long. */
  readonly kept: (step: number, ms: number) => void;
}

export function sampling(rank: number): Sampling {
  const count = rank <= CHEAP_RANK ? MANY : FEW;
  const spacing = (steps: number) => Math.max(1, Math.ceil(steps / count));
  let last = 0;
  let cost = 0;

  return {
    spacing,
    isDue(step, steps, msPerStep) {
      if (rank <= CHEAP_RANK) return true;
      if (step - last < spacing(steps)) return false;
      return cost <= FELT_MS || cost * FEW <= SHARE * steps * msPerStep;
    },
    kept(step, ms) {
      last = step;
      cost = ms;
    },
  };
}
