import type { PoolJob } from '../engine/bridge/pool.ts';
import type { BackgroundRunRecord } from '../engine/protocol/background-messages.ts';
import { type BackgroundTraining, BackgroundTrainingProvider, type LessonRun } from '../lessons/pane/lesson-runs.tsx';
import LessonPane from '../lessons/pane/pane.tsx';
import type { Store } from '../state/state.ts';
import { pagePool } from './pool.ts';

function lessonRunOf({ kept: [module], summary, points }: BackgroundRunRecord): LessonRun | null {
  const { d, k, rank, factors, scaling, snapshots, target } = module;
  const { relativeError: error, status, rate } = summary;
  if (!factors || error === null) return null;
  const { relativeError: errors } = points.series;
  const course =
    snapshots && target && errors && typeof rate === 'number'
      ? { status, rate, errors, factors: snapshots, target }
      : null;
  return { d, k, rank, ...factors, scaling, error, course };
}

/** The open lesson, with the page's pool for the runs that it shows in addition to the lab. */
export function lessonPart(store: Store) {
  const train: BackgroundTraining = (experiment, observe) => {
    const drawing = store.state().drawings.get(experiment.data) ?? null;
    // It is visible, so it precedes the cells of a sweep.
    const job: PoolJob = observe
      ? { experiment, drawing, keep: ['factors', 'snapshots', 'target'], observe }
      : { experiment, drawing, keep: ['factors'] };
    const run = pagePool(store).run(job, { priority: 1 });
    const done = run.done.then((result) => ('why' in result ? null : lessonRunOf(result)));
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
