import { median, spread } from '../statistics.ts';
import type { Row } from '../table.mjs';
import type { Measured } from './measured.ts';

/** Replaces a diverged run in quantiles, which cannot hold Infinity. */
const BEYOND = 1e300;
const MANY = 1e250;

export function rowOf(label: string, measured: Measured, factors: readonly number[], steps: readonly number[]): Row {
  const { losses, floors } = measured;
  const row: Record<string, string> = { initialisation: label, 'step 0': words(losses.map((seed) => seed[0].start)) };
  const own = factors.indexOf(1);
  const after = (factor: number, at: number) => losses.map((seed) => Math.min(seed[factor].after[at], BEYOND));
  const grouped = (n: number) => n.toLocaleString('en');
  for (const [at, n] of steps.entries()) row[`after ${grouped(n)}`] = words(after(own, at));
  for (const [at, n] of steps.entries()) {
    const medians = factors.map((_, factor) => median(after(factor, at)));
    const best = bestOf(medians, own);
    row[`best after ${grouped(n)}`] = `${words(after(best, at))}${times(factors[best])}`;
  }
  row['floor of its rank'] = short(median(floors.map((floor) => floor.rank)));
  row['own floor'] = short(median(floors.map((floor) => floor.start)));
  return row;
}

/** The factor with the lowest median; of those that print alike, the one nearest to the derived rate. */
function bestOf(medians: readonly number[], own: number): number {
  const lowest = short(Math.min(...medians));
  const alike = medians.flatMap((value, i) => (short(value) === lowest ? [i] : []));
  return alike.reduce((one, other) => (Math.abs(other - own) < Math.abs(one - own) ? other : one));
}

/** "diverged" if most runs diverge; a quantile between a finite run and a diverged one counts as ∞. */
function words(values: readonly number[]): string {
  const { median: middle, lower, upper } = spread(values);
  const [from, to] = [lower, upper].map((x) => (x >= MANY ? '∞' : short(x)));
  if (middle >= MANY) return 'diverged';
  return from === to ? from : `${short(middle)} (${from}–${to})`;
}

/** Three digits; an exponent below 10⁻⁶. */
function short(x: number): string {
  if (x !== 0 && Math.abs(x) < 1e-6) return x.toExponential(1);
  return Number.isFinite(x) ? String(Number(x.toPrecision(3))) : '–';
}

const times = (factor: number) => (factor === 1 ? '' : factor > 1 ? ` ×${factor}` : ` ÷${Math.round(1 / factor)}`);
