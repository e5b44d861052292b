import { createContext, use, useCallback, useEffect, useRef } from 'react';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type LessonValue, useLessonValue } from './values.tsx';

export interface LessonFactors {
  readonly A: Float32Array;
  readonly B: Float32Array;
}

export interface LessonRun extends LessonFactors {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  readonly error: number;
  /** Its way to the end; null unless steps to observe were named. */
  readonly course: LessonCourse | null;
}

/** A run that has diverged ends early. */
export interface LessonCourse {
  readonly status: 'finished' | 'converged' | 'diverged';
  /** The rate that was used. */
  readonly rate: number;
  /** The relative error before each step, and at the end. */
  readonly errors: Float64Array;
  /** At the observed steps that were made, and at the end. */
  readonly factors: readonly LessonFactors[];
  /** ΔW*, d × k. */
  readonly target: Float32Array;
}

/**
 * Trains an experiment to its end in the background; resolves with null if that is not possible or was cancelled.
 * `observe`: steps whose factors are wanted, ascending, at most 100.
 */
export type BackgroundTraining = (
  experiment: Experiment,
  observe?: readonly number[],
) => {
  readonly done: Promise<LessonRun | null>;
  readonly cancel: () => void;
};

const TrainingContext = createContext<BackgroundTraining | null>(null);

/** Without it, as on paper, nothing trains. */
export const BackgroundTrainingProvider = TrainingContext.Provider;

/** The runs that a lesson has requested, in its order; null: not there. */
export interface LessonRuns {
  readonly runs: readonly (LessonRun | null)[];
  readonly going: boolean;
  /** Drops what has not ended; what has ended stays. */
  readonly cancel: () => void;
}

export const NO_LESSON_RUNS: LessonRuns = { runs: [], going: false, cancel: () => {} };

/** Trains in the background and keeps the results in a lesson value; `start` is null if nothing can train. */
export function useTraining(value: LessonValue<LessonRuns>) {
  const train = use(TrainingContext);
  const [now, set] = useLessonValue(value);
  const start = useCallback(
    (experiments: readonly Experiment[], observe?: readonly number[]) => {
      if (!train) return;
      let [runs, left] = [experiments.map((): LessonRun | null => null), experiments.length];
      const begun = experiments.map((one) => train(one, observe));
      const cancel = () => {
        for (const one of begun) one.cancel();
      };
      set({ runs, going: left > 0, cancel });
      for (const [i, { done }] of begun.entries())
        void done.then((run) => {
          runs = runs.with(i, run);
          left -= 1;
          set({ runs, going: left > 0, cancel });
        });
    },
    [train, set],
  );
  return { ...now, start: train ? start : null };
}

/** The same, begun when it is first seen. `experiments` and `observe` are constants. */
export function useLiveRuns(
  value: LessonValue<LessonRuns>,
  experiments: readonly Experiment[],
  observe?: readonly number[],
): readonly (LessonRun | null)[] {
  const { runs, start } = useTraining(value);
  const begun = useRef('');
  const none = runs.length === 0;
  useEffect(() => {
    if (!none || begun.current === value.name) return;
    begun.current = value.name;
    start?.(experiments, observe);
  }, [none, start, value, experiments, observe]);
  return none ? experiments.map(() => null) : runs;
}
