import { type ReactNode, useMemo } from 'react';
import { type FightLook, fairFight } from '../../../charts/sweep/fight-curves.ts';
import { NOTHING } from '../../../experiment/methods/which/map.ts';
import { count, duration } from '../../../experiment/numbers.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { type Column, DataTable } from '../../../kit/grids/data-table.tsx';
import { secondsForRuns } from '../../../state/run/path-runs.ts';
import { Press, useLab } from '../../page.tsx';
import {
  byBest,
  type ContestLine,
  contestLines,
  type Entrant,
  missingRuns,
  runsToGo,
  type SeedRange,
} from './contest.ts';

/** An error as the table of a fight prints it. */
const endText = (error: number): string =>
  Number.isFinite(error) ? (error < NOTHING ? '0' : error.toFixed(3)) : 'diverged';

interface Stand {
  readonly label: string;
  readonly now: SeedRange;
  readonly best: SeedRange;
}

/** −1: a leaves less than b; 0: a tie, since the ranges of their seeds meet, or both print the same; 1: more. */
function compared(a: SeedRange, b: SeedRange): -1 | 0 | 1 {
  if (endText(a.median) === endText(b.median) || (a.low <= b.high && b.low <= a.high)) return 0;
  return a.median < b.median ? -1 : 1;
}

/** The most that a diverged run counts for. */
const WORST = 2;
const between = (a: SeedRange, b: SeedRange) => Math.min(a.median, WORST) - Math.min(b.median, WORST);

interface StandPair {
  readonly a: Stand;
  readonly b: Stand;
  /** By how much their distance changes. */
  readonly change: number;
}

/** The pair whose distance changes most, of those that stand so; null if none does. */
function most(stands: readonly Stand[], isSo: (now: number, best: number) => boolean): StandPair | null {
  const pairs = stands.flatMap((a) =>
    stands.flatMap((b): StandPair[] =>
      a !== b && isSo(compared(a.now, b.now), compared(a.best, b.best))
        ? [{ a, b, change: Math.abs(between(a.now, b.now) - between(a.best, b.best)) }]
        : [],
    ),
  );
  return pairs.toSorted((one, other) => other.change - one.change).at(0) ?? null;
}

const medians = (a: SeedRange, b: SeedRange) => `${endText(a.median)}, ${endText(b.median)}`;

/**
 * What the two columns say together, by rule: the pair that changes places, the one that ties or ceases to, and what falls
 * most. Null until all runs have ended. `asSet`: "At rate 0.015".
 */
export function fightSentence(lines: readonly ContestLine[], asSet: string): string | null {
  const stands = lines.flatMap(({ label, yours, best }): Stand[] =>
    yours && best ? [{ label, now: yours, best: best.end }] : [],
  );
  if (stands.length < 2) return null;
  const turned = most(stands, (now, best) => now === 1 && best === -1);
  const closed = most(stands, (now, best) => now === 1 && best === 0);
  const opened = most(stands, (now, best) => now === 0 && best === 1);
  const said = [
    turned &&
      `${asSet} ${turned.a.label} looks worse than ${turned.b.label} (${medians(turned.a.now, turned.b.now)}). Each at its best: ${medians(turned.a.best, turned.b.best)}.`,
    closed &&
      `${asSet} ${closed.a.label} looks worse than ${closed.b.label} (${medians(closed.a.now, closed.b.now)}); each at its best rate they tie (${medians(closed.a.best, closed.b.best)}).`,
    opened &&
      `${asSet} ${opened.a.label} and ${opened.b.label} tie (${medians(opened.a.now, opened.b.now)}); each at its best rate ${opened.a.label} leaves more (${medians(opened.a.best, opened.b.best)}).`,
  ].filter((sentence) => sentence !== null);
  const fall = fallen(stands);
  const falls = fall && `${fall.label} falls most, from ${endText(fall.now.median)} to ${endText(fall.best.median)}.`;
  if (said.length > 0) return [...said.slice(0, 2), ...(falls ? [falls] : [])].join(' ');
  const stand = stands.length === 2 ? 'the two stand' : 'all stand';
  const seeds = hasSwapped(stands) ? ', up to the spread of their seeds' : '';
  const order = `${asSet} ${stand} in the same order as each at its best rate${seeds}`;
  return falls ? `${order}. ${falls}` : `${order}, and none falls: here the rate does not decide.`;
}

/** Whether the medians of two change places, though their seeds may not. */
const hasSwapped = (stands: readonly Stand[]): boolean =>
  stands.some((a) => stands.some((b) => between(a.now, b.now) > 0 && between(a.best, b.best) < 0));

/** What its best rate brings down most, if it can be told from the errors at its own rate. */
function fallen(stands: readonly Stand[]): Stand | null {
  const falling = stands.filter(({ now, best }) => compared(now, best) === 1);
  return falling.toSorted((a, b) => between(b.now, b.best) - between(a.now, a.best)).at(0) ?? null;
}

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

interface TrainRunsProps {
  readonly entrants: readonly Pick<Entrant, 'points'>[];
  readonly children: ReactNode;
}

/** Trains the runs that are not known yet, and says how many are to go. */
export function TrainRuns({ entrants, children }: TrainRunsProps) {
  const fights = useLab((s) => s.fights);
  const missing = useMemo(() => missingRuns(entrants, fights), [entrants, fights]);
  const seconds = useLab((s) => secondsForRuns(s.run, missing.length));
  const going = useMemo(() => runsToGo(missing, fights), [missing, fights]);
  if (missing.length === 0) return null;
  if (going > 0)
    return (
      <p className="row space-above">
        <span role="status">{count(going)} runs to go</span>
        <Press event={{ type: 'fights', waiting: [] }}>Stop</Press>
      </p>
    );
  const time = seconds === null ? '' : `, about ${duration(Math.max(1, seconds))}`;
  return (
    <p className="row space-above">
      <Press className="btn main" event={{ type: 'fights', waiting: missing }}>
        {children}
      </Press>
      <span className="note">
        {count(missing.length)} runs{time}
      </span>
    </p>
  );
}
