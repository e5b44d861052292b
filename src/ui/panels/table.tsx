import { titleOf } from '../../charts/chart.ts';
import { chartByName } from '../../charts/chart-lookup.ts';
import { count, number, ordinal } from '../../experiment/numbers.ts';
import type { Table } from '../../kit/chart/chart.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { sceneOf } from '../lab-scene.ts';
import { Press, useLab } from '../page.tsx';
import { Dialog } from './dialog.tsx';

/** More rows are only in the CSV. */
const MOST_ROWS = 400;

export function TablePanel({ chart: name }: { readonly chart: string }) {
  const chart = chartByName(name);
  const scene = useLab((s) => sceneOf(s, chart.axis, chart.whole));
  const table = chart.table(scene);
  return <Numbers name={name} title={titleOf(chart, scene)} about={chart.describe(scene)} table={table} />;
}

interface NumbersProps {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly table: Table;
}

export function Numbers({ name, title, about, table: { columns, rows } }: NumbersProps) {
  const stride = Math.ceil(rows.length / MOST_ROWS);
  return (
    <Dialog title={title} kind="table">
      <div className="row">
        <Press event={{ type: 'command', command: { save: 'table', chart: name } }}>Save as CSV</Press>
        <span className="note">
          {stride > 1
            ? `every ${ordinal(stride)} of ${count(rows.length)} rows; the CSV has all of them`
            : `${count(rows.length)} rows`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region is reached by keyboard */}
      <section className="scroll" tabIndex={0} aria-label={`${title}, numbers`}>
        <DataTable
          className="numbers whole ruled"
          caption={about}
          rows={rows.filter((_, i) => i % stride === 0 || i === rows.length - 1)}
          columns={columns.map((key, at) => ({
            key,
            head: key,
            cell: (row: Table['rows'][number]) => inTable(row[at]),
          }))}
        />
      </section>
    </Dialog>
  );
}

function inTable(value: Table['rows'][number][number]): string | null {
  if (typeof value !== 'number') return value;
  return Number.isSafeInteger(value) ? count(value) : number(value, 4);
}
