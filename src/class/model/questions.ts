/** Questions for a class, computed from its own runs. */

import { display, number, plural, trim } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { errorsOf } from '../../experiment/run-file/run-record.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import { type ClassStanding, trainedOf } from './standings.ts';

type ReachedRun = Extract<ClassStanding, { readonly kind: 'reached' }>;

interface ClassRuns {
  /** Best first. */
  readonly standings: readonly ClassStanding[];
  /** The error of the goal; null: no goal. */
  readonly wanted: number | null;
  /** Lowest possible relative error by rank, from 0; null if unknown. */
  readonly floors: ArrayLike<number> | null;
  readonly names: ReadonlyMap<number, string>;
}

/** At most three; none without a goal that somebody reached. */
export function questionsOf(runs: ClassRuns): readonly string[] {
  const { standings, wanted } = runs;
  const [first] = standings;
  if (wanted === null || first?.kind !== 'reached') return [];
  return [tooLow(runs, wanted), sameRank(runs), largestRate(runs, first)].filter((text) => text !== null);
}

const nameOf = ({ names }: ClassRuns, { entry }: ClassStanding) => names.get(entry.id) ?? '';
const rankOf = ({ entry }: ClassStanding) => entry.experiment.rank;
const isReached = (one: ClassStanding): one is ReachedRun => one.kind === 'reached';
/** A learning rate of one optimiser says nothing about that of another. */
const rateOf = ({ entry }: ClassStanding) => leastOf(trainedOf(entry)?.rate ?? entry.experiment.lr ?? 0);
const isOfOptimiser =
  (of: ClassStanding) =>
  ({ entry }: ClassStanding) =>
    entry.experiment.opt === of.entry.experiment.opt;

/** The highest rank below all that reached the goal, if its floor is above the goal: no training would have helped. */
function tooLow({ standings, floors }: ClassRuns, wanted: number): string | null {
  const least = Math.min(...standings.filter(isReached).map(rankOf));
  const below = standings.filter((one) => one.kind === 'missed' && rankOf(one) < least).map(rankOf);
  const rank = Math.max(...below);
  const floor = floors?.[rank];
  if (below.length === 0 || floor === undefined || floor <= wanted) return null;
  const ranks = rank === 1 ? 'rank 1' : `rank ${rank} or less`;
  return `Why did nobody with ${ranks} get there? The floor at rank ${rank} is ${number(floor)}.`;
}

/** The two best runs that differ in α, of one rank and one optimiser. */
function sameRank(runs: ClassRuns): string | null {
  const reached = runs.standings.filter(isReached);
  const isPartner = (a: ReachedRun) => (b: ReachedRun) =>
    rankOf(a) === rankOf(b) &&
    isOfOptimiser(a)(b) &&
    a.entry.experiment.alpha !== b.entry.experiment.alpha &&
    b.step > a.step;
  for (const a of reached) {
    const b = reached.find(isPartner(a));
    if (!b) continue;
    const [alpha, other] = [a, b].map(({ entry }) => trim(entry.experiment.alpha));
    const [best, second] = [nameOf(runs, a), nameOf(runs, b)];
    const rates = [a, b].map((one) => display(rateOf(one)));
    const and = rates[0] === rates[1] ? ', at the same rate' : `, at the rates ${rates[0]} and ${rates[1]}`;
    return `${best} and ${second} both trained rank ${rankOf(a)}, with α = ${alpha} and ${other}${and}. Why is ${best} ${plural(b.step - a.step, 'step')} ahead?`;
  }
  return null;
}

/** Smaller factors between rates are no contrast. */
const MUCH_LARGER = 2;

/** The largest rate next to that of the best run, and the step at which it shows. */
function largestRate(runs: ClassRuns, first: ReachedRun): string | null {
  const same = runs.standings.filter(isOfOptimiser(first));
  const scored = same.filter(({ kind }) => kind === 'reached' || kind === 'missed' || kind === 'diverged');
  const [largest] = [...scored].sort((a, b) => rateOf(b) - rateOf(a));
  const factor = rateOf(largest) / rateOf(first);
  if (!(factor >= MUCH_LARGER)) return null;
  const optimiser = optimisers.byName(first.entry.experiment.opt).label;
  const said = `With ${optimiser}, ${nameOf(runs, largest)}’s rate of ${display(rateOf(largest))} is ${trim(factor, 2)} times ${nameOf(runs, first)}’s.`;
  if (largest.kind === 'diverged') return `${said} Why does the run diverge after step ${largest.step}?`;
  const record = trainedOf(largest.entry);
  const errors = record && errorsOf(record);
  return errors && `${said} What happens at step ${largestRise(errors)}?`;
}

/** The step whose error is the largest multiple of the least error before it. */
export function largestRise(errors: ArrayLike<number>): number {
  let least = Number.POSITIVE_INFINITY;
  let [at, most] = [0, 0];
  for (let step = 0; step < errors.length; step++) {
    least = Math.min(least, errors[step]);
    const rise = errors[step] / least;
    if (rise > most) [at, most] = [step, rise];
  }
  return at;
}
