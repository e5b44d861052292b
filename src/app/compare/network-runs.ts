import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { wholeUpdate } from '../../experiment/settings/counts.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { frobenius } from '../../math/matrix.ts';
import { MAX_CELLS, reduce } from '../../math/plane.ts';
import { pathExperiment, pathsOf, sameTask, taskKey } from '../../state/run/path-runs.ts';
import type { PathRun } from '../../state/run/paths.ts';
import { type FullRun, isComplete } from '../../state/run/run.ts';
import { badTrainingNotice } from '../../state/run/trains-badly.ts';
import type { State } from '../../state/state.ts';
import type { Store } from '../../state/store.ts';
import { pagePool, recordOf } from '../pool.ts';
import { observedSteps } from './compare.ts';

/** Seconds. A longer run is not slowed down by the one beside it, which then comes after it. */
const SHORT = 1;
/** Measured steps of full fine-tuning beside a longer run: to read the held-out sequences takes as long as ten steps. */
const FEW = 20;

/** Trains full fine-tuning beside each network of the lab, once for all its adapters. */
export function watchFullRuns(store: Store): void {
  const found = new Map<string, Promise<FullRun | null>>();
  let hand: RunRecord['hand'] = null;

  const train = async (experiment: Experiment, points?: number): Promise<FullRun | null> => {
    const observe = observedSteps(experiment.steps, points);
    const result = await pagePool(store).run({ experiment, drawing: null, hand, observe, keep: ['factors', 'cuts'] })
      .done;
    if ('why' in result) return null;
    const record = recordOf(result, experiment);
    const last = record.frames.at(-1)?.modules ?? [];
    const modules = record.modules.map(({ name, d, k }, i) => {
      const { A, B, spectrum } = last[i];
      const values = wholeUpdate({ A, B }, d, k);
      return {
        name,
        wanted: {
          matrix: values,
          plane: reduce(values, d, k, MAX_CELLS),
          norm: frobenius({ rows: d, cols: k, data: values }),
          spectrum: spectrum ?? new Float64Array(),
          known: { how: 'computed' as const, error: 1e-6 },
          floorAtRank: null,
        },
      };
    });
    return { record, modules, cuts: result.cuts ?? [] };
  };

  const follow = (now: State, points?: number) => {
    const { run } = now;
    if (!run.ready?.network || run.full || run.experiment.method === 'full') return;
    if (run.hand !== hand) found.clear();
    hand = run.hand;
    const key = taskKey(run);
    const full = found.get(key) ?? train(pathExperiment(sameTask(run.experiment), { rank: null, rate: null }), points);
    found.set(key, full);
    void full.then((full) => {
      if (full && store.state().run.number === run.number) store.dispatch({ type: 'full', run: run.number, full });
    });
  };
  let seen = -1;
  const once = (now: State) => {
    const { run } = now;
    if (run.number === seen || !run.ready) return;
    const quick = run.secondsPerStep * run.experiment.steps < SHORT;
    if (!quick && !isComplete(run) && !found.has(taskKey(run))) return;
    seen = run.number;
    follow(now, quick ? undefined : FEW);
  };
  store.react((now, before) => {
    once(now);
    const { run } = now;
    const ended = isComplete(run) && !(before.run.number === run.number && isComplete(before.run));
    const compared = isComplete(run) && run.full !== null && before.run.full !== run.full;
    const bad = ended || compared ? badTrainingNotice(now) : null;
    if (bad) store.dispatch({ type: 'notice', notice: bad });
  });
  once(store.state());
}

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
