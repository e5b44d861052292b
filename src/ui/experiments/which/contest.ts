import { bestEnd, type ErrorRange } from '../../../charts/sweep/fight-curves.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { type Fights, fightKey } from '../../../state/run/run.ts';

/** Runs of each at every place of the axis: with fewer a median says little, with more one waits too long. */
export const SEEDS = 5;

/** The same settings with as many seeds, from their own on. */
export const overSeeds = (e: Experiment, seeds: number = SEEDS): readonly Experiment[] =>
  Array.from({ length: seeds }, (_, i) => ({ ...e, seed: e.seed + i }));

/** One of those that are compared, with its runs along an axis of rates or sizes. */
export interface Entrant {
  readonly key: string;
  readonly label: string;
  /** Its rate in the Lab, or its size at the budget of the map. */
  readonly own: number;
  /** By `at`, one run a seed. */
  readonly points: readonly { readonly at: number; readonly runs: readonly Experiment[] }[];
  /** The floor, or the lowest error found; null if unknown. */
  readonly floor: number | null;
  /** It is the lowest found, and no floor. */
  readonly isFound: boolean;
}

export interface SeedRange extends ErrorRange {
  /** The seeds that have ended. */
  readonly seeds: number;
}

interface ContestPoint {
  readonly at: number;
  /** Null before the first run. */
  readonly end: SeedRange | null;
}

export interface ContestLine extends Omit<Entrant, 'points'> {
  readonly points: readonly ContestPoint[];
  /** At its own place; null before it has run. */
  readonly yours: SeedRange | null;
  /** The place with the least median, of those that print the same the first; null before the first run. */
  readonly best: { readonly at: number; readonly end: SeedRange } | null;
}

export function contestLines(entrants: readonly Entrant[], { ends }: Pick<Fights, 'ends'>): readonly ContestLine[] {
  return entrants.map(({ points, ...entrant }) => {
    const ended = points.map(({ at, runs }) => ({ at, end: rangeOf(runs.map((e) => ends.get(fightKey(e)) ?? null)) }));
    const yours = ended.find(({ at }) => at === entrant.own)?.end ?? null;
    return { ...entrant, points: ended, yours, best: bestEnd(ended) };
  });
}

function rangeOf(errors: readonly (number | null)[]): SeedRange | null {
  const known = errors.filter((error) => error !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  // While an even number has ended, the larger of the two in the middle.
  return { median: known[known.length >> 1], low: known[0], high: known[known.length - 1], seeds: known.length };
}

/** The runs that are not known yet: all of the first seed before those of the next, so that medians settle. */
export function missingRuns(
  entrants: readonly Pick<Entrant, 'points'>[],
  { ends }: Pick<Fights, 'ends'>,
): readonly Experiment[] {
  const runs = entrants.flatMap(({ points }) => points.flatMap((point) => point.runs));
  const missing = runs.filter((e) => !ends.has(fightKey(e)));
  return missing.toSorted((a, b) => a.seed - b.seed);
}

/** How many of them wait to be trained: by their settings, since a floor that is found meanwhile makes them again. */
export function runsToGo(runs: readonly Experiment[], { waiting }: Pick<Fights, 'waiting'>): number {
  const keys = new Set(waiting.map(fightKey));
  return runs.filter((e) => keys.has(fightKey(e))).length;
}

const bestMedian = ({ best }: ContestLine) => best?.end.median ?? Number.POSITIVE_INFINITY;

/** The least error at its best place first. */
export const byBest = (lines: readonly ContestLine[]): readonly ContestLine[] =>
  lines.toSorted((a, b) => bestMedian(a) - bestMedian(b));
