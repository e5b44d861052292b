import type { RunFigures } from '../run-file/run-record.ts';

/** What the figures of a cell may be shown by; "ratio" is the final error over the floor. */
export type Measure = 'ratio' | 'error' | 'heldOut' | 'steps';

/** A run of a sweep: its figures, and its curve thinned to what is drawn. */
export interface CellRun extends RunFigures {
  /** Relative errors at some steps, the first and the last among them; losses if no error is known. */
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] };
  /** Milliseconds since the run that ended before it: with several at a time, less than it took; left out: not known. */
  readonly ms?: number;
}

export type Outcome = CellRun | { readonly why: string };
