import { useMemo } from 'react';
import { fairFight } from '../../../charts/sweep/fight-curves.ts';
import { isFound } from '../../../experiment/methods/floors/method-floor.ts';
import type { MapView, OpenRow } from '../../../experiment/methods/which/map.ts';
import { count, duration, trim } from '../../../experiment/numbers.ts';
import { leastOf } from '../../../experiment/settings/rate.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { type Column, DataTable } from '../../../kit/grids/data-table.tsx';
import { secondsForRuns } from '../../../state/run/path-runs.ts';
import { rateOf } from '../../../state/select.ts';
import { Press, useLab } from '../../page.tsx';
import { byBest, type FightLine, fightLines, fightSentence, missingFights } from './fight.ts';

interface FairFightProps {
  readonly view: MapView;
  /** The name of the row. */
  readonly label: string;
  /** The floors of the row at the seed of the runs. */
  readonly floors: OpenRow;
}

/** The rate that a network's or an unknown run leaves open: that of a matrix under Adam. */
const USUAL_RATE = 0.015;

/** Every adapter of a row at several rates: at the rate of the lab, and each at its best. */
export function FairFight({ view, label, floors }: FairFightProps) {
  const own = useLab((s) => s.experiment);
  const fights = useLab((s) => s.fights);
  const rate = useLab((s) => {
    const known = rateOf(s);
    return known === null ? USUAL_RATE : leastOf(known);
  });
  const lines = useMemo(() => fightLines(view, own, rate, fights, floors), [view, own, rate, fights, floors]);
  const missing = missingFights(lines);
  const going = missing.filter((e) => fights.waiting.includes(e)).length;
  const scene = useMemo(() => {
    const first = byBest(lines).at(0)?.adapter;
    const strong = (line: FightLine) => line.adapter === view.adapter || line.adapter === first;
    return { rate, curves: lines.map((line) => ({ name: line.label, strong: strong(line), points: line.points })) };
  }, [lines, rate, view.adapter]);
  const columns = useMemo(() => columnsOf(rate, view), [rate, view]);
  const begun = lines.some(({ best }) => best !== null);
  const words = fightSentence(lines, rate);
  // From samples the Lab trains LoRA alone.
  if (lines.length < 3) return null;
  return (
    <section className="fair-fight" aria-label="A fair fight">
      <Figure
        name={fairFight.name}
        title="The row of this cell: error against learning rate"
        help={`${label}; Adam, ${count(own.steps)} steps, one seed; ring: the best rate of each`}
      >
        <Plot chart={fairFight} scene={scene} />
      </Figure>
      <div>
        <h2>A fair fight</h2>
        <p className="note">The same runs. Tick: own floor at this seed. Sorted by the right column.</p>
        {begun && <DataTable columns={columns} rows={byBest(lines)} keyOf={({ adapter }) => adapter} />}
        {words && <p className="read">{words}</p>}
        {missing.length > 0 && <TrainButton runs={missing} going={going} />}
      </div>
    </section>
  );
}

function TrainButton({ runs, going }: { readonly runs: ReturnType<typeof missingFights>; readonly going: number }) {
  const seconds = useLab((s) => secondsForRuns(s.run, runs.length));
  if (going > 0)
    return (
      <p className="row">
        <span role="status">{count(going)} runs to go</span>
        <Press event={{ type: 'fights', waiting: [] }}>Stop</Press>
      </p>
    );
  const time = seconds === null ? '' : `, about ${duration(Math.max(1, seconds))}`;
  return (
    <p className="row">
      <Press className="btn main" event={{ type: 'fights', waiting: runs }}>
        Train each at ten rates
      </Press>
      <span className="note">
        {count(runs.length)} runs{time}
      </span>
    </p>
  );
}

const columnsOf = (rate: number, { adapter }: MapView): readonly Column<FightLine>[] => [
  { key: 'adapter', head: 'adapter', cell: (line) => (line.adapter === adapter ? <b>{line.label}</b> : line.label) },
  {
    key: 'yours',
    head: `at your rate, ${trim(rate)}`,
    cell: (line) => <Strip error={line.yours} floor={line.floor} />,
  },
  {
    key: 'best',
    head: 'each at its best rate',
    cell: (line) => <Strip error={line.best?.error ?? null} floor={line.floor} />,
  },
  {
    key: 'floor',
    head: 'floor',
    className: 'dwt',
    cell: ({ adapter: name, floor }) => (floor === null ? '' : `${floor.toFixed(3)}${isFound(name) ? '*' : ''}`),
  },
];

/** An error as a dot on a line from 0 to 1, with the floor as a tick, and as a number. */
function Strip({ error, floor }: { readonly error: number | null; readonly floor: number | null }) {
  if (error === null) return '…';
  const place = (value: number) => ({ left: `${100 * Math.min(1, value)}%` });
  return (
    <span className="error-strip">
      <span className="line" aria-hidden="true">
        {floor !== null && <i className="tick" style={place(floor)} />}
        {Number.isFinite(error) && <i className="point" style={place(error)} />}
      </span>
      {Number.isFinite(error) ? error.toFixed(3) : 'diverged'}
    </span>
  );
}
