import { bisectRight } from 'd3-array';

/** A curve kept at some steps, ascending. */
export interface StepCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** True if it diverged: from its end on it counts as infinite; otherwise its last value stays. */
  readonly diverged: boolean;
}

/** The value of a curve at a step, interpolated linearly. */
function valueAt({ steps, values, diverged }: StepCurve, step: number): number {
  const last = steps.length - 1;
  if (last < 0) return Number.NaN;
  if (step > (steps[last] ?? 0)) return diverged ? Number.POSITIVE_INFINITY : (values[last] ?? Number.NaN);
  const i = bisectRight(steps, step) - 1;
  const [from, to] = [steps[i] ?? 0, steps[i + 1] ?? step];
  const [a, b] = [values[i] ?? Number.NaN, values[i + 1] ?? values[i] ?? Number.NaN];
  return to > from ? a + ((b - a) * (step - from)) / (to - from) : a;
}

/** Median and middle half of several curves at some steps; infinite if that many have diverged. */
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

/** The p-quantile of ascending values, the last of which may be infinite, interpolated linearly; if empty, null. */
export function quantileAt(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const place = p * (values.length - 1);
  const [low, high] = [values[Math.floor(place)] ?? 0, values[Math.ceil(place)] ?? 0];
  // Between a number and infinity lies infinity; between two infinities the formula would result in NaN.
  return high === Number.POSITIVE_INFINITY ? high : low + (high - low) * (place - Math.floor(place));
}
