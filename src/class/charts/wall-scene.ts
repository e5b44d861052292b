import type { Goal } from '../../experiment/plan/goal.ts';
import type { MarginLabel } from '../../kit/chart/picture.ts';

export interface WallRun {
  readonly id: number;
  readonly name: string;
  readonly kind: 'reached' | 'missed' | 'diverged' | 'over';
  /** One of the first few that reached the goal: it is named. */
  readonly first: boolean;
  readonly rank: number;
  /** At its last step within the budget. */
  readonly error: number | null;
  /** First step at which the error is at most the goal; null if none. */
  readonly step: number | null;
  /** Per step, from 0 on. */
  readonly errors: ArrayLike<number>;
}

export interface WallScene {
  readonly runs: readonly WallRun[];
  /** Number of runs that are not trained yet. */
  readonly waiting: number;
  readonly goal: Goal | null;
  /** Least relative error by rank; null if unknown. */
  readonly floors: ArrayLike<number> | null;
  readonly perRank: number;
  readonly pointed: number | null;
}

/** In the place of the marks while there are none. */
export const noRuns = ({ waiting }: WallScene): string =>
  waiting === 0
    ? 'No run has been trained here yet.'
    : `${waiting === 1 ? 'A run is' : `${waiting} runs are`} being trained; each appears here when it ends.`;

export const goalLabel = (at: number, texts: MarginLabel['texts']): MarginLabel => ({
  ...{ key: 'goal label', className: 'ink strong', at, texts },
});

export const runLabel = ({ id, name }: WallRun, className: string, at: number, optional: boolean): MarginLabel => ({
  ...{ key: `name ${id}`, className, at, optional },
  texts: [name],
  more: { 'data-run': id },
});

/** A number of a goal or an axis: 0.05, not 0.0500. */
export const plainNumber = (value: number) => String(Number(value.toPrecision(3)));
