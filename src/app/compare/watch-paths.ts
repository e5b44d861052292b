import { pathExperiment, pathsOf, sameTask, taskKey } from '../../state/run/path-runs.ts';
import type { PathRun } from '../../state/run/paths.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { pagePool } from '../pool.ts';

/** Trains the runs of the paths that wait, of the task on screen only: others go on when it is back. */
export function watchPaths(store: Store): void {
  const going = new Map<PathRun, () => void>();

  const train = (run: PathRun, { run: live }: State) => {
    const of = taskKey(live);
    const experiment = pathExperiment(sameTask(live.experiment), run);
    const order = { experiment, drawing: null, hand: live.hand, keep: ['updates'] as const };
    const { done, cancel } = pagePool(store).run(order, { priority: -1 });
    going.set(run, cancel);
    void done.then((result) => {
      if (!going.delete(run)) return;
      const ended = 'why' in result || result.summary.status === 'diverged' ? null : result;
      const { accuracy, oldAccuracy: old } = ended?.summary.losses ?? {};
      const answers = accuracy === undefined || old === undefined ? null : { accuracy, old };
      store.dispatch({ type: 'paths', of, end: { ...run, answers, updates: ended?.updates ?? [] } });
    });
  };
  const follow = (now: State) => {
    const waiting = now.run.ready?.network ? pathsOf(now).waiting : [];
    for (const [run, cancel] of going) {
      if (waiting.includes(run)) continue;
      going.delete(run);
      cancel();
    }
    for (const run of waiting) if (!going.has(run)) train(run, now);
  };
  store.react((now, before) => {
    if (now.paths !== before.paths || now.run.number !== before.run.number || now.run.ready !== before.run.ready)
      follow(now);
  });
  follow(store.state());
}
