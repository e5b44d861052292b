export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** The value at the share p of the sorted values, linear between neighbours; NaN if empty. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  return low + (at - below) * (high - low);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function spread(values: readonly number[]): Spread {
  return { median: median(values), lower: quantile(values, 0.25), upper: quantile(values, 0.75) };
}

/** Least-squares slope and intercept of y over x. */
export function line(x: readonly number[], y: readonly number[]): { slope: number; intercept: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  const variance = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const slope = covariance / variance;
  return { slope, intercept: my - slope * mx };
}

/** A random order fixed by a seed (Fisher–Yates on a 32-bit linear congruential generator). */
export function shuffled<T>(values: readonly T[], seed: number): T[] {
  const out = [...values];
  let state = seed >>> 0;
  for (let i = out.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** Three digits, without an exponent. */
export function digits(x: number): string {
  if (!Number.isFinite(x)) return '–';
  const places = x === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x))));
  return x.toFixed(Math.min(places, 6));
}

/** "1.23 (1.20–1.31)": median and quartiles. */
export function quartilesText({ median: middle, lower, upper }: Spread): string {
  return `${digits(middle)} (${digits(lower)}–${digits(upper)})`;
}
