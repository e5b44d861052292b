import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Clinic } from '../../state/run/run.ts';
import { clinicKey, MOST_OTHERS, withAsked, withEnd, withoutEnds } from './case-runs.ts';

const NONE: Clinic = { waiting: [], ends: new Map(), cured: '' };
const END = { why: 'made up' };
const runsOf = (complaint: string, n: number) => Array.from({ length: n }, (_, i) => clinicKey(complaint, `run ${i}`));

/** Every run that waits ends, the first first. */
function trained(clinic: Clinic): Clinic {
  const [first] = clinic.waiting;
  return first === undefined ? clinic : trained(withEnd(clinic, first, END));
}

it('asks for what is not known, in the order given, and trains known runs only if that is wanted', () => {
  const runs = runsOf('flat', 3);
  const asked = withAsked(NONE, runs);
  expect(asked.waiting).toEqual(runs);
  const one = withEnd(asked, runs[1], END);
  expect(one.waiting).toEqual([runs[0], runs[2]]);
  expect(withAsked(trained(one), runs).waiting).toEqual([]);
  expect(withoutEnds(trained(one), runs).waiting).toEqual(runs);
});

it('keeps all runs of the complaint on screen, and never more than some of others, however many are visited', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 30 }))), (visits) => {
      let clinic = NONE;
      for (const [complaint, n] of visits) {
        const runs = runsOf(String(complaint), n);
        clinic = trained(withAsked(clinic, runs));
        for (const run of runs) expect(clinic.ends.has(run)).toBe(true);
        expect(clinic.ends.size).toBeLessThanOrEqual(n + MOST_OTHERS);
        expect(clinic.waiting).toEqual([]);
      }
    }),
  );
});
