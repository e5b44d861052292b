import { memo } from 'react';
import type { Table } from '../../../charts/chart.ts';
import { number } from '../../../experiment/numbers.ts';

/** Longer tables are read in the CSV. */
const MOST_ROWS = 64;

/** What a chart shows, number by number, for screen readers. */
export const SpokenTable = memo(function SpokenTable({
  name,
  table,
}: {
  readonly name: string;
  readonly table: Table;
}) {
  if (table.rows.length > MOST_ROWS) return null;
  const said = (value: number | string | null) =>
    value === null ? '–' : typeof value === 'number' && !Number.isInteger(value) ? number(value) : String(value);
  return (
    <div className="unseen">
      <table>
        <caption>{name}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={String(row[0])}>
              {row.map((value, i) => (
                <td key={table.columns[i]}>{said(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
