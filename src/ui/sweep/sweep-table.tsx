import { sweepSentence } from '../../charts/sweep/sentence.ts';
import { SWEEP_CHARTS } from '../../charts/sweep/sweep-charts.ts';
import { settingsAt } from '../../experiment/plan/sweep.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { rateText } from '../../experiment/settings/rate.ts';
import type { Table } from '../../kit/chart/chart.ts';
import type { State } from '../../state/state.ts';
import { plannedSweep } from '../../state/sweep/plan.ts';
import { useGetLab } from '../page.tsx';
import { Numbers } from '../panels/table.tsx';
import { axisWords, valueText } from './sweep-scene.ts';
import { useSweepScene } from './use-sweep.ts';

/** A chart of the sweep as numbers, or all of its runs (chart "sweep"). */
export default function SweepTable({ chart: name }: { readonly chart: string }) {
  const scene = useSweepScene();
  const now = useGetLab();
  const chart = SWEEP_CHARTS.find((one) => one.name === name);
  if (!chart) {
    const { table, same } = distinguishingColumns(runsTable(now()), scene.axes.length, [
      scene.network ? 'accuracy' : 'error',
    ]);
    const about = `${sweepSentence(scene)}${same === '' ? '' : ` The same in all runs: ${same}.`}`;
    return <Numbers name="sweep" title="Runs of the sweep" about={about} table={table} />;
  }
  return <Numbers name={name} title={chart.title(scene)} about={chart.describe(scene)} table={chart.table(scene)} />;
}

/** One row per run, in the order of work. */
function runsTable(state: State): Table {
  const { plan, runs } = plannedSweep(state);
  const columns = plan.axes.map((axis) => axisWords(axis).name.replace(' ', '\u00a0'));
  const ratesVary = plan.axes.some(({ key }) => key === 'lr');
  const used = ratesVary ? [] : ['learning rate used'];
  const none = ratesVary ? NONE.slice(1) : NONE;
  const network = isNetwork(state.experiment);
  const measured = network ? ['accuracy', 'old accuracy'] : ['error', 'floor'];
  return {
    columns: [...columns, 'seed', 'status', 'steps', ...measured, 'loss', 'held-out loss', ...used],
    rows: runs.map(({ cell, key }) => {
      const own = settingsAt(plan.axes, cell.at);
      const settings = plan.axes.map((axis) => valueText(axis.key, own[axis.key]));
      const begun = [...settings, String(cell.seed)];
      const outcome = cell.why === null ? (state.sweep.results.get(key) ?? NOT_RUN) : { why: cell.why };
      if ('why' in outcome) return [...begun, outcome.why, ...none];
      const { status, steps, error, floor, loss, heldOut, rate, accuracy = null, oldAccuracy = null } = outcome;
      const [first, second] = network ? [accuracy, oldAccuracy] : [error, floor];
      const broken = status === 'diverged';
      const figures = broken ? [null, network ? null : floor, null, null] : [first, second, loss, heldOut];
      const used = ratesVary ? [] : [rateText(rate)];
      return [...begun, status, steps, ...figures, ...used];
    }),
  };
}

const NOT_RUN = { why: 'not run' };
const NONE = [null, null, null, null, null, null] as const;

/**
 * A table without empty or constant columns, except the first `kept` and the named ones. `same`: the values of the
 * dropped columns, "seed 1, status finished".
 */
export function distinguishingColumns(
  { columns, rows }: Table,
  kept: number,
  named: readonly string[],
): { readonly table: Table; readonly same: string } {
  const valuesOf = (at: number) => [...new Set(rows.map((row) => row[at] ?? null))];
  const stays = columns.map((name, at) => {
    const values = valuesOf(at);
    return at < kept || named.includes(name) || (values.length > 1 && rows.length > 1);
  });
  const gone = columns.flatMap((name, at) => {
    const [value] = valuesOf(at);
    return stays[at] || typeof value !== 'string' || rows.length < 2 ? [] : [`${name} ${value}`];
  });
  const only = <T,>(list: readonly T[]) => list.filter((_, at) => stays[at]);
  return rows.length < 2
    ? { table: { columns, rows }, same: '' }
    : { table: { columns: only(columns), rows: rows.map(only) }, same: gone.join(', ') };
}
