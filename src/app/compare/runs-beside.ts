import type { PoolJob, PoolResult } from '../../engine/bridge/pool.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { wholeUpdate } from '../../experiment/settings/counts.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { frobenius } from '../../math/matrix.ts';
import { MAX_CELLS, reduce } from '../../math/plane.ts';
import type { PageEvent } from '../../state/events.ts';
import { pathExperiment, pathsOf, sameTask, taskKey } from '../../state/run/path-runs.ts';
import { type FullRun, isComplete, type PathRun } from '../../state/run/run.ts';
import { badTrainingNotice } from '../../state/run/trains-badly.ts';
import type { State, Store } from '../../state/state.ts';
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

type RunFault = Extract<PoolResult, { readonly why: string }>;

interface WaitingRuns<Run> {
  readonly waiting: (now: State) => readonly Run[];
  readonly changed: (now: State, before: State) => boolean;
  readonly job: (run: Run, now: State) => PoolJob | Promise<PoolJob | null>;
  readonly priority: number;
  readonly ended: (run: Run, result: PoolResult, from: State) => PageEvent;
}

/** Trains runs that wait; one that no longer waits is stopped. */
export function trainWaiting<Run>(store: Store, { waiting, changed, job, priority, ended }: WaitingRuns<Run>): void {
  const going = new Map<Run, () => void>();
  const start = async (run: Run, now: State) => {
    let stopped = false;
    going.set(run, () => {
      stopped = true;
    });
    const made = await jobOrFault(() => job(run, now));
    if (stopped || !made) return;
    if ('why' in made) {
      if (going.delete(run)) store.dispatch(ended(run, made, now));
      return;
    }
    const { done, cancel } = pagePool(store).run(made, { priority });
    going.set(run, cancel);
    const result = await done;
    if (going.delete(run)) store.dispatch(ended(run, result, now));
  };
  const follow = (now: State) => {
    const runs = waiting(now);
    for (const [run, cancel] of going) {
      if (runs.includes(run)) continue;
      going.delete(run);
      cancel();
    }
    for (const run of runs) if (!going.has(run)) void start(run, now);
  };
  store.react((now, before) => {
    if (changed(now, before)) follow(now);
  });
  follow(store.state());
}

/** A job that cannot be made ends its run as a broken worker does. */
async function jobOrFault(make: () => PoolJob | Promise<PoolJob | null>): Promise<PoolJob | RunFault | null> {
  try {
    return await make();
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? error.message : String(error) };
  }
}

/** Trains the runs of the paths that wait, of the task on screen only: others continue when it is back. */
export function watchPaths(store: Store): void {
  trainWaiting<PathRun>(store, {
    waiting: (now) => (now.run.ready?.network ? pathsOf(now).waiting : []),
    changed: (now, before) =>
      now.paths !== before.paths || now.run.number !== before.run.number || now.run.ready !== before.run.ready,
    job: (run, { run: live }) => {
      const experiment = pathExperiment(sameTask(live.experiment), run);
      return { experiment, drawing: null, hand: live.hand, keep: ['updates'] };
    },
    priority: -1,
    ended: (run, result, from) => {
      const ended = 'why' in result || result.summary.status === 'diverged' ? null : result;
      const { accuracy, oldAccuracy: old } = ended?.summary.losses ?? {};
      const answers = accuracy === undefined || old === undefined ? null : { accuracy, old };
      return { type: 'paths', of: taskKey(from.run), end: { ...run, answers, updates: ended?.updates ?? [] } };
    },
  });
}

const isFightShown = ({ view, panel }: State): boolean => view.view === 'which' || panel?.name === 'fight';

/** Trains the runs of a fair fight while it is on screen, on the map of adapters or in its panel. */
export function watchFights(store: Store): void {
  trainWaiting<Experiment>(store, {
    waiting: (now) => (isFightShown(now) ? now.fights.waiting : []),
    changed: (now, before) => now.fights !== before.fights || isFightShown(now) !== isFightShown(before),
    job: (experiment, { drawing }) => ({ experiment, drawing }),
    priority: 1,
    ended: (experiment, result) => {
      const summary = 'why' in result ? null : result.summary;
      const error = summary?.status === 'diverged' ? Number.POSITIVE_INFINITY : (summary?.relativeError ?? null);
      return { type: 'fights', end: { experiment, error } };
    },
  });
}
