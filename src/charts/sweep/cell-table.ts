import type { Table } from '../chart.ts';
import { type SweepScene, summaryOf } from './cells.ts';

/** A row a cell: its settings, and over its seeds median, middle half, smallest and largest. */
export function sweepTable(scene: SweepScene): Table {
  const measure = scene.measure;
  const name = { ratio: 'error ÷ floor', error: 'error', heldOut: 'held-out loss', steps: 'steps' }[measure];
  const finite = (value: number | null | undefined) =>
    value === null || value === undefined || !Number.isFinite(value) ? null : value;
  return {
    columns: [
      ...scene.axes.map((axis) => axis.name),
      'seeds',
      'diverged',
      `median ${name}`,
      '1st quartile',
      '3rd quartile',
      'smallest',
      'largest',
      'note',
    ],
    rows: scene.cells.map((cell) => {
      const { n, diverged, median, quartiles, values } = summaryOf(cell, measure);
      const ended = values.filter(Number.isFinite);
      return [
        ...scene.axes.map((axis, i) => axis.numbers?.[cell.at[i] ?? 0] ?? axis.texts[cell.at[i] ?? 0] ?? ''),
        n,
        diverged,
        finite(median),
        finite(quartiles?.[0]),
        finite(quartiles?.[1]),
        finite(ended[0]),
        finite(ended[ended.length - 1]),
        cell.why ?? (median === Number.POSITIVE_INFINITY && diverged > 0 ? 'diverged' : null),
      ];
    }),
  };
}
