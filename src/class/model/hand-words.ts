import { capital, count, listed, number, percent, plural } from '../../experiment/numbers.ts';
import {
  bestSum,
  type ClassHand,
  classShare,
  type HandReadings,
  type HandRow,
  LOST,
  lostIn,
  TIES_DENSITY,
} from './class-hands.ts';

/** The adapter that was trained on the drawings of all hands, or why there is none; null: not trained yet. */
export type TrainedOnAll = { readonly rank: number; readonly row: HandRow } | { readonly why: string } | null;

/** "1/6", "2/3", "0". */
export function weightText(weight: number): string {
  if (weight === 0 || weight === 1) return String(weight);
  const part = 1 / weight;
  return Math.abs(part - Math.round(part)) < 1e-6 ? `1/${Math.round(part)}` : '2/3';
}

const PARTS: Readonly<Record<string, string>> = {
  ...{ '1/2': 'half', '2/3': 'two thirds of', '1/3': 'a third of', '1/4': 'a quarter of', '1/5': 'a fifth of' },
  ...{ '1/6': 'a sixth of', '1/8': 'an eighth of', '1/10': 'a tenth of', '1/12': 'a twelfth of' },
  ...{ '1/15': 'a fifteenth of', '1/20': 'a twentieth of' },
};

const sumText = (weight: number, hands: number) =>
  weight === 1
    ? 'the sum'
    : weight === 1 / hands
      ? 'the mean'
      : weight === 0
        ? 'no adapter at all'
        : `${PARTS[weightText(weight)] ?? `${weightText(weight)} of`} the sum`;

const lossText = (row: HandRow): string => (lostIn(row) === 0 ? 'loses nobody' : `loses ${lostIn(row)}`);

/** Shares that differ by less read alike. */
const ALIKE = 0.02;

export type HandNames = ReadonlyMap<number, string>;

/** Names of the hands by id: as given, or by number if there is none or all are hidden. */
export const handNames = (hands: readonly ClassHand[], hidden: boolean): HandNames =>
  new Map(hands.map(({ id, name }, i) => [id, hidden || name === '' ? `hand ${i + 1}` : name]));

/** What the readings show in one sentence: each adapter alone, the mean, the sum, and the best weight. */
export function handsClaim(readings: HandReadings): string {
  const { hands, columns, alone, sums } = readings;
  if (columns.length === 0)
    return 'Only files hold drawings, and none has come: these adapters are read on the digits of other people alone.';
  const own = columns.filter((hand, column) => alone[hands.indexOf(hand)].shares[column] >= LOST).length;
  const each =
    own === columns.length
      ? 'Each adapter reads its own hand.'
      : `${own} of ${plural(columns.length, 'adapter')} ${own === 1 ? 'reads its' : 'read their'} own hand.`;
  if (hands.length < 2) return each;
  const best = bestSum(readings);
  const share = classShare(best.row);
  const sum = classShare(sums[sums.length - 1].row);
  const mean = classShare(sums[1].row);
  const parts = [
    best.weight > sums[1].weight && share - mean >= ALIKE && 'the mean is too weak',
    share - sum >= ALIKE && (sum < classShare(sums[0].row) ? 'the sum destroys' : 'the sum is too strong'),
    `${sumText(best.weight, hands.length)} reads ${percent(share)} of the class and ${lossText(best.row)}`,
  ];
  return `${each} All ${count(hands.length)} in one: ${parts.filter(Boolean).join(', ')}.`;
}

/** The adapter trained on all drawings against the best of the sums. */
export function trainedClaim(readings: HandReadings, trained: TrainedOnAll): string | null {
  if (!trained || readings.columns.length === 0 || readings.hands.length < 2) return null;
  if ('why' in trained) return `One adapter trained on all drawings is left out: ${trained.why}`;
  const { rank, row } = trained;
  const drawings = readings.hands.reduce((sum, { sets }) => sum + (sets?.training.answers.length ?? 0), 0);
  const more = classShare(row) - classShare(bestSum(readings).row) >= ALIKE;
  const end = more
    ? `: there is room at rank ${rank}, adding does not find it`
    : ', as the sum does at its best weight';
  return `One adapter of rank ${rank}, trained on all ${count(drawings)} drawings, reads ${number(classShare(row))} and ${lossText(row)}${end}.`;
}

const MOST_NAMES = 8;

const most = (names: readonly string[]) =>
  names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`] : names;

/** "Sum × 1/6: Mei 0.55 and Jun 0.70 below 0.8." */
export function lostText({ columns }: HandReadings, { row, name }: NamedRow, names: HandNames): string {
  const lost = columns.flatMap(({ id }, i) =>
    row.shares[i] < LOST ? [`${names.get(id)} ${row.shares[i].toFixed(2)}`] : [],
  );
  return `${capital(name)}: ${lost.length === 0 ? 'nobody is' : listed(most(lost))} below ${LOST}.`;
}

/** A row of the matrix: the adapter of one hand, or a way of merging. */
export interface NamedRow {
  readonly key: 'own' | 'none' | 'mean' | 'sum' | 'ties' | 'cat' | 'trained';
  readonly name: string;
  readonly row: HandRow;
}

/** Each adapter, then all ways of merging; `weight` is that of the sum. One hand is its own mean and sum. */
export function namedRows(
  { hands, alone, sums, ties }: HandReadings,
  trained: TrainedOnAll,
  weight: number,
  names: HandNames,
): readonly NamedRow[] {
  const chosen = sums.find((one) => one.weight === weight) ?? sums[0];
  const merged: readonly NamedRow[] = [
    { key: 'mean', name: `mean: 1/${hands.length}`, row: sums[1].row },
    { key: 'sum', name: `sum × ${weightText(weight)}`, row: chosen.row },
    { key: 'ties', name: `TIES, top ${percent(TIES_DENSITY)}`, row: ties },
    { key: 'cat', name: 'sum (cat)', row: sums[sums.length - 1].row },
    ...(trained && 'row' in trained ? [{ key: 'trained' as const, name: 'trained on all', row: trained.row }] : []),
  ];
  return [
    ...hands.map(({ id }, i): NamedRow => ({ key: 'own', name: names.get(id) ?? '', row: alone[i] })),
    { key: 'none', name: 'no adapter', row: sums[0].row },
    ...(hands.length > 1 ? merged : []),
  ];
}

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
