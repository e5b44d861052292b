/** What a loss curve does apart from the noise of single steps. */

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** A curve in twenty windows: their means, and how uncertain the noise of single values makes them. */
export interface CurveParts {
  readonly windows: readonly number[];
  /** Standard deviation of a window's mean. */
  readonly error: number;
  /** Standard deviation of a single value around the curve where it begins. */
  readonly noise: number;
}

const WINDOWS = 20;

/** Null if there are too few values to tell a curve from noise. */
export function partsOf(values: readonly number[]): CurveParts | null {
  if (values.length < WINDOWS) return null;
  const bound = (i: number) => Math.round((i * values.length) / WINDOWS);
  const windows = Array.from({ length: WINDOWS }, (_, i) => mean(values.slice(bound(i), bound(i + 1))));
  // It is largest where the loss is: of the first third.
  const noise = noiseOf(values.slice(0, Math.max(10, Math.round(values.length / 3))));
  return { windows, error: noise / Math.sqrt(values.length / WINDOWS), noise };
}

/** From differences of neighbours: their median size over 0.954 is σ if the values were independent around a smooth curve. */
export function noiseOf(values: readonly number[]): number {
  const steps = values
    .slice(1)
    .map((x, i) => Math.abs(x - values[i]))
    .sort((a, b) => a - b);
  return (steps[Math.floor(steps.length / 2)] ?? 0) / 0.954;
}

export interface Stairs {
  /** Values in an epoch. */
  readonly period: number;
  /** Of the whole fall, the part at the ends of epochs. */
  readonly share: number;
  readonly drops: readonly { readonly at: number; readonly from: number; readonly to: number }[];
}

/** Values on either side of an end of an epoch. */
const SIDE = 0.25;

/**
 * Drops at equal spacing. For a period P, at each multiple of P the mean of the quarter before is compared with that
 * of the quarter after: on a smooth curve that is a quarter of the fall of an epoch, on stairs all of it.
 * `only`: the period that the log's epochs say.
 */
export function stairsIn(values: readonly number[], only: number | null): Stairs | null {
  const n = values.length;
  const sums = prefixSums(values);
  const between = (from: number, to: number) => (sums[to] - sums[from]) / (to - from);
  const noise = noiseOf(values);
  let best: (Stairs & { readonly score: number }) | null = null;
  const periods = only ? [only] : candidates(n);
  for (const period of periods) {
    const side = Math.max(2, Math.round(period * SIDE));
    if (side > period / 2) continue;
    const drops: { at: number; from: number; to: number }[] = [];
    for (let at = period; at + side <= n; at += period)
      drops.push({ at, from: between(at - side, at), to: between(at, at + side) });
    if (drops.length < 2) continue;
    const top = between(0, side);
    const bottom = between(n - side, n);
    const fall = top - bottom;
    const limit = Math.max(3 * noise * Math.sqrt(2 / side), 0.02 * Math.abs(top));
    const clear = drops.filter(({ from, to }) => from - to > limit).length;
    if (fall <= 0.1 * Math.abs(top) || clear < 2 || clear < 0.6 * Math.min(drops.length, 4)) continue;
    const share = drops.reduce((sum, { from, to }) => sum + (from - to), 0) / fall;
    // A third of the true period has as much at its ends, but not at each of them.
    const score = (share * clear) / drops.length;
    if (share >= (only ? 0.6 : 0.8) && score > (best?.score ?? 0)) best = { period, share, drops, score };
  }
  return best;
}

/** Every period of up to 200, then one per cent apart: at least three epochs each. */
function candidates(n: number): readonly number[] {
  const found: number[] = [];
  for (let period = 8; period <= n / 3; period = Math.max(period + 1, Math.round(period * 1.01))) found.push(period);
  return found;
}

function prefixSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return sums;
}
