import './which.css';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { errorBySize } from '../../../charts/sweep/size-curves.ts';
import {
  type AdapterName,
  BUDGET_RANKS,
  budgetOf,
  OVER,
  SIZE_RANKS,
} from '../../../experiment/methods/which/adapters.ts';
import { SIDE } from '../../../experiment/methods/which/kinds.ts';
import {
  type MapView,
  mapViewText,
  OWN,
  readMapView,
  type SizeFloors,
  TABLE_SEEDS,
} from '../../../experiment/methods/which/map.ts';
import { count, trim } from '../../../experiment/numbers.ts';
import { leastOf } from '../../../experiment/settings/rate.ts';
import { defaultView } from '../../../experiment/settings/view.ts';
import { Check, Choice } from '../../../kit/button.tsx';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { type Column, DataTable } from '../../../kit/grids/data-table.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Subscripts } from '../../../kit/symbols.tsx';
import type { PageEvent } from '../../../state/events.ts';
import { goTo } from '../../../state/places.ts';
import { rateOf } from '../../../state/select.ts';
import type { State } from '../../../state/state.ts';
import { Notices } from '../../notices/notices.tsx';
import { Press, useDispatch, useGetLab, useLab } from '../../page.tsx';
import type { Entries } from '../../rail/colours.ts';
import { contestLines, SEEDS } from './contest.ts';
import { BEST_COLUMN, FairFight, TrainRuns } from './fair-fight.tsx';
import { atRate, errorAtSize, rowFighters, rowSizes, type SizeEntrant, sizeSentence, USUAL_RATE } from './fight.ts';
import {
  cellSentence,
  cellTitle,
  doraLine,
  errorText,
  headLine,
  OFT_LINE,
  shiraLine,
  unsearchedSentence,
} from './map-words.ts';
import { KindBars, UpdateMap } from './update-map.tsx';
import {
  cellExperiment,
  rowExperiment,
  type UpdatePictures,
  updatePictures,
  updateRows,
  useOwnUpdate,
} from './updates.ts';

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
function ErrorBySize({ entrants, chosen, budget, d, k, title, row, help }: ErrorBySizeProps) {
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

interface RowRunsProps {
  readonly view: MapView;
  /** The name of the row. */
  readonly label: string;
  readonly floors: SizeFloors;
  readonly onShow: (changes: Partial<MapView>) => void;
}

const AXES = [
  ['rate', 'learning rate'],
  ['size', 'trained parameters'],
] as const;

/** The runs of a row of the map: every adapter at several rates, or at several sizes. */
function RowRuns({ view, label, floors, onShow }: RowRunsProps) {
  const own = useLab((s) => s.experiment);
  const rate = useLab((s) => {
    const known = rateOf(s);
    return known === null ? USUAL_RATE : leastOf(known);
  });
  const { kind, adapter, rank, places, against } = view;
  const fighters = useMemo(
    () => rowFighters({ kind, rank, places }, own, rate, floors(rank)),
    [kind, rank, places, own, rate, floors],
  );
  const sizes = useMemo(() => rowSizes({ kind, rank, places }, own, floors), [kind, rank, places, own, floors]);
  // From samples the Lab trains LoRA alone.
  if (fighters.length < 3) return null;
  const { d, k, steps } = rowExperiment(view, own);
  const budget = budgetOf(rank, d, k);
  const by = kind === OWN ? 'at your seed' : `median of ${SEEDS} seeds`;
  const drawn = `${label}; Adam, ${count(steps)} steps, ${by}`;
  const range = kind === OWN ? '' : ', with the range of its seeds';
  const axis = (
    <Choice aria-label="Error against" options={AXES} value={against} onChange={(to) => onShow({ against: to })} />
  );
  const shared = { title: 'The row of this cell: error against', row: axis, chosen: adapter };
  return (
    <section className="fair-fight" aria-label="The runs of this row">
      {against === 'rate' ? (
        <FairFight
          {...shared}
          entrants={fighters}
          rate={rate}
          help={`${drawn}; ring: the best rate of each${range}`}
          note={`The same runs. Tick: own floor, ${by}. Sorted by “${BEST_COLUMN}”.`}
          head={`at your rate, ${trim(rate)}`}
          asSet={atRate(rate)}
        />
      ) : (
        <ErrorBySize
          {...shared}
          entrants={sizes}
          budget={budget}
          d={d}
          k={k}
          help={`${drawn}, each at its automatic rate; dashed: own floors; dotted: lowest found, no bound`}
        />
      )}
    </section>
  );
}

const FRAMES = 'Frame: the kind of update an adapter is made for. Bold: best of its row.';

/** Opens the experiment of a cell in the lab, from where *Back to the map* leads here again. */
function openCell(
  view: MapView,
  { experiment: own, drawing }: Pick<State, 'experiment' | 'drawing'>,
): PageEvent | null {
  const experiment = cellExperiment(view, own);
  if (!experiment) return null;
  const shown = { ...defaultView(), which: mapViewText(view) };
  const brought = view.kind === OWN ? drawing : null;
  return { type: 'opened', experiment, view: shown, drawing: brought, notices: [], preset: null };
}

export default function WhichPage() {
  const asked = readMapView(useLab((s) => s.view.which));
  const own = useOwnUpdate(asked);
  // A link may name one's own update where there is none.
  const view = asked.kind === OWN && !own ? { ...asked, kind: readMapView('').kind } : asked;
  const { rank, places } = view;
  const rows = useMemo(() => updateRows({ rank, places }, own), [rank, places, own]);
  const row = rows.find(({ name }) => name === view.kind);
  const error = row?.errors[view.adapter] ?? null;
  const phone = useWidth() === 'phone';
  const presented = useLab((s) => s.view.view === 'present');
  const dispatch = useDispatch();
  const now = useGetLab();
  const pictures = useUpdatePictures(own?.entries ?? null);
  const show = (changes: Partial<MapView>) =>
    dispatch({ type: 'viewed', changes: { which: mapViewText({ ...view, ...changes }) } });
  const opens = openCell(view, now());
  const Shown = phone ? KindBars : UpdateMap;
  return (
    <main id="main" tabIndex={-1} className="which-page">
      <Notices />
      {presented && <h1 className="unseen">LoRA Explorer</h1>}
      <p className="claim">
        <Subscripts>{headLine(view)}</Subscripts>
      </p>
      <div className="which-columns">
        <Shown view={view} rows={rows} pictures={pictures} onShow={show} onOpen={() => opens && dispatch(opens)} />
        <aside aria-label="The chosen cell">
          <h2 aria-live="polite">
            <Subscripts>{cellTitle(view, error)}</Subscripts>
          </h2>
          {!phone && !presented && (
            <p className="read">
              <b>Read a row:</b> this is the change that your task needs; how close can each adapter get?{' '}
              <b>Read a column:</b> this is all that it can write.
            </p>
          )}
          <p className="read">
            <Subscripts>
              {row?.without.includes(view.adapter)
                ? unsearchedSentence(view)
                : cellSentence(view, error, own && view.kind === OWN ? own : undefined)}
            </Subscripts>
          </p>
          {view.adapter === 'shira' && <p className="read">{shiraLine(view)}</p>}
          {view.adapter === 'dora' && (
            <p className="read">{doraLine(view, view.kind === OWN ? (own ?? undefined) : undefined)}</p>
          )}
          {view.adapter === 'oft' && <p className="note">{OFT_LINE}</p>}
          {opens && !presented && (
            <p className="row">
              <Press className="btn main" event={opens}>
                Open in the lab
              </Press>
            </p>
          )}
          <p className="note">
            Number: the lowest relative error that any training can reach; * the lowest found from several starts,
            training may pass it. Median of {TABLE_SEEDS} seeds, {SIDE} × {SIDE}.
            {own && ' Your own update: its own seed.'} {phone ? 'Bold: the best.' : FRAMES}
          </p>
          {!presented && (
            <>
              <Check checked={view.places} onChange={(places) => show({ places })}>
                Count SHiRA’s places too: {count(budgetOf(view.rank, SIDE, SIDE) / 2)} entries
              </Check>
              <div className="ctl">
                <div className="hd">
                  <span>Trained parameters</span>
                </div>
                <Choice
                  aria-label="Trained parameters"
                  options={BUDGET_RANKS.map((rank) => [rank, count(budgetOf(rank, SIDE, SIDE))] as const)}
                  value={view.rank}
                  onChange={(rank) => show({ rank })}
                />
              </div>
            </>
          )}
          {presented && (
            <Press className="btn exit" aria-keyshortcuts="Escape" event={goTo('which')}>
              Exit <kbd>Esc</kbd>
            </Press>
          )}
        </aside>
      </div>
      {row && !presented && <RowRuns view={view} label={row.label} floors={row.floors} onShow={show} />}
    </main>
  );
}

/** ΔW* of each kind, made once the map is on screen, and of one's own update. */
function useUpdatePictures(own: Entries | null): UpdatePictures {
  const [pictures, setPictures] = useState<UpdatePictures>(new Map());
  useEffect(() => {
    const timer = setTimeout(() => setPictures(updatePictures()));
    return () => clearTimeout(timer);
  }, []);
  return useMemo(() => (own ? new Map([...pictures, [OWN, own]]) : pictures), [pictures, own]);
}
