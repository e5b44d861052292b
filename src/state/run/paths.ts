import { cached } from '../../experiment/layer/cached.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import type { RunRecord, UpdateSize } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

/** A run beside the one on screen. */
export interface PathRun {
  /** Null: full fine-tuning. */
  readonly rank: number | null;
  /** Null: automatic. */
  readonly rate: number | null;
}

export interface PathEnd extends PathRun {
  /** Shares of right answers at its last step; null: it failed or diverged. */
  readonly answers: { readonly accuracy: number; readonly old: number } | null;
  /** Of each matrix; empty if it failed or diverged. */
  readonly updates: readonly UpdateSize[];
}

export interface Paths {
  readonly ends: readonly PathEnd[];
  /** Requested, and not trained yet. */
  readonly waiting: readonly PathRun[];
}

export interface PathsEvent {
  readonly type: 'paths';
  /** The task that all of them share. */
  readonly of: string;
  /** Runs that are requested, in the place of those before; or one that has ended. */
  readonly waiting?: readonly PathRun[];
  readonly end?: PathEnd;
}

export const NO_PATHS: Paths = { ends: [], waiting: [] };

export const isSameRun = (a: PathRun, b: PathRun) => a.rank === b.rank && a.rate === b.rate;

export function updatePaths(
  paths: ReadonlyMap<string, Paths>,
  { of, waiting: asked, end }: PathsEvent,
): ReadonlyMap<string, Paths> {
  const { ends, waiting } = paths.get(of) ?? NO_PATHS;
  const now = { ends, waiting: asked ?? waiting };
  if (!end) return new Map(paths).set(of, now);
  const others = (run: PathRun) => !isSameRun(run, end);
  return new Map(paths).set(of, { ends: [...ends.filter(others), end], waiting: now.waiting.filter(others) });
}

/** A finished run, or why it cannot be trained. */
export type ClinicEnd = RunRecord | { readonly why: string };

/** Runs of the clinic, each by its complaint and its key there: "flat/symptom". */
export interface Clinic {
  /** Requested, and not trained yet; in the order of work. */
  readonly waiting: readonly string[];
  /** Those of the complaint seen last at the end. */
  readonly ends: ReadonlyMap<string, ClinicEnd>;
  /** The complaint whose remedy is switched on; empty: none. */
  readonly cured: string;
}

export interface ClinicEvent {
  readonly type: 'clinic';
  readonly clinic: Clinic;
}

/** Runs that compare settings: each at several rates or sizes, over several seeds. */
export interface Fights {
  /** Requested, and not trained yet. */
  readonly waiting: readonly Experiment[];
  /** The relative error of each run at its end, by its settings: infinite if it diverged, null if it failed. */
  readonly ends: ReadonlyMap<string, number | null>;
}

export interface FightsEvent {
  readonly type: 'fights';
  /** Runs that are requested, in the place of those before; or one that has ended. */
  readonly waiting?: readonly Experiment[];
  readonly end?: { readonly experiment: Experiment; readonly error: number | null };
}

export const NO_FIGHTS: Fights = { waiting: [], ends: new Map() };

/** The key of a run, once for each object: hundreds of runs are looked up whenever one has ended. */
export const fightKey = cached((e: Experiment): string => settingsLink(e));

export function updateFights({ waiting, ends }: Fights, { waiting: asked, end }: FightsEvent): Fights {
  const now = asked ?? waiting;
  if (!end) return { waiting: now.filter((e) => !ends.has(fightKey(e))), ends };
  const key = fightKey(end.experiment);
  return { waiting: now.filter((e) => fightKey(e) !== key), ends: new Map(ends).set(key, end.error) };
}
