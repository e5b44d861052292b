import { createContext, use, useCallback } from 'react';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type LessonValue, useLessonValue } from './values.tsx';

export interface LessonRun {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  readonly error: number;
}

/** Trains an experiment to its end in the background; resolves with null if that is not possible or was cancelled. */
export type BackgroundTraining = (experiment: Experiment) => {
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
    (experiments: readonly Experiment[]) => {
      if (!train) return;
      let [runs, left] = [experiments.map((): LessonRun | null => null), experiments.length];
      const begun = experiments.map(train);
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
