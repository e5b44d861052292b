/** What is kept of the runs of the clinic: pure functions of a part of the state. */

import type { Clinic, ClinicEnd } from '../../state/run/clinic-runs.ts';

/** Runs of other complaints that are kept: Back to the last few shows them without training. */
export const MOST_OTHERS = 40;

/** Key of a run: its complaint, and its key there. */
export const clinicKey = (complaint: string, run: string): string => `${complaint}/${run}`;

/** Asks for these runs in place of those that wait; known ones are not trained again. */
export function withAsked({ ends, cured }: Clinic, runs: readonly string[]): Clinic {
  const others = [...ends].filter(([key]) => !runs.includes(key)).slice(-MOST_OTHERS);
  const known = [...ends].filter(([key]) => runs.includes(key));
  return { waiting: runs.filter((key) => !ends.has(key)), ends: new Map([...others, ...known]), cured };
}

/** Trains these runs anew. */
export function withoutEnds(clinic: Clinic, runs: readonly string[]): Clinic {
  const ends = new Map([...clinic.ends].filter(([key]) => !runs.includes(key)));
  return withAsked({ ...clinic, ends }, runs);
}

export const withEnd = ({ waiting, ends, cured }: Clinic, run: string, end: ClinicEnd): Clinic => ({
  waiting: waiting.filter((key) => key !== run),
  ends: new Map(ends).set(run, end),
  cured,
});
