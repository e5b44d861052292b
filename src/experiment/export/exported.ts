import type { Matrix32 } from '../../math/matrix.ts';
import { inits } from '../inits/index.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf } from '../settings/scaling.ts';
import type { Change } from '../settings/tuned.ts';

/** A and B of a weight, r × k and d × r. */
export interface ExportFactors {
  readonly A: Matrix32;
  readonly B: Matrix32;
}

/** An adapted weight as it is taken elsewhere. */
export interface ExportedModule {
  readonly name: string;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly initial: ExportFactors;
  readonly final: ExportFactors;
}

/** What of a run is taken elsewhere. */
export interface ExportedRun {
  /** Version of the page. */
  readonly app: string;
  /** The address that opens the run. */
  readonly link: string;
  /** At step 0; later changes are in `changes`. */
  readonly experiment: Experiment;
  /** The learning rate at step 0. */
  readonly rate: number;
  readonly changes: readonly Change[];
  readonly modules: readonly ExportedModule[];
  /** The page's losses, one a step from step 0 on. */
  readonly losses: ArrayLike<number>;
  /** ‖ΔW − ΔW*‖/‖ΔW*‖ at the last step; null where ΔW* is not known. */
  readonly error: number | null;
  /** Of an exercise: what students are told, in the words of who made it; each may be empty. */
  readonly exercise?: { readonly title: string; readonly task: string; readonly goal: string };
}

/** A matrix of these numbers, row by row. */
export const matrixOf = (rows: number, cols: number, data: Float32Array): Matrix32 => ({ rows, cols, data });

/** Steps made. */
export const stepsMade = ({ losses }: Pick<ExportedRun, 'losses'>): number => Math.max(0, losses.length - 1);

/** The settings at the end of the run, the changes made during it included. */
export function finalSettings({ experiment, changes }: Pick<ExportedRun, 'experiment' | 'changes'>): Experiment {
  return { ...experiment, ...Object.fromEntries(changes.map(({ key, value }) => [key, value])) };
}

/** s of the initial and of the final adapter. */
export function scalings(run: Pick<ExportedRun, 'experiment' | 'changes'>): { initial: number; final: number } {
  return { initial: scalingOf(run.experiment), final: scalingOf(finalSettings(run)) };
}

/** Whether the initialisation has moved a part of W₀ into the adapter. */
export const moves = ({ experiment }: Pick<ExportedRun, 'experiment'>): boolean =>
  inits.byName(experiment.init).moves === true;
