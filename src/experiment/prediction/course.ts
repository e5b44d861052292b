/** What a law says about a run before its first step, at some steps from 0 on, ascending. */
export interface PredictedCourse {
  readonly steps: readonly number[];
  /** uᵢᵀΔW·vᵢ for each direction of ΔW* that the law covers, the largest first: one list each, a value a step. */
  readonly directions: readonly Float64Array[];
  /** ‖ΔW − ΔW*‖_F/‖ΔW*‖_F. */
  readonly error: Float64Array;
  /** The first step at which a direction has 90% of its singular value; null: none of these steps. */
  readonly arrivals: readonly (number | null)[];
}

/** The share of its singular value at which a direction counts as arrived. */
export const ARRIVED = 0.9;

/** At most `most` + 1 steps from 0 to `last`: all of them, or evenly spaced ones after the first quarter, which has half. */
export function sampledSteps(last: number, most: number): readonly number[] {
  if (last <= most) return Array.from({ length: last + 1 }, (_, t) => t);
  const at = (share: number) => last * (share < 0.5 ? share / 2 : 1.5 * share - 0.5);
  const all = Array.from({ length: most + 1 }, (_, i) => Math.round(at(i / most)));
  return all.filter((step, i) => i === 0 || step > all[i - 1]);
}
