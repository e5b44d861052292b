import { tableCsv } from '../../charts/drawing/columns.ts';
import { PARAM_KEYS } from '../../experiment/settings/params.ts';
import type { ListedRun } from '../../state/compare/compare.ts';
import { apart } from '../../ui/words/run-names.ts';

/** The runs of a session as CSV, a line a run in the order in which they were made: figures, and every setting that differs. */
export function runsCsv(listed: readonly ListedRun[]): string {
  const [first] = listed;
  const keys = PARAM_KEYS.filter(
    (key) => key !== 'data' && listed.some(({ experiment }) => apart(first.experiment, experiment).includes(key)),
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
