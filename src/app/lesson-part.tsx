import { type BackgroundTraining, BackgroundTrainingProvider, type LessonRun } from '../lessons/pane/lesson-runs.tsx';
import LessonPane from '../lessons/pane/pane.tsx';
import type { Store } from '../state/store.ts';
import { pagePool } from './pool.ts';

/** The open lesson, with the page's pool for the runs that it shows in addition to the lab. */
export function lessonPart(store: Store) {
  const train: BackgroundTraining = (experiment) => {
    const drawing = store.state().drawings.get(experiment.data) ?? null;
    // It is visible, so it precedes the cells of a sweep.
    const run = pagePool(store).run({ experiment, drawing, keep: ['factors'] }, { priority: 1 });
    const done = run.done.then((result): LessonRun | null => {
      if ('why' in result) return null;
      const [{ d, k, rank, factors, scaling }] = result.kept;
      const { relativeError } = result.summary;
      return factors && relativeError !== null ? { d, k, rank, ...factors, scaling, error: relativeError } : null;
    });
    return { done, cancel: run.cancel };
  };
  return function Lesson() {
    return (
      <BackgroundTrainingProvider value={train}>
        <LessonPane />
      </BackgroundTrainingProvider>
    );
  };
}
