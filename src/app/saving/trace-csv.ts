import { tableCsv } from '../../charts/drawing/columns.ts';
import { csvComment } from '../../experiment/numbers.ts';
import { MODULE_SERIES } from '../../experiment/settings/metric.ts';
import { PARAM_KEYS } from '../../experiment/settings/params.ts';
import type { ListedRun } from '../../state/compare/compare.ts';
import { lastStep, type Run } from '../../state/run/run.ts';
import { differences } from '../../ui/words/run-names.ts';

/** The trace as CSV, one line per step, full precision; comment lines explain the columns. */
export function traceCsv(run: Run, link: string): string {
  const { steps, training, heldOut, accuracy, oldAccuracy } = run.losses;
  const sampled = steps.length > 0;
  const measured = Object.entries(
    accuracy && oldAccuracy
      ? { heldOutLoss: heldOut, accuracy, oldAccuracy }
      : sampled
        ? { trainingLoss: training, heldOutLoss: heldOut }
        : {},
  );
  const places = new Map(steps.map((step, i) => [step, i]));
  const measuredAt = (t: number) => measured.map(([, values]) => values[places.get(t) ?? -1] ?? '');
  const header = [
    'LoRA Explorer: trace of a run, one line per step; entry t is measured before update t + 1',
    'norms are Frobenius norms; updateNorm is the norm of the update that led to the step',
    ...(sampled
      ? [
          accuracy
            ? 'loss is over the batch of the step; heldOutLoss and accuracy (held out, new task) and oldAccuracy (old task) are over all examples, at steps where they were measured'
            : 'loss is over the batch of the step; trainingLoss and heldOutLoss are over all samples, at steps where they were measured',
        ]
      : []),
    link,
    ...run.changes.map((c) => `from step ${c.step}, ${c.key} is ${c.value}`),
  ];
  const lists = columnsOf(run);
  const columns = ['step', ...lists.map(({ name }) => name), ...measured.map(([name]) => name)];
  const row = (t: number) => [t, ...lists.map(({ list }) => list[t]), ...measuredAt(t)].join(',');
  return [
    ...header.map(csvComment),
    columns.join(','),
    ...Array.from({ length: lastStep(run) + 1 }, (_, t) => row(t)),
    '',
  ].join('\r\n');
}

/** With several modules, norms are prefixed with the module's name. */
function columnsOf({ trace, ready }: Run): readonly { readonly name: string; readonly list: Float64Array }[] {
  const { loss, relativeError } = trace.series;
  const prefix = (i: number) => (trace.modules.length > 1 ? `${ready?.modules[i].name ?? i}.` : '');
  return [
    { name: 'loss', list: loss },
    ...trace.modules.flatMap((norms, i) =>
      MODULE_SERIES.map((name) => ({ name: `${prefix(i)}${name}`, list: norms[name] })),
    ),
    ...(relativeError ? [{ name: 'relativeError', list: relativeError }] : []),
  ];
}

/** The runs of a session as CSV, one line per run in order: figures, and every setting that differs. */
export function runsCsv(listed: readonly ListedRun[]): string {
  const [first] = listed;
  const keys = PARAM_KEYS.filter(
    (key) => key !== 'data' && listed.some(({ experiment }) => differences(first.experiment, experiment).includes(key)),
  );
  return tableCsv(
    {
      columns: ['run', 'steps', 'status', 'relative error', 'floor', ...keys],
      rows: listed.map(({ place, steps, status, error, floor, experiment }) => [
        ...[place, steps, status, error, floor],
        ...keys.map((key) => {
          const value = experiment[key];
          return typeof value === 'boolean' ? Number(value) : value;
        }),
      ]),
    },
    [
      'LoRA Explorer: runs of a session; settings that are the same in all runs are left out; an automatic rate is empty',
    ],
  );
}
