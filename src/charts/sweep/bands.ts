import { bisectRight } from 'd3-array';

/** A curve that was kept at some steps, ascending. */
export interface StepCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** True where it ended by diverging: from there on it counts as infinite; else its last value stays. */
  readonly diverged: boolean;
}

/** The value of a curve at a step, on the straight line between its neighbours. */
function valueAt({ steps, values, diverged }: StepCurve, step: number): number {
  const last = steps.length - 1;
  if (last < 0) return Number.NaN;
  if (step > (steps[last] ?? 0)) return diverged ? Number.POSITIVE_INFINITY : (values[last] ?? Number.NaN);
  const i = bisectRight(steps, step) - 1;
  const [from, to] = [steps[i] ?? 0, steps[i + 1] ?? step];
  const [a, b] = [values[i] ?? Number.NaN, values[i + 1] ?? values[i] ?? Number.NaN];
  return to > from ? a + ((b - a) * (step - from)) / (to - from) : a;
}

/** Median and middle half of several curves at each of some steps; infinite where as many have diverged. */
export interface Band {
  readonly steps: readonly number[];
  readonly low: readonly number[];
  readonly median: readonly number[];
  readonly high: readonly number[];
}

export function bandOf(curves: readonly StepCurve[], steps: readonly number[]): Band {
  const columns = steps.map((step) => curves.map((curve) => valueAt(curve, step)).sort((a, b) => a - b));
  const at = (p: number) => columns.map((values) => quantileAt(values, p) ?? Number.NaN);
  return { steps, low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** The p-quantile of ascending values, of which the last may be infinite, between two of them by their distance; null of none. */
export function quantileAt(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const place = p * (values.length - 1);
  const [low, high] = [values[Math.floor(place)] ?? 0, values[Math.ceil(place)] ?? 0];
  // Between a number and infinity lies infinity, and between two of them the formula would find no number.
  return high === Number.POSITIVE_INFINITY ? high : low + (high - low) * (place - Math.floor(place));
}
