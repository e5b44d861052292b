import { writeAnswers } from '../../experiment/plan/answers.ts';
import { errorsOf } from '../../experiment/run-file/run-record.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { View } from '../../experiment/settings/view.ts';
import type { ReadyDrawing } from '../../experiment/targets/factored-matrix.ts';
import type { ClassHand, HandReadings } from '../model/class-hands.ts';
import type { HandInEntry, Omission } from '../model/entry.ts';
import type { TrainedOnAll } from '../model/hand-words.ts';
import type { ClassEntry } from '../model/standings.ts';

/** The runs of a class, as data; target, locks and goal are in experiment and view. */
export interface Wall {
  readonly entries: readonly ClassEntry[];
  /** Adapters to the handwriting of the class. */
  readonly hands: readonly ClassHand[];
  /** Null until all are measured; those of other hands count for nothing. */
  readonly readings: HandReadings | null;
  readonly trainedOnAll: TrainedOnAll;
  /** Highest id ever used: none is used twice. */
  readonly lastId: number;
  readonly left: readonly Omission[];
  /** Numbers of dropped files and of pasted links. */
  readonly files: number;
  readonly links: number;
  /** Source of target and locks: the link of the wall, or the first run; null if undecided. */
  readonly decides: 'link' | { readonly first: string } | null;
  readonly hidden: boolean;
  readonly presents: boolean;
  readonly removed: readonly ClassEntry[];
  readonly removedHand: ClassHand | null;
  /** A class with invented names in the place of the teacher's own; null: a real one. */
  readonly example: ExampleClass | null;
  /** Milliseconds of training so far. */
  readonly spent: number;
}

interface ExampleClass {
  /** Hand-ins yet to come, while they are played one by one. */
  readonly waits: readonly ClassEntry[];
  /** The hands that it will have while their adapters are trained, 0 from then on; left out: it is a class of runs. */
  readonly hands?: number;
  /** The lab and its own wall, to which the way out leads. */
  readonly before: {
    readonly wall: Wall | null;
    readonly experiment: Experiment;
    readonly view: View;
    readonly drawing: ReadyDrawing | null;
  };
}

export const NO_WALL: Wall = {
  entries: [],
  hands: [],
  readings: null,
  trainedOnAll: null,
  lastId: 0,
  left: [],
  files: 0,
  links: 0,
  decides: null,
  hidden: false,
  presents: false,
  removed: [],
  removedHand: null,
  example: null,
  spent: 0,
};

/** The wall of a lab; while it is empty, a class link decides what counts. */
export function wallOf({ wall, view }: { readonly wall: Wall | null; readonly view: View }): Wall {
  return wall ?? { ...NO_WALL, decides: isExercise(view) ? 'link' : null };
}

/** Requests to the wall with side effects outside the state. */
export type WallOrder =
  | 'pick'
  /** Opens the example class; leaves it for the lab and the wall before it. */
  | 'rehearse'
  | 'rehearse-hands'
  | 'leave'
  | { readonly add: readonly File[] }
  | { readonly paste: string }
  /** Several files were dropped on the lab: the question what to do with them, then the answers. */
  | { readonly ask: readonly File[] }
  | { readonly show: readonly File[] }
  | { readonly pin: readonly File[] }
  /** Adopts target and locks of a run, and so its settings. */
  | { readonly follow: number }
  /** A table to save; `of`: not of the runs. */
  | { readonly table: string; readonly of?: 'answers' | 'hands' | 'hand-matrix' }
  /** A file to hand in that holds an adapter and its drawings. */
  | { readonly handIn: string };

/** An example class before its first hand-in. */
export const emptied = ({ entries, example }: Wall): Partial<Wall> => ({
  entries: [],
  removed: [],
  example: example && { ...example, waits: [...entries, ...example.waits].sort(byId) },
});

/** An example class after the next `n` hand-ins. */
export const afterHandIns =
  (n: number) =>
  ({ entries, example }: Wall): Partial<Wall> => ({
    entries: [...entries, ...(example?.waits.slice(0, n) ?? [])],
    example: example && { ...example, waits: example.waits.slice(n) },
  });

const byId = (a: { readonly id: number }, b: { readonly id: number }) => a.id - b.id;

export const undoRemoval = ({ entries, removed, hands, removedHand }: Wall): Partial<Wall> => ({
  entries: [...entries, ...removed].sort(byId),
  removed: [],
  hands: removedHand ? [...hands, removedHand].sort(byId) : hands,
  removedHand: null,
});

/** The number of hands that are there, or will be once an example class has been trained. */
export const handCount = ({ hands, example }: Wall): number => Math.max(hands.length, example?.hands ?? 0);

const MOST_RUNS = 60;

const isSameClaim = ({ claim: a }: HandInEntry, { claim: b }: HandInEntry) =>
  JSON.stringify(said(a)) === JSON.stringify(said(b));
const said = (claim: HandInEntry['claim']) =>
  claim && [claim.status, claim.computed, claim.changes, [...(errorsOf(claim) ?? [])]];

const keyOf = ({ name, link }: HandInEntry) => `${name}\n${link}`;

/**
 * The wall with new entries, less those that exceed the limit or are there already. A run replaces an `unplaced` one:
 * the fault of that file need not be in this one. Next to an untrained one it is kept if it claims something else,
 * since either may be true.
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
    const twin = same.find((entry) => !unplaced.has(entry.id) && (entry.result || isSameClaim(entry, run)));
    const more = run.answers.length > 0 && writeAnswers(run.answers) !== writeAnswers(twin?.answers ?? []);
    // The same run, handed in again with more answers.
    if (twin && more) entries[entries.indexOf(twin)] = { ...twin, answers: run.answers };
    else if (twin) out.push({ what, why: 'is on the wall already, with the same settings' });
    else if (bad) entries[entries.indexOf(bad)] = { ...run, id: ++lastId, result: null };
    else if (entries.length >= MOST_RUNS) out.push({ what, why: `has no room: the wall holds ${MOST_RUNS} runs` });
    else entries.push({ ...run, id: ++lastId, result: null });
  }
  return { entries, lastId, left: out };
}
