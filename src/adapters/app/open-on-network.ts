import { pagePool, recordOf } from '../../app/pool.ts';
import type { Factors } from '../../engine/steppers/stepper.ts';
import { scaledRows } from '../../experiment/inits/triplets.ts';
import { quote } from '../../experiment/link/faults.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { percent, plural } from '../../experiment/numbers.ts';
import type { RunRecord } from '../../experiment/run-file/run-record.ts';
import { moduleSeries } from '../../experiment/settings/metric.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { adaptedLayers } from '../../experiment/targets/target.ts';
import type { AnyMatrix } from '../../math/matrix.ts';
import { leadingProductSvd } from '../../math/spectral/product-svd.ts';
import { newNotice } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import { addLosses } from '../../state/run/history.ts';
import type { Store } from '../../state/state.ts';

/** A module of a file: B d × r and A r × k without s. */
export interface FileFactors {
  readonly name: string;
  readonly rank: number;
  readonly s: number;
  readonly A: AnyMatrix;
  readonly B: AnyMatrix;
}

/**
 * The factors of a file as those of a run with these settings: the run's own rank in each matrix and its s, which B
 * makes up for; zeros for a matrix that the file does not adapt. A rank above min(d, k), as of a start that has moved a
 * part of W₀, is cut to it, which loses nothing.
 */
export function runFactors(e: Experiment, file: readonly FileFactors[]): readonly Factors[] {
  const target = targets.byName(e.target);
  if (target.kind !== 'network') return [];
  return adaptedLayers(target, e.modules).map(({ name, d, k }): Factors => {
    const rank = Math.min(e.rank, d, k);
    const pair = { A: new Float32Array(rank * k), B: new Float32Array(d * rank) };
    const module = file.find((one) => one.name === name);
    if (!module) return pair;
    const { A, B, scale } = fitted(module, rank);
    const s = scale / scalingOf({ ...e, rank });
    pair.A.set(A.data);
    for (let i = 0; i < d; i++) for (let r = 0; r < B.cols; r++) pair.B[i * rank + r] = s * B.data[i * B.cols + r];
    return pair;
  });
}

function fitted({ rank: own, s, A, B }: FileFactors, rank: number) {
  if (own <= rank) return { A, B, scale: s };
  const { U, S, V } = leadingProductSvd(B, A, s, rank);
  return { A: scaledRows(V, S), B: U, scale: 1 };
}

/** A network without an adapter at step 0, and with that of a file at step 1. */
function joinedRecord(before: RunRecord, after: RunRecord): RunRecord {
  const [b, a] = [before.trace, after.trace];
  const joined = (one: Float64Array | undefined, other: Float64Array | undefined) =>
    Float64Array.of(one?.[0] ?? Number.NaN, other?.[0] ?? Number.NaN);
  const frames = [before, after].flatMap(({ frames }, step) => frames.slice(-1).map((frame) => ({ ...frame, step })));
  const { losses } = after;
  const measured = {
    training: Number.NaN,
    heldOut: losses.heldOut[0],
    accuracy: losses.accuracy?.[0],
    oldAccuracy: losses.oldAccuracy?.[0],
  };
  return {
    ...after,
    frames,
    status: 'finished',
    untrained: true,
    trace: {
      length: 2,
      series: { loss: joined(b.series.loss, a.series.loss) },
      modules: a.modules.map((module, i) => moduleSeries((name) => joined(b.modules[i]?.[name], module[name]))),
    },
    samples: [],
    losses: addLosses(before.losses, 1, measured),
  };
}

const gainOf = ({ losses: { accuracy } }: RunRecord) => (accuracy?.at(-1) ?? 0) - (accuracy?.[0] ?? 0);

/** Shows the network of a file with its adapter, on the task that it reads best. Returns why if impossible. */
export async function openOnNetwork(
  lab: Store,
  name: string,
  experiments: readonly [Experiment, ...Experiment[]],
  file: readonly FileFactors[],
): Promise<string | null> {
  const measured = experiments.map(async (experiment) => {
    const job = { experiment, drawing: null, hand: null, observe: [0], keep: ['factors'] } as const;
    const both = [
      { ...job, measures: 'start' as const },
      { ...job, measures: runFactors(experiment, file) },
    ];
    const [before, after] = await Promise.all(both.map((one) => pagePool(lab).run(one, { priority: 2 }).done));
    if ('why' in before) return before.why;
    if ('why' in after) return after.why;
    return joinedRecord(recordOf(before, experiment), recordOf(after, experiment));
  });
  const results = await Promise.all(measured);
  const records = results.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  const [first] = records;
  if (!first) return results.find((one) => typeof one === 'string') ?? 'It could not be measured.';
  const run = records.reduce((best, one) => (gainOf(one) > gainOf(best) ? one : best), first);
  const { accuracy, oldAccuracy } = run.losses;
  const words = TASK_WORDS[run.experiment.adapt];
  const text = (which: string, shares: readonly number[] | undefined) =>
    `${which}: ${percent(shares?.at(-1) ?? 0)} of the held-out answers are right, ${percent(shares?.[0] ?? 0)} without it.`;
  const opened = newNotice(
    'file',
    'plain',
    `Opened on its network: ${quote(name, 60)}.`,
    [
      `Step 0 is the network without it, step 1 with it. Of the ${plural(records.length, 'task')} that it fits, it helps most with this one.`,
      text(`New task, ${words.new}`, accuracy),
      text(`Old task, ${words.old}`, oldAccuracy),
      'The file holds neither its task nor its steps: what is trained from here on begins at step 0.',
    ],
    [['Back to Adapters', goTo('adapters')]],
  );
  lab.dispatch({ type: 'recorded', run, drawing: null, notices: [opened] });
  return null;
}
