import type { RunRecord } from '../../experiment/run-file/run-record.ts';

/** A finished run, or why it cannot be trained. */
export type ClinicEnd = RunRecord | { readonly why: string };

/** Runs of the clinic, each by its complaint and its key there: "flat/symptom". */
export interface Clinic {
  /** Requested, and not trained yet; in the order of work. */
  readonly waiting: readonly string[];
  /** Those of the complaint seen last at the end. */
  readonly ends: ReadonlyMap<string, ClinicEnd>;
  /** The complaint whose remedy is switched on; empty: none. */
  readonly cured: string;
}

export interface ClinicEvent {
  readonly type: 'clinic';
  readonly clinic: Clinic;
}
