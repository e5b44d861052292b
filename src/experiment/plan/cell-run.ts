/** What the figures of a cell may be shown by; "ratio" is the final error over the floor. */
export type Measure = 'ratio' | 'error' | 'heldOut' | 'steps';

/** A run of a cell, as far as a picture or table says something of it. */
export interface RunFigures {
  readonly status: 'finished' | 'converged' | 'diverged';
  /** Updates made; for `diverged`, up to its last good step. */
  readonly steps: number;
  /** At the last step; null where no ΔW* is known. */
  readonly error: number | null;
  readonly floor: number | null;
  readonly loss: number;
  /** Over the samples held out, and over all training samples; null where there are none. */
  readonly heldOut: number | null;
  readonly training: number | null;
  readonly effectiveRank: number;
  /** The learning rate, derived or set. */
  readonly rate: number;
  /** The first step at which the error was at most 5% above the floor; null where there was none. */
  readonly reached: number | null;
  /** Relative errors at some steps, the first and the last among them; losses where no error is known. */
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] };
}
