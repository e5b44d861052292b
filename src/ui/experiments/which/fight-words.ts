import { NOTHING } from '../../../experiment/methods/which/map.ts';
import type { ContestLine, SeedRange } from './contest.ts';

/** An error as the table of a fight prints it. */
export const endText = (error: number): string =>
  Number.isFinite(error) ? (error < NOTHING ? '0' : error.toFixed(3)) : 'diverged';

interface Stand {
  readonly label: string;
  readonly now: SeedRange;
  readonly best: SeedRange;
}

/** −1: a leaves less than b; 0: a tie, since the ranges of their seeds meet, or both print the same; 1: more. */
function compared(a: SeedRange, b: SeedRange): -1 | 0 | 1 {
  if (endText(a.median) === endText(b.median) || (a.low <= b.high && b.low <= a.high)) return 0;
  return a.median < b.median ? -1 : 1;
}

/** The most that a diverged run counts for. */
const WORST = 2;
const between = (a: SeedRange, b: SeedRange) => Math.min(a.median, WORST) - Math.min(b.median, WORST);

interface StandPair {
  readonly a: Stand;
  readonly b: Stand;
  /** By how much their distance changes. */
  readonly change: number;
}

/** The pair whose distance changes most, of those that stand so; null if none does. */
function most(stands: readonly Stand[], isSo: (now: number, best: number) => boolean): StandPair | null {
  const pairs = stands.flatMap((a) =>
    stands.flatMap((b): StandPair[] =>
      a !== b && isSo(compared(a.now, b.now), compared(a.best, b.best))
        ? [{ a, b, change: Math.abs(between(a.now, b.now) - between(a.best, b.best)) }]
        : [],
    ),
  );
  return pairs.toSorted((one, other) => other.change - one.change).at(0) ?? null;
}

const medians = (a: SeedRange, b: SeedRange) => `${endText(a.median)}, ${endText(b.median)}`;

/**
 * What the two columns say together, by rule: the pair that changes places, the one that ties or ceases to, and what falls
 * most. Null until all runs have ended. `asSet`: "At rate 0.015".
 */
export function fightSentence(lines: readonly ContestLine[], asSet: string): string | null {
  const stands = lines.flatMap(({ label, yours, best }): Stand[] =>
    yours && best ? [{ label, now: yours, best: best.end }] : [],
  );
  if (stands.length < 2) return null;
  const turned = most(stands, (now, best) => now === 1 && best === -1);
  const closed = most(stands, (now, best) => now === 1 && best === 0);
  const opened = most(stands, (now, best) => now === 0 && best === 1);
  const said = [
    turned &&
      `${asSet} ${turned.a.label} looks worse than ${turned.b.label} (${medians(turned.a.now, turned.b.now)}). Each at its best: ${medians(turned.a.best, turned.b.best)}.`,
    closed &&
      `${asSet} ${closed.a.label} looks worse than ${closed.b.label} (${medians(closed.a.now, closed.b.now)}); each at its best rate they tie (${medians(closed.a.best, closed.b.best)}).`,
    opened &&
      `${asSet} ${opened.a.label} and ${opened.b.label} tie (${medians(opened.a.now, opened.b.now)}); each at its best rate ${opened.a.label} leaves more (${medians(opened.a.best, opened.b.best)}).`,
  ].filter((sentence) => sentence !== null);
  const fall = fallen(stands);
  const falls = fall && `${fall.label} falls most, from ${endText(fall.now.median)} to ${endText(fall.best.median)}.`;
  if (said.length > 0) return [...said.slice(0, 2), ...(falls ? [falls] : [])].join(' ');
  const order = `${asSet} ${stands.length === 2 ? 'the two stand' : 'all stand'} in the same order as each at its best rate`;
  return falls ? `${order}. ${falls}` : `${order}, and none falls: here the rate does not decide.`;
}

/** What its best rate brings down most, if it can be told from the errors at its own rate. */
function fallen(stands: readonly Stand[]): Stand | null {
  const falling = stands.filter(({ now, best }) => compared(now, best) === 1);
  return falling.toSorted((a, b) => between(b.now, b.best) - between(a.now, a.best)).at(0) ?? null;
}
