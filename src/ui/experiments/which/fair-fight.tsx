import { type ReactNode, useMemo } from 'react';
import { type FightLook, fairFight } from '../../../charts/sweep/fight-curves.ts';
import { NOTHING } from '../../../experiment/methods/which/map.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { type Column, DataTable } from '../../../kit/grids/data-table.tsx';
import { useLab } from '../../page.tsx';
import { byBest, type ContestLine, contestLines, type Entrant, missingRuns, type SeedRange } from './contest.ts';
import { endText, fightSentence } from './fight-words.ts';
import { TrainRuns } from './train-runs.tsx';

interface FairFightProps {
  readonly entrants: readonly Entrant[];
  /** Drawn strong, beside the best. */
  readonly chosen: string;
  /** The rate of the Lab. */
  readonly rate: number;
  readonly title: string;
  /** Beside the title. */
  readonly row?: ReactNode;
  readonly help: string;
  readonly note: string;
  /** Of the column of runs at their own rates: "at your rate, 0.015". */
  readonly head: string;
  /** The same at the start of a sentence: "At rate 0.015". */
  readonly asSet: string;
}

/** Several settings at several rates: each as it is set, and each at its best; medians of its seeds. */
export function FairFight({ entrants, chosen, rate, title, row, help, note, head, asSet }: FairFightProps) {
  const fights = useLab((s) => s.fights);
  const lines = useMemo(() => contestLines(entrants, fights), [entrants, fights]);
  const scene = useMemo(() => {
    const first = byBest(lines).at(0)?.key;
    const look = ({ key }: ContestLine): FightLook => (key === chosen ? 'chosen' : key === first ? 'first' : 'other');
    return { rate, curves: lines.map((line) => ({ name: line.label, look: look(line), points: line.points })) };
  }, [lines, rate, chosen]);
  const columns = useMemo(() => columnsOf(head, chosen), [head, chosen]);
  const begun = lines.some(({ best }) => best !== null);
  const words = missingRuns(entrants, fights).length === 0 ? fightSentence(lines, asSet) : null;
  return (
    <>
      <Figure name={fairFight.name} title={title} row={row} help={help}>
        <Plot chart={fairFight} scene={scene} />
      </Figure>
      <div>
        {row && <h2>A fair fight</h2>}
        <p className="note">{note}</p>
        {begun && <DataTable columns={columns} rows={byBest(lines)} keyOf={({ key }) => key} />}
        {words && <p className="read">{words}</p>}
        <TrainRuns entrants={entrants}>Train each at ten rates</TrainRuns>
      </div>
    </>
  );
}

/** The column that the table is sorted by. */
export const BEST_COLUMN = 'each at its best rate';

const columnsOf = (head: string, chosen: string): readonly Column<ContestLine>[] => [
  { key: 'name', head: '', cell: ({ key, label }) => (key === chosen ? <b>{label}</b> : label) },
  { key: 'yours', head, cell: ({ yours, floor }) => <Strip end={yours} floor={floor} /> },
  {
    key: 'best',
    head: BEST_COLUMN,
    cell: ({ best, floor }) => <Strip end={best?.end ?? null} floor={floor} />,
  },
  {
    key: 'floor',
    head: 'floor',
    className: 'dwt',
    cell: ({ floor, isFound }) =>
      floor === null ? '' : `${floor < NOTHING ? '0' : floor.toFixed(3)}${isFound ? '*' : ''}`,
  },
];

/** Errors on a line from 0 to 1: their median as a dot, their range, the floor as a tick; and the median as a number. */
function Strip({ end, floor }: { readonly end: SeedRange | null; readonly floor: number | null }) {
  if (end === null) return '…';
  const place = (value: number) => `${100 * Math.min(1, value)}%`;
  const { median, low, high } = end;
  const range = { left: place(low), right: `${100 - 100 * Math.min(1, high)}%` };
  return (
    <span className="error-strip">
      <span className="line" aria-hidden="true">
        {floor !== null && <i className="tick" style={{ left: place(floor) }} />}
        {Number.isFinite(low) && <i className="range" style={range} />}
        {Number.isFinite(median) && <i className="point" style={{ left: place(median) }} />}
      </span>
      {endText(median)}
      <span className="unseen">
        , from {endText(low)} to {endText(high)}
      </span>
    </span>
  );
}
