import type { Goal } from '../../experiment/plan/goal.ts';

/** A run of a class as its charts draw it. */
export interface WallRun {
  readonly id: number;
  readonly name: string;
  readonly kind: 'reached' | 'missed' | 'diverged' | 'over';
  /** True for the first few of those that reached the goal: they are named. */
  readonly first: boolean;
  readonly rank: number;
  /** At its last step within the budget. */
  readonly error: number | null;
  /** Where the error came down to the goal; null where it has not. */
  readonly step: number | null;
  /** Of every step from 0 on. */
  readonly errors: ArrayLike<number>;
}

/** The runs of a class, best first. */
export interface WallScene {
  readonly runs: readonly WallRun[];
  readonly goal: Goal | null;
  /** Least relative error by rank; null where it is not known. */
  readonly floors: ArrayLike<number> | null;
  /** Trained numbers of each rank. */
  readonly perRank: number;
  /** The one that is raised. */
  readonly pointed: number | null;
}

/** A number of a goal or an axis: 0.05, not 0.0500. */
export const plainNumber = (value: number) => String(Number(value.toPrecision(3)));
