import type { Pool, PoolRun } from '../../engine/bridge/pool.ts';
import { isOwl } from '../../experiment/settings/bounds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { owlExperiments, snapshotSteps } from '../../state/owl/owl.ts';
import type { State, Store } from '../../state/state.ts';
import type { OwlRun } from '../../state/view.ts';

/** Trains the owl of Share my owl at each rank while its panel is open, and drops the runs once it closes. */
export function watchOwl(store: Store, pool: () => Pick<Pool, 'run'>): void {
  let jobs: readonly PoolRun[] = [];
  /** The settings that the runs were derived from. */
  let of: Experiment | null = null;

  const stop = () => {
    for (const { cancel } of jobs) cancel();
    jobs = [];
  };
  const train = ({ experiment, drawing }: State) => {
    stop();
    of = experiment;
    let runs: readonly OwlRun[] = owlExperiments(experiment).map((one) => ({ experiment: one, result: null }));
    store.dispatch({ type: 'owl', owl: runs });
    const begun = runs.map(({ experiment: one }) => {
      const observe = snapshotSteps(one.steps);
      // Somebody waits for them, so they precede the runs of sweeps and pins.
      return pool().run({ experiment: one, drawing, observe, keep: ['snapshots'] }, { priority: 2 });
    });
    jobs = begun;
    for (const [i, { done }] of begun.entries())
      void done.then((result) => {
        if (jobs !== begun) return;
        runs = runs.map((one, j) => (i === j ? { ...one, result } : one));
        store.dispatch({ type: 'owl', owl: runs });
      });
  };
  const follow = (now: State) => {
    if (now.panel?.name === 'share-owl') {
      if (!now.next && now.run.ready && now.experiment !== of && isOwl(now.experiment)) train(now);
    } else if (of) {
      stop();
      of = null;
      store.dispatch({ type: 'owl', owl: null });
    }
  };
  store.react(follow);
  follow(store.state());
}
