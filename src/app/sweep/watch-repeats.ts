import type { PoolRun } from '../../engine/bridge/pool.ts';
import { lastStep, type RunRecord } from '../../experiment/run-file/run-record.ts';
import { diffKeys, isActive, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { sampledSpectra } from '../../state/select.ts';
import type { Store } from '../../state/state.ts';
import type { RepeatedRun, RepeatedRuns } from '../../state/sweep/sweep.ts';
import { pagePool, recordOf } from '../pool.ts';
import { observedSteps, thinCurve } from './stored-sweeps.ts';

const POINTS = 120;

/** Runs the experiment over its seeds on request; stops once the lab has another one. Call once per lab. */
export function watchRepeats(store: Store): void {
  let going: { readonly of: Experiment; readonly runs: readonly PoolRun[] } | null = null;

  const begin = ({ experiment, seeds }: RepeatedRuns) => {
    const { drawing } = store.state();
    const observe = observedSteps(experiment.steps);
    const pool = pagePool(store);
    const data = isActive('data', experiment) ? drawing : null;
    const runs = Array.from({ length: seeds }, (_, i) =>
      pool.run({ experiment: { ...experiment, data: '', seed: experiment.seed + i }, drawing: data, observe }),
    );
    going = { of: experiment, runs };
    const reports = runs.map(async ({ done }, i) => {
      const result = await done;
      if (going?.of !== experiment || 'why' in result) return;
      store.dispatch({
        type: 'sweep',
        sweep: { does: 'repeated', run: repeatedOf(recordOf(result, { ...experiment, seed: experiment.seed + i })) },
      });
    });
    void Promise.all(reports).then(() => {
      if (going?.of !== experiment) return;
      going = null;
      store.dispatch({ type: 'sweep', sweep: { does: 'all-repeated' } });
    });
  };
  const cancel = () => {
    const runs = going?.runs ?? [];
    going = null;
    for (const run of runs) run.cancel();
  };
  const follow = () => {
    const { sweep, experiment } = store.state();
    const { repeated } = sweep;
    if (going && going.of !== repeated?.experiment) cancel();
    if (!repeated) return;
    if (diffKeys(withAutoRate(experiment), withAutoRate(repeated.experiment)).length > 0)
      store.dispatch({ type: 'sweep', sweep: { does: 'unrepeat' } });
    else if (repeated.going && !going && repeated.runs.length === 0) begin(repeated);
  };
  store.react((now, before) => {
    if (now.sweep.repeated !== before.sweep.repeated || now.experiment !== before.experiment) follow();
  });
  follow();
}

function repeatedOf(record: RunRecord): RepeatedRun {
  const { experiment, status, trace, losses, update } = record;
  const { steps, values } = thinCurve(trace.series.relativeError ?? trace.series.loss, lastStep(record), POINTS);
  const at = (list: ArrayLike<number>) => steps.map((step) => list[step] ?? Number.NaN);
  return {
    ...{ seed: experiment.seed, diverged: status === 'diverged' },
    ...{ steps, relativeError: values, losses },
    modules: trace.modules.map(({ gradNormA, gradNormB }, i) => ({
      ...{ gradNormA: at(gradNormA), gradNormB: at(gradNormB) },
      sampled: update?.[i] ?? sampledSpectra(record, i),
    })),
  };
}
