import type { UpdateSize } from '../../experiment/run-file/run-record.ts';

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
