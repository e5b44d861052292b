import { classShare, type HandReadings, LOST } from './class-hands.ts';
import { mergedHands, type TrainedOnAll } from './hand-words.ts';

interface NamedReadings {
  readonly readings: HandReadings;
  readonly trained: TrainedOnAll;
  /** Of the sum. */
  readonly weight: number;
  readonly names: ReadonlyMap<number, string>;
}

/** A line each adapter and way of merging, a column each hand: shares of its test drawings that are read. */
export function matrixTable({ readings, trained, weight, names }: NamedReadings) {
  const { hands, columns, alone } = readings;
  const rows = [
    ...hands.map(({ id }, i) => ({ name: names.get(id) ?? '', row: alone[i] })),
    ...mergedHands(readings, trained, weight),
  ];
  return {
    columns: ['adapter', ...columns.map(({ id }) => names.get(id) ?? ''), 'mean of the hands', 'others'],
    rows: rows.map(({ name, row }) => [name, ...row.shares, columns.length > 0 ? classShare(row) : null, row.others]),
  };
}

/** A line each hand: what it handed in, and what its own adapter and every way of merging reads of it. */
export function handsTable({ readings, trained, weight, names }: NamedReadings, hidden: boolean) {
  const { hands, columns, alone } = readings;
  const merged = mergedHands(readings, trained, weight);
  return {
    columns: [
      ...['name', 'rank', 'drawings trained on', 'test drawings', 'own adapter'],
      ...merged.map(({ name }) => name),
      `below ${LOST} in the sum`,
      'adapter',
    ],
    rows: hands.map((hand, i) => {
      const column = columns.indexOf(hand);
      const shares = [alone[i], ...merged.map(({ row }) => row)].map(({ shares }) => shares[column] ?? null);
      const sum = merged.find(({ key }) => key === 'sum')?.row.shares[column];
      return [
        ...[names.get(hand.id) ?? '', hand.adapter.rank],
        ...[hand.sets?.training.answers.length ?? 0, hand.sets?.test.answers.length ?? 0],
        ...shares,
        sum === undefined ? null : Number(sum < LOST),
        hidden ? null : hand.text,
      ];
    }),
  };
}
