import { settingsLink } from '../../experiment/link/link.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import { allDigits, count, listed, number, plural } from '../../experiment/numbers.ts';
import { type Goal, judgeGoal } from '../../experiment/plan/goal.ts';
import {
  type Computed,
  errorAtEnd,
  errorsOf,
  lastStep,
  type RunRecord,
  scalingAt,
} from '../../experiment/run-file/run-record.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { type Exercise, violatedKeys } from '../../experiment/settings/exercise.ts';
import { diffKeys, isActive, param, withAutoRate } from '../../experiment/settings/experiment.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { HandInEntry, Omission } from './entry.ts';

/** Common to all runs of a wall: the target, and the settings that a class link locks or hides. */
export interface Reference {
  readonly experiment: Experiment;
  readonly view: Exercise;
}

/** A different seed, and so different random numbers in the target, counts only if the seed is locked. */
const TARGET_KEYS = PARAM_KEYS.filter((key) => param(key).group === 'target');

const lower = (label: string) => label.charAt(0).toLowerCase() + label.slice(1);

function valueText(key: ParamKey, e: Experiment): string {
  const value = e[key];
  if (key === 'target') return targets.byName(e.target).label;
  if (key === 'lr' && value === null) return 'automatic';
  if (typeof value === 'number') return Number.isInteger(value) ? count(value) : allDigits(value);
  return value === null || value === '' ? 'left out' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

/** Why a run has another target; null if it has the same. */
export function targetMismatch({ experiment: reference }: Reference, e: Experiment): string | null {
  const key = diffKeys(reference, e).find(
    (one) => TARGET_KEYS.includes(one) && (isActive(one, e) || isActive(one, reference)),
  );
  if (key === undefined) return null;
  if (key === 'target') return `another target (${valueText(key, e)})`;
  if (key === 'data') return 'another target (other data)';
  return `another target (${lower(param(key).label)} ${valueText(key, e)}, not ${valueText(key, reference)})`;
}

/** The locked setting that a run has changed; null if none. */
function changedLock({ experiment: reference, view }: Reference, e: Experiment): string | null {
  const [key] = violatedKeys(reference, e, view);
  if (key === undefined) return null;
  const [old, now] = [withAutoRate(reference), withAutoRate(e)];
  return `${param(key).label}: locked at ${valueText(key, old)}, here ${valueText(key, now)}`;
}

/** A run on the wall; `result` is null until it has been trained here. */
export interface ClassEntry extends HandInEntry {
  /** Order of arrival. */
  readonly id: number;
  readonly result: RunRecord | { readonly why: string } | null;
}

/** The run as it was trained here; null before, and if it cannot be. */
export const trainedOf = ({ result }: Pick<ClassEntry, 'result'>): RunRecord | null =>
  result && !('why' in result) ? result : null;

/** First step at which the error is at most the goal; null if none. */
export const goalStep = (standing: ClassStanding): number | null =>
  standing.kind === 'reached' || standing.kind === 'over' ? standing.step : null;

/** Standing of a run. `error`: at its last step within the budget. */
export type ClassStanding = { readonly entry: ClassEntry; readonly numbers: number; readonly error: number | null } & (
  | { readonly kind: 'reached'; readonly place: number; readonly step: number }
  | { readonly kind: 'missed' }
  /** Within the budget; `step` is its last good one. */
  | { readonly kind: 'diverged'; readonly step: number }
  /** Over the budget; `step`: first step at which the error is at most the goal, or null. */
  | { readonly kind: 'over'; readonly step: number | null; readonly budget: 'numbers' | 'steps' }
  /** Listed without a place; `disagrees`: its file's claim differs from the run of its link. */
  | { readonly kind: 'unplaced'; readonly why: string; readonly disagrees: boolean }
  | { readonly kind: 'waiting' }
);

const ORDER: readonly ClassStanding['kind'][] = ['reached', 'missed', 'diverged', 'over', 'unplaced', 'waiting'];

/**
 * All runs of a wall, best first. First those within the budget that reached the goal, by the first step with error ≤
 * goal, then by final error; equal ones share a place. Then those that missed it, by error; then those over the budget.
 * The rest keep the order of arrival. Without a goal no run has reached it.
 */
export function standingsOf(
  entries: readonly ClassEntry[],
  reference: Reference,
  goal: Goal | null,
): readonly ClassStanding[] {
  const sorted = entries.map((entry) => standingOf(entry, reference, goal)).sort(compare);
  let place = 0;
  let last: ClassStanding | null = null;
  return sorted.map((standing, i) => {
    if (standing.kind !== 'reached') return standing;
    if (last?.kind !== 'reached' || last.step !== standing.step || last.error !== standing.error) place = i + 1;
    last = standing;
    return { ...standing, place };
  });
}

/** Whether a run can be trained for this wall: it has the wall's target, whose data are available. */
export function isComparable({ experiment }: ClassEntry, reference: Reference): boolean {
  return targetMismatch(reference, experiment) === null;
}

function standingOf(entry: ClassEntry, reference: Reference, goal: Goal | null): ClassStanding {
  const { experiment, result } = entry;
  const numbers = trainedParameters(experiment);
  const unplaced = (why: string, error: number | null = null, disagrees = false): ClassStanding => ({
    ...{ kind: 'unplaced', entry, numbers, error, why, disagrees },
  });
  const elsewhere = targetMismatch(reference, experiment);
  if (elsewhere) return unplaced(elsewhere);
  if (!result) return { kind: 'waiting', entry, numbers, error: null };
  if ('why' in result) return unplaced(result.why);
  const { status } = result;
  const errors = errorsOf(result);
  if (!errors) return unplaced('its error is not known: this target has no ΔW*');
  const last = Math.min(errors.length - 1, goal?.steps ?? errors.length);
  const end = errors[last] ?? Number.NaN;
  const error = Number.isFinite(end) ? end : null;
  const kept = changedLock(reference, experiment) ?? changed(entry);
  if (kept) return unplaced(kept, error);
  const claims = disagreement(entry, result);
  if (claims) return unplaced(claims, error, true);
  if (!goal) {
    if (status === 'diverged') return { kind: 'diverged', entry, numbers, error, step: errors.length - 1 };
    return { kind: 'missed', entry, numbers, error };
  }
  const verdict = judgeGoal(goal, { errors, numbers });
  if (verdict.kind === 'over') {
    const step = errors.findIndex((value) => value <= goal.error);
    return { kind: 'over', entry, numbers, error, step: step < 0 ? null : step, budget: verdict.budget };
  }
  if (status === 'diverged') return { kind: 'diverged', entry, numbers, error, step: errors.length - 1 };
  if (verdict.kind === 'missed') return { kind: 'missed', entry, numbers, error };
  return { kind: 'reached', entry, numbers, error, step: verdict.step, place: 0 };
}

/** A run whose settings were changed during training is not the run of any link, unless only steps were added. */
function changed({ claim }: ClassEntry): string | null {
  const change = claim?.changes.find(({ key }) => key !== 'steps');
  return change ? `${param(change.key).label} was changed at step ${change.step}; its link gives another run` : null;
}

/** Relative: rounding differs between back ends and with fused multiply-add, and Adam amplifies it at the floor. */
const OTHER_ROUNDING = 0.25;
/** Relative: the same loops give the same bits on any machine. */
const SAME_BITS = 1e-4;
/** Absolute: smaller differences of relative errors are rounding. */
const ROUNDING = 1e-5;
/** Back ends whose numbers agree on all devices of one name, which states how they round. */
const EXACT: readonly string[] = ['wasm', 'cpu'];

const sameBits = (a: RunDevice, b: RunDevice) =>
  EXACT.includes(a.backend) && a.backend === b.backend && a.device === b.device;
type RunDevice = Pick<Computed, 'backend' | 'device'>;

/** How a file differs from the run of its link, up to the shorter of both; null if they agree. */
function disagreement({ claim }: Pick<ClassEntry, 'claim'>, result: RunRecord): string | null {
  const [claimed, given] = [claim && errorsOf(claim), errorsOf(result)];
  if (!claim || !claimed || !given) return null;
  const diverged = result.status === 'diverged';
  if ((claim.status === 'diverged') !== diverged && claimed.length >= given.length)
    return diverged
      ? `claims ${number(claimed.at(-1) ?? Number.NaN)}; its link diverges at step ${lastStep(result)}`
      : `claims to diverge; its link gives ${number(given.at(-1) ?? Number.NaN)}`;
  if (diverged) return null;
  const common = Math.min(claimed.length, given.length);
  const exact = sameBits(claim.computed[0], result.computed[0]);
  const [said, got] = [claimed, given].map((errors) => {
    const known = errors.subarray(0, common);
    return { end: known.at(-1) ?? Number.NaN, min: known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) };
  }) as [ErrorEnds, ErrorEnds];
  // With other rounding the end may jitter; the minimum of the errors does so less.
  if (exact && !agree(said.end, got.end, SAME_BITS))
    return `claims ${number(said.end)}; its link gives ${number(got.end)}`;
  if (agree(said.min, got.min, exact ? SAME_BITS : OTHER_ROUNDING)) return null;
  return `claims ${number(said.min)}; its link gives ${number(got.min)}`;
}

