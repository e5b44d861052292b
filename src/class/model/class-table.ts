import { settingsLink } from '../../experiment/link/link.ts';
import { listed, plural } from '../../experiment/numbers.ts';
import { errorAtEnd, errorsOf, scalingAt } from '../../experiment/run-file/run-record.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Omission } from './entry.ts';
import { type ClassEntry, type ClassStanding, goalStep, trainedOf } from './standings.ts';

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
