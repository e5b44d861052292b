import type { Table } from '../../kit/chart/chart.ts';

/**
 * A table without the columns that say nothing apart: those that are empty, or the same in every row. The first `kept` columns
 * and those that are named stay. `same`: what the columns that have gone said, "seed 1, status finished".
 */
export function toldApart(
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
  const only = <T>(list: readonly T[]) => list.filter((_, at) => stays[at]);
  return rows.length < 2
    ? { table: { columns, rows }, same: '' }
    : { table: { columns: only(columns), rows: rows.map(only) }, same: gone.join(', ') };
}