interface ErrorEnds {
  readonly end: number;
  readonly min: number;
}

const agree = (a: number, b: number, share: number) =>
  Math.abs(a - b) <= Math.max(ROUNDING, share * Math.max(Math.abs(a), Math.abs(b)));

/** A total order: runs equal in all else keep the order of arrival. */
function compare(a: ClassStanding, b: ClassStanding): number {
  const group = ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
  if (group !== 0) return group;
  for (const [i, mine] of keys(a).entries()) {
    const its = keys(b)[i] ?? 0;
    if (mine !== its) return mine < its ? -1 : 1;
  }
  return a.entry.id - b.entry.id;
}

/** Sort keys within a group; unknown values come last. */
function keys(standing: ClassStanding): readonly number[] {
  const error = standing.error ?? Number.POSITIVE_INFINITY;
  switch (standing.kind) {
    case 'reached':
      return [standing.step, error];
    case 'missed':
      return [error];
    case 'over':
      return [standing.numbers, standing.step ?? Number.POSITIVE_INFINITY, error];
    default:
      return [];
  }
}

/** Names of a wall by id: as given, or "run 3" if there is none, or for all if names are hidden. */
export function namesOf(entries: readonly ClassEntry[], hidden: boolean): ReadonlyMap<number, string> {
  return new Map(entries.map(({ id, name }) => [id, hidden || name === '' ? `run ${id}` : name]));
}

