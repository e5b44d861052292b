import { errorsOf } from '../../experiment/run-file/run-record.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import type { View } from '../../experiment/settings/view.ts';
import type { HandInEntry, Omission } from '../model/entry.ts';
import type { ClassEntry } from '../model/standings.ts';

/** The runs of a class beside each other, as data; what they are measured by stands in experiment and view. */
export interface Wall {
  readonly entries: readonly ClassEntry[];
  /** The highest number that an entry had: none is used twice. */
  readonly lastId: number;
  /** What was dropped or pasted and is not on the wall. */
  readonly left: readonly Omission[];
  /** How many files were dropped, and links pasted. */
  readonly files: number;
  readonly links: number;
  /** Who says which target and locks count: the link of the wall, or the run that came first; null: nobody yet. */
  readonly decides: 'link' | { readonly first: string } | null;
  /** True where runs are numbered, not named. */
  readonly hidden: boolean;
  /** True while it is shown large, for a projector. */
  readonly presents: boolean;
  /** Runs that were taken off last: Undo puts them back. */
  readonly removed: readonly ClassEntry[];
  /** Milliseconds that training has taken so far. */
  readonly spent: number;
}

export const NO_WALL: Wall = {
  entries: [],
  lastId: 0,
  left: [],
  files: 0,
  links: 0,
  decides: null,
  hidden: false,
  presents: false,
  removed: [],
  spent: 0,
};

/** The wall of a lab; before anything is on it, a class link decides what counts. */
export function wallOf({ wall, view }: { readonly wall: Wall | null; readonly view: View }): Wall {
  return wall ?? { ...NO_WALL, decides: isExercise(view) ? 'link' : null };
}

/** What a person asks of the wall that has a side effect outside the state. */
export type WallOrder =
  | 'pick'
  | { readonly add: readonly File[] }
  | { readonly paste: string }
  /** Several files were dropped on the lab: what is to be done with them? Then the answer. */
  | { readonly ask: readonly File[] }
  | { readonly show: readonly File[] }
  | { readonly pin: readonly File[] }
  /** Takes target and locks from a run, and so the wall's own settings. */
  | { readonly follow: number }
  | { readonly table: string };

const MOST_RUNS = 60;

/** Whether two runs say the same of themselves. */
const isSameClaim = ({ claim: a }: HandInEntry, { claim: b }: HandInEntry) =>
  JSON.stringify(said(a)) === JSON.stringify(said(b));
const said = (claim: HandInEntry['claim']) =>
  claim && [claim.status, claim.computed, claim.changes, [...(errorsOf(claim) ?? [])]];

const keyOf = ({ name, link }: HandInEntry) => `${name}\n${link}`;

/**
 * A wall with what was read; what there is no room for, or what is there already, is left out. A run takes the place of one
 * that is there and stands `unplaced`, by its number: what was wrong with its file need not be with this one. Beside one
 * that has not been trained yet it stands too where it claims something else: nobody knows yet which of them is true.
 */
export function withHandIns(
  wall: Wall,
  runs: readonly HandInEntry[],
  left: readonly Omission[],
  unplaced: ReadonlySet<number> = new Set(),
): Pick<Wall, 'entries' | 'lastId' | 'left'> {
  const entries = [...wall.entries];
  const out = [...wall.left, ...left];
  let { lastId } = wall;
  for (const run of runs) {
    const what = run.name || 'A run without a name';
    // Two runs without a name may well be of two people.
    const key = keyOf(run);
    const same = run.name === '' ? [] : entries.filter((entry) => keyOf(entry) === key);
    const bad = same.find(({ id }) => unplaced.has(id));
    if (same.some((entry) => !unplaced.has(entry.id) && (entry.result || isSameClaim(entry, run))))
      out.push({ what, why: 'is on the wall already, with the same settings' });
    else if (bad) entries[entries.indexOf(bad)] = { ...run, id: ++lastId, result: null };
    else if (entries.length >= MOST_RUNS) out.push({ what, why: `has no room: the wall holds ${MOST_RUNS} runs` });
    else entries.push({ ...run, id: ++lastId, result: null });
  }
  return { entries, lastId, left: out };
}
