/** What a loss curve does apart from the noise of single steps. */

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** A curve in twenty windows: their means, and how uncertain noise makes them. */
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
  return { windows, error: Math.max(noise / Math.sqrt(values.length / WINDOWS), roughness(windows)), noise };
}

/**
 * Standard deviation of values around the mean of three: of running means and of heavy tails, whose neighbours say too
 * little. By the median, since where a curve bends it is not noise. Independent values leave √⅔ of σ there.
 */
function roughness(windows: readonly number[]): number {
  const off = windows.slice(1, -1).map((x, i) => Math.abs(x - mean(windows.slice(i, i + 3))));
  return medianOf(off) / (0.6745 * Math.sqrt(2 / 3));
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
  /** Of the fall from the first epoch to the last, the part at the ends of epochs. */
  readonly share: number;
  /** Those that are clear, in order; `from` and `to` are the mean losses of a quarter of an epoch next to them. */
  readonly drops: readonly { readonly at: number; readonly from: number; readonly to: number }[];
}

/** Values on either side of an end of an epoch, of its length. */
const SIDE = 0.25;
/** A drop is clear from so many standard deviations on of what happens within epochs, and from a share of the loss on. */
const CLEAR = { deviations: 3, share: 0.04 } as const;
/** The mean drop, in its own standard deviations: more if periods were searched. */
const CLEAR_MEAN = { searched: 6, known: 4 } as const;
/** Of all ends of epochs, those with a clear drop. */
const MOST_ENDS = 0.7;
/** Of the mean drop, what the same windows fall by within epochs: a smooth curve has 1, stairs 0. */
const FLAT = 0.35;

/** Means of parts of a curve in constant time. */
interface SummedCurve {
  readonly length: number;
  readonly noise: number;
  readonly between: (from: number, to: number) => number;
}

function summed(values: readonly number[]): SummedCurve {
  const sums = prefixSums(values);
  return {
    length: values.length,
    noise: noiseOf(values),
    between: (from, to) => (sums[to] - sums[from]) / (to - from),
  };
}

/**
 * Drops at equal spacing. At each end of an epoch the mean of the quarter of an epoch before it is compared with that
 * of the quarter after. The same difference at all other places says what noise does there, however skewed it is and
 * however long it hangs together: within the treads of stairs it is near 0, on a smooth fall as large as at the ends.
 * Losses above 0 are compared by their logarithms, where drops and noise are shares of the loss.
 * `known`: where the epochs end, if the log says so; otherwise every period is tried.
 */
export function stairsIn(values: readonly number[], known: readonly number[] | null): Stairs | null {
  const n = values.length;
  const curve = summed(values.every((x) => x > 0) ? values.map(Math.log) : values);
  let best: Treads | null = null;
  for (const ends of known ? [known] : candidates(n).map((period) => multiples(period, n))) {
    const treads = treadsOf(curve, ends, known ? CLEAR_MEAN.known : CLEAR_MEAN.searched);
    if (treads && treads.score > (best?.score ?? 0)) best = treads;
  }
  if (!best) return null;
  const { between } = summed(values);
  const { period, side, share, clear } = best;
  return {
    period,
    share,
    drops: clear
      .map((at) => ({ at, from: between(at - side, at), to: between(at, at + side) }))
      .filter(({ from, to }) => from > to),
  };
}

interface Treads {
  readonly period: number;
  readonly side: number;
  readonly share: number;
  readonly clear: readonly number[];
  /** Largest at the true period: the mean drop times √(number of ends). */
  readonly score: number;
}

function treadsOf({ length, noise, between }: SummedCurve, all: readonly number[], least: number): Treads | null {
  const period = medianOf(all.map((at, i) => at - (all[i - 1] ?? 0)));
  const side = Math.max(2, Math.round(period * SIDE));
  const drop = (at: number) => between(at - side, at) - between(at, at + side);
  const ends = all.filter((at) => at >= side && at + side <= length);
  if (ends.length < 2 || side > period / 2) return null;
  const drops = ends.map(drop);
  const meanDrop = mean(drops);
  if (meanDrop <= CLEAR.share) return null;
  // The loss may still fall fast at the very beginning.
  const within = [0, ...ends].flatMap((start, i) => {
    const end = ends[i] ?? Math.min(length, start + period);
    const found: number[] = [];
    for (let at = start + side * (i === 0 ? 2 : 1); at + side <= end; at += Math.max(1, side >> 1))
      found.push(drop(at));
    return found;
  });
  if (within.length < 4) return null;
  const deviation = Math.max(sizeOf(within), noise * Math.sqrt(2 / side));
  const clear = ends.filter((_, i) => drops[i] > Math.max(CLEAR.deviations * deviation, CLEAR.share));
  const certain = (meanDrop * Math.sqrt(ends.length)) / deviation;
  if (clear.length < Math.max(2, MOST_ENDS * ends.length) || certain < least || mean(within) > FLAT * meanDrop)
    return null;
  const fall = between(0, ends[0]) - between(ends[ends.length - 1], length);
  const share = (meanDrop * ends.length) / fall;
  return fall > LEAST_FALL && share >= 0.6
    ? { period, side, share, clear, score: meanDrop * Math.sqrt(ends.length) }
    : null;
}

/** Standard deviation around 0, without the largest tenth: late in a run a loss near 0 jumps by large shares of itself. */
function sizeOf(values: readonly number[]): number {
  const squares = values.map((x) => x * x).sort((a, b) => a - b);
  return Math.sqrt(mean(squares.slice(0, Math.max(4, Math.ceil(0.9 * squares.length)))));
}

/** Of the loss, from the first epoch to the last. */
const LEAST_FALL = 0.1;

/** Every period of up to 200, then one per cent apart: at least three epochs each. */
function candidates(n: number): readonly number[] {
  const found: number[] = [];
  for (let period = 8; period <= n / 3; period = Math.max(period + 1, Math.round(period * 1.01))) found.push(period);
  return found;
}

function multiples(period: number, n: number): readonly number[] {
  const found: number[] = [];
  for (let at = period; at < n; at += period) found.push(at);
  return found;
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function prefixSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i] + values[i];
  return sums;
}
