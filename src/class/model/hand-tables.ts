import { classShare, type HandReadings, LOST } from './class-hands.ts';
import type { HandNames, NamedRow } from './hand-words.ts';

/** A line each adapter and way of merging, a column each hand: shares of its test drawings that are read. */
export function matrixTable({ columns }: HandReadings, rows: readonly NamedRow[], names: HandNames) {
  return {
    columns: ['adapter', ...columns.map(({ id }) => names.get(id) ?? ''), 'mean of the hands', 'others'],
    rows: rows.map(({ name, row }) => [name, ...row.shares, columns.length > 0 ? classShare(row) : null, row.others]),
  };
}

/** A line each hand: what it handed in, and what its own adapter and every way of merging reads of it. */
export function handsTable(
  { hands, columns }: HandReadings,
  rows: readonly NamedRow[],
  names: HandNames,
  hidden: boolean,
) {
  const merged = rows.slice(hands.length);
  return {
    columns: [
      ...['name', 'rank', 'drawings trained on', 'test drawings', 'own adapter'],
      ...merged.map(({ name }) => name),
      `below ${LOST} in the sum`,
      'adapter',
    ],
    rows: hands.map(({ id, adapter, sets, text }, i) => {
      const column = columns.findIndex((one) => one.id === id);
      const sum = merged.find(({ key }) => key === 'sum')?.row.shares[column];
      return [
        ...[names.get(id) ?? '', adapter.rank, sets?.training.answers.length ?? 0, sets?.test.answers.length ?? 0],
        ...[rows[i], ...merged].map(({ row }) => row.shares[column] ?? null),
        sum === undefined ? null : Number(sum < LOST),
        hidden ? null : text,
      ];
    }),
  };
}
