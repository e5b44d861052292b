import { type ReactNode, useMemo } from 'react';
import { errorBySize } from '../../../charts/sweep/size-curves.ts';
import { type AdapterName, budgetOf, OVER, SIZE_RANKS } from '../../../experiment/methods/which/adapters.ts';
import { count } from '../../../experiment/numbers.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { type Column, DataTable } from '../../../kit/grids/data-table.tsx';
import { useLab } from '../../page.tsx';
import { contestLines } from './contest.ts';
import { errorText } from './map-words.ts';
import { errorAtSize, type SizeEntrant, sizeSentence } from './sizes.ts';
import { TrainRuns } from './train-runs.tsx';

interface ErrorBySizeProps {
  readonly entrants: readonly SizeEntrant[];
  readonly chosen: AdapterName;
  /** Trained parameters of the map's budget. */
  readonly budget: number;
  readonly d: number;
  readonly k: number;
  readonly title: string;
  /** Beside the title. */
  readonly row: ReactNode;
  readonly help: string;
}

interface SizeRow extends SizeEntrant {
  readonly line: ReturnType<typeof contestLines>[number];
}

/** Every adapter at several sizes, on one axis: the numbers that it trains. */
export function ErrorBySize({ entrants, chosen, budget, d, k, title, row, help }: ErrorBySizeProps) {
  const fights = useLab((s) => s.fights);
  const lines = useMemo(() => contestLines(entrants, fights), [entrants, fights]);
  const rows = useMemo(() => sizeRows(entrants, lines), [entrants, lines]);
  const scene = useMemo(() => {
    const first = rows.at(0)?.key;
    const curves = rows.map(({ key, label, isFound, floors, line }) => ({
      name: label,
      strong: key === chosen || key === first,
      isFound,
      points: line.points.map(({ at, end }) => ({ at, end, floor: floors.get(at) ?? null })),
    }));
    return { curves, budget, ticks: SIZE_RANKS.map((rank) => budgetOf(rank, d, k)) };
  }, [rows, chosen, budget, d, k]);
  const columns = useMemo(() => columnsOf(chosen, d, k), [chosen, d, k]);
  const words = sizeSentence(entrants, chosen, budget);
  return (
    <>
      <Figure name={errorBySize.name} title={title} row={row} help={help}>
        <Plot chart={errorBySize} scene={scene} />
      </Figure>
      <div>
        <h2>By trained parameters</h2>
        <p className="note">Trained, and in red the floor; * the lowest found. Sorted at {count(budget)} parameters.</p>
        <DataTable columns={columns} rows={rows} keyOf={({ key }) => key} />
        {words && <p className="read">{words}</p>}
        <TrainRuns entrants={entrants}>Train each size</TrainRuns>
      </div>
    </>
  );
}

/** The least error at the budget first. */
function sizeRows(entrants: readonly SizeEntrant[], lines: readonly SizeRow['line'][]): readonly SizeRow[] {
  const rows = entrants.map((entrant, i): SizeRow => ({ ...entrant, line: lines[i] }));
  const error = (row: SizeRow) => errorAtSize(row.line, row, row.own) ?? 1;
  return rows.sort((a, b) => error(a) - error(b));
}

const columnsOf = (chosen: AdapterName, d: number, k: number): readonly Column<SizeRow>[] => [
  { key: 'name', head: '', cell: ({ key, label }) => (key === chosen ? <b>{label}</b> : label) },
  ...SIZE_RANKS.map((rank): Column<SizeRow> => {
    const budget = budgetOf(rank, d, k);
    return { key: String(rank), head: count(budget), cell: (row) => <Cell row={row} at={sizeAt(row, budget)} /> };
  }),
];

/** The largest size of a row within a budget; LoKr may be above it by a little. */
const sizeAt = ({ line: { points } }: SizeRow, budget: number): number | null =>
  points.findLast(({ at }) => at <= OVER * budget)?.at ?? null;

function Cell({ row: { line, floors, isFound }, at }: { readonly row: SizeRow; readonly at: number | null }) {
  if (at === null) return '–';
  const end = line.points.find((point) => point.at === at)?.end;
  const floor = floors.get(at);
  return (
    <>
      {end && <span>{Number.isFinite(end.median) ? errorText(end.median) : 'diverged'} </span>}
      {floor !== undefined && <span className="dwt">{`${errorText(floor)}${isFound ? '*' : ''}`}</span>}
    </>
  );
}