/** Further names of a sentence are only counted. */
const MOST_NAMES = 4;

const some = (names: readonly string[]) =>
  listed(
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`] : names,
  );

const MOST = 4;

/** "Mei and Yuki have the same s, rate and seed, so theirs is the same run.", one per run handed in more than once. */
export function sameRuns(entries: readonly ClassEntry[], names: ReadonlyMap<number, string>): readonly string[] {
  const groups: ClassEntry[][] = [];
  for (const entry of entries) {
    if (!errorsIn(entry)) continue;
    const same = groups.find(([first]) => first && isSame(first, entry));
    if (same) same.push(entry);
    else groups.push([entry]);
  }
  const more = groups.filter(({ length }) => length > 1);
  const said = more.slice(0, MOST).map((group) => {
    const settings = new Set(group.map(({ experiment }) => settingsLink(withAutoRate(experiment))));
    const what = settings.size === 1 ? 'settings' : 's, rate and seed';
    return `${some(group.map(({ id }) => names.get(id) ?? ''))} have the same ${what}, so theirs is the same run.`;
  });
  return more.length > MOST ? [...said, `${plural(more.length - MOST, 'more group')} handed in the same run.`] : said;
}

const errorsIn = (entry: ClassEntry) => {
  const trained = trainedOf(entry);
  return trained && errorsOf(trained);
};

function isSame(a: ClassEntry, b: ClassEntry): boolean {
  const [x, y] = [errorsIn(a), errorsIn(b)];
  return x !== null && y !== null && x.length === y.length && x.every((error, i) => Object.is(error, y[i]));
}

/** "2 left out: holiday.jpg is not a run file; …": the first `max`. */
export function omissionText(left: readonly Omission[], max: number): string {
  const said = left.slice(0, max).map(({ what, why }) => `${what} ${why}`);
  return `${said.join('; ')}${left.length > max ? '; …' : '.'}`;
}

const STANDS: { readonly [kind in ClassStanding['kind']]: string } = {
  reached: 'reached',
  missed: 'not reached',
  diverged: 'diverged',
  over: 'over the budget',
  unplaced: 'without a place',
  waiting: 'not trained yet',
};

/** The wall as a table, a row per run in the order of the standings; numbers keep all their digits. */
export function classTable(standings: readonly ClassStanding[], names: ReadonlyMap<number, string>, hidden: boolean) {
  return {
    columns: COLUMNS.map(([name]) => name),
    rows: standings.map((standing) => COLUMNS.map(([, cell]) => cell(standing, names, hidden))),
  };
}

type CellOf = (standing: ClassStanding, names: ReadonlyMap<number, string>, hidden: boolean) => string | number | null;

const setting =
  (key: 'rank' | 'opt' | 'ratio' | 'alpha' | 'scaling' | 'init' | 'seed' | 'steps'): CellOf =>
  ({ entry }) =>
    entry.experiment[key];

/** s of the run that was trained here. */
export function scalingIn({ entry }: ClassStanding): number | null {
  const trained = trainedOf(entry);
  return trained && scalingAt(trained);
}

const COLUMNS: readonly (readonly [name: string, cell: CellOf])[] = [
  ['place', (one) => (one.kind === 'reached' ? one.place : null)],
  ['name', ({ entry }, names) => names.get(entry.id) ?? ''],
  ['standing', ({ kind }) => STANDS[kind]],
  ['reached at step', goalStep],
  ['error at the last step allowed', ({ error }) => error],
  ['error that the file claims at its end', ({ entry: { claim } }) => claim && errorAtEnd(claim)],
  ['rank', setting('rank')],
  ['trained numbers', ({ numbers }) => numbers],
  ['share of dk', ({ entry }) => countsOf(adapterOf(entry.experiment)).share],
  ['optimiser', setting('opt')],
  ['rate', ({ entry }) => trainedOf(entry)?.rate ?? entry.experiment.lr],
  ['lambda', setting('ratio')],
  ['s', scalingIn],
  ['alpha', setting('alpha')],
  ['scaling', setting('scaling')],
  ['initialisation', setting('init')],
  ['seed', setting('seed')],
  ['steps', setting('steps')],
  ['why without a place', (one) => (one.kind === 'unplaced' ? one.why : null)],
  // The link contains the name.
  ['link', ({ entry }, _, hidden) => (hidden ? null : entry.link)],
];
