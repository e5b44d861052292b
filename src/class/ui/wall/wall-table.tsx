import { Fragment, type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import { inits } from '../../../experiment/inits/index.ts';
import { shortName } from '../../../experiment/inits/init.ts';
import { count, display, number, trim } from '../../../experiment/numbers.ts';
import { optimisers } from '../../../experiment/optimisers.ts';
import type { Goal } from '../../../experiment/plan/goal.ts';
import { diffKeys, withAutoRate } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { leastOf, rateText, SCALINGS } from '../../../experiment/settings/rate.ts';
import { Button } from '../../../kit/button.tsx';
import { type Sort, sortRows } from '../../../kit/grids/data-table.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Symbols } from '../../../kit/symbols.tsx';
import { MAX_PINS } from '../../../state/compare/pins.ts';
import type { PageEvent } from '../../../state/events.ts';
import { useDispatch, useLab } from '../../../ui/page.tsx';
import { type ClassStanding, goalStep, scalingIn, trainedOf } from '../../model/standings.ts';
import { useChangeWall, type WallView } from './use-wall.ts';

/** A column of the table, in addition to place and name. */
interface WallColumn {
  readonly key: string;
  readonly head: readonly string[];
  readonly left?: boolean;
  readonly text: (standing: ClassStanding, reference: Experiment) => string;
  /** Sort key; unknown values come last. */
  readonly value: (standing: ClassStanding) => number | string | null;
  /** A phone and a projector show only some columns. */
  readonly phone?: boolean;
  readonly present?: boolean;
}

const displayed = (value: number | null) => (value === null ? '' : display(value));

const rateIn = (entry: ClassStanding['entry']) => trainedOf(entry)?.rate ?? entry.experiment.lr;

/** "16, α/r", and other differences from the class link. */
function ruleText({ entry: { experiment: e } }: ClassStanding, reference: Experiment): string {
  const more = [
    e.init === reference.init ? null : shortName(inits.byName(e.init)),
    e.seed === reference.seed ? null : `seed ${e.seed}`,
    e.steps === reference.steps ? null : `${count(e.steps)} steps`,
  ].filter((word) => word !== null);
  return [trim(e.alpha), SCALINGS[e.scaling], ...more].join(', ');
}

export const WALL_COLUMNS: readonly WallColumn[] = [
  {
    key: 'step',
    head: ['reached', 'at step'],
    text: (standing) => {
      const step = goalStep(standing);
      return standing.kind === 'diverged' ? '▲' : step === null ? '–' : count(step);
    },
    value: goalStep,
    phone: true,
    present: true,
  },
  {
    key: 'error',
    head: ['final', 'error'],
    text: (standing) =>
      standing.kind === 'diverged'
        ? `diverged, ${standing.step}`
        : standing.error === null
          ? '–'
          : number(standing.error),
    value: (standing) => (standing.kind === 'diverged' ? null : standing.error),
    phone: true,
    present: true,
  },
  {
    key: 'rank',
    head: ['rank'],
    text: ({ entry }) => count(entry.experiment.rank),
    value: ({ entry }) => entry.experiment.rank,
    phone: true,
    present: true,
  },
  { key: 'numbers', head: ['numbers'], text: ({ numbers }) => count(numbers), value: ({ numbers }) => numbers },
  {
    key: 'optimiser',
    head: ['optimiser'],
    left: true,
    text: ({ entry }) => optimisers.byName(entry.experiment.opt).label,
    value: ({ entry }) => optimisers.byName(entry.experiment.opt).label,
    present: true,
  },
  {
    key: 'rate',
    head: ['rate'],
    text: ({ entry }) => {
      const { ratio } = entry.experiment;
      const rate = rateIn(entry);
      return `${rate === null ? '' : rateText(rate)}${ratio === 1 ? '' : ` ×${trim(ratio)}`}`;
    },
    value: ({ entry }) => leastOf(rateIn(entry) ?? Number.NaN),
    present: true,
  },
  { key: 's', head: ['s'], text: (standing) => displayed(scalingIn(standing)), value: scalingIn },
  { key: 'rule', head: ['α, rule'], left: true, text: ruleText, value: ({ entry }) => entry.experiment.alpha },
];

/** Sort key for the order of the standings. */
const PLACE_KEY = 'place';

function rankedRuns(
  standings: readonly ClassStanding[],
  names: ReadonlyMap<number, string>,
  sort: Sort,
): readonly ClassStanding[] {
  if (sort.key === PLACE_KEY) return sort.down ? [...standings].reverse() : standings;
  const name = { key: 'name', value: ({ entry }: ClassStanding) => names.get(entry.id) ?? '' };
  return sortRows(standings, [name, ...WALL_COLUMNS], sort);
}

/** Headings of the groups of standings; null for the first, which needs none. */
export function groupHeadings(
  standings: readonly ClassStanding[],
  goal: Goal | null,
): ReadonlyMap<ClassStanding, string> {
  const { numbers = null, steps = null } = goal ?? {};
  const of = (kinds: readonly ClassStanding['kind'][]) => standings.filter(({ kind }) => kinds.includes(kind));
  const over = (what: 'numbers' | 'steps') => standings.some((one) => one.kind === 'over' && one.budget === what);
  const budget = [
    over('numbers') && numbers !== null ? `${count(numbers)} numbers` : null,
    over('steps') && steps !== null ? `${count(steps)} steps` : null,
  ].filter((part) => part !== null);
  const missed = numbers === null && steps === null ? 'goal not reached' : 'within the budget, goal not reached';
  const groups = [
    { runs: of(['missed', 'diverged']), text: goal ? missed : 'by final error' },
    { runs: of(['over']), text: `over the budget of ${budget.join(' or ')}, not scored` },
    { runs: of(['unplaced']), text: 'without a place' },
    { runs: of(['waiting']), text: 'not trained here yet' },
  ];
  return new Map(groups.flatMap(({ runs, text }) => (runs[0] ? [[runs[0], `${text}: ${runs.length}`] as const] : [])));
}

interface WallTableProps {
  readonly shown: WallView;
  readonly pointed: number | null;
  readonly onPoint: (run: number | null) => void;
}

export function WallTable({ shown, pointed, onPoint }: WallTableProps) {
  const { standings, names, goal } = shown;
  const [sort, setSort] = useState<Sort>({ key: PLACE_KEY, down: false });
  const phone = useWidth() === 'phone';
  const columns = WALL_COLUMNS.filter((column) => !phone || column.phone);
  const rows = useMemo(() => rankedRuns(standings, names, sort), [standings, names, sort]);
  const grouped = sort.key === PLACE_KEY && !sort.down;
  const heads = useMemo(() => (grouped ? groupHeadings(standings, goal) : null), [grouped, standings, goal]);
  return (
    <table className="numbers whole ruled class-table" onPointerLeave={() => onPoint(null)}>
      <caption className="unseen">Runs, {grouped ? 'best first' : 'sorted'}</caption>
      <thead>
        <tr>
          <Head column={{ key: PLACE_KEY, head: [] }} sort={sort} onSort={setSort} />
          <Head column={{ key: 'name', head: ['name'], left: true }} sort={sort} onSort={setSort} />
          {columns.map((column) => (
            <Head key={column.key} column={column} sort={sort} onSort={setSort} />
          ))}
          <th>
            <span className="unseen">Pin, remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((standing) => {
          const { id } = standing.entry;
          const heading = heads?.get(standing);
          return (
            <Fragment key={id}>
              {heading !== undefined && (
                <tr className="section">
                  <th colSpan={columns.length + 3} scope="colgroup">
                    {heading}
                  </th>
                </tr>
              )}
              <Row {...{ standing, shown, columns, onPoint }} raised={id === pointed} />
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface HeadProps {
  readonly column: Pick<WallColumn, 'key' | 'head' | 'left'>;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

function Head({ column: { key, head, left }, sort, onSort }: HeadProps) {
  // The standings are sorted by the step at which the goal was reached.
  const on = sort.key === key;
  const shows = on || (sort.key === PLACE_KEY && key === 'step');
  const place = key === PLACE_KEY;
  return (
    <th
      scope="col"
      className={left ? 'l' : undefined}
      aria-sort={on ? (sort.down ? 'descending' : 'ascending') : undefined}
      data-on={shows || undefined}
    >
      <button
        type="button"
        onClick={() => onSort({ key, down: on && !sort.down })}
        aria-label={`Sort by ${place ? 'place' : head.join(' ')}`}
      >
        {place ? <span aria-hidden="true">#</span> : <HeadLines head={head} />}
      </button>
    </th>
  );
}

export function HeadLines({ head }: Pick<WallColumn, 'head'>) {
  return head.map((line, i) => (
    <span key={line}>
      {i > 0 && <br />}
      <Symbols>{line}</Symbols>
    </span>
  ));
}

interface FiguresProps {
  readonly standing: ClassStanding;
  readonly columns: readonly WallColumn[];
}

export function Figures({ standing, columns }: FiguresProps) {
  const reference = useLab((s) => s.experiment);
  return columns.map(({ key, left, text }) => (
    <td key={key} className={left ? 'l' : undefined}>
      {standing.kind === 'diverged' && (key === 'step' || key === 'error') ? (
        <span className="bad-word">{text(standing, reference)}</span>
      ) : (
        text(standing, reference)
      )}
    </td>
  ));
}

interface RowProps extends FiguresProps, Pick<WallTableProps, 'shown' | 'onPoint'> {
  readonly raised: boolean;
}

const LONGEST_NAME = 24;

function Row({ standing, shown: { wall, names }, columns, raised, onPoint }: RowProps) {
  const change = useChangeWall();
  const { kind, entry } = standing;
  const { id } = entry;
  const name = names.get(id) ?? '';
  const reason = kind === 'unplaced' ? standing.why : null;
  // A phone has no room for both the figures and the reason.
  const figures = reason === null ? columns : columns.slice(0, columns.length > 4 ? 2 : 0);
  const rename = (typed: string) =>
    change(({ entries }) => ({ entries: entries.map((one) => (one.id === id ? { ...one, name: typed } : one)) }));
  const step = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') return event.currentTarget.blur();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const all = [...document.querySelectorAll<HTMLInputElement>('.class-table .who')];
    all[all.indexOf(event.currentTarget) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  };
  // Focus stays in the column, on the next row.
  const remove = ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    const all = [...document.querySelectorAll<HTMLElement>('.class-table .away .remove')];
    const i = all.indexOf(currentTarget);
    (all[i + 1] ?? all[i - 1])?.focus();
    change(({ entries }) => ({
      entries: entries.filter((one) => one.id !== id),
      removed: entries.filter((one) => one.id === id),
    }));
  };
  return (
    <tr
      className={kind === 'over' || kind === 'unplaced' ? 'over' : undefined}
      data-raised={raised || undefined}
      data-standing={kind}
      onPointerEnter={() => onPoint(id)}
      onFocus={() => onPoint(id)}
    >
      <td>{kind === 'reached' ? standing.place : ''}</td>
      <th scope="row" className="l">
        {wall.hidden ? (
          <span className="nm">{name}</span>
        ) : (
          <input
            className="who"
            aria-label={`Name of ${name}`}
            maxLength={LONGEST_NAME}
            placeholder={name}
            defaultValue={entry.name}
            key={entry.name}
            onKeyDown={step}
            onBlur={({ currentTarget: { value } }) => value.trim() !== entry.name && rename(value.trim())}
          />
        )}
      </th>
      <Figures standing={standing} columns={figures} />
      {reason !== null && (
        <td className="l why" colSpan={columns.length - figures.length} title={reason}>
          {reason}
        </td>
      )}
      <td className="away">
        {kind !== 'waiting' && <PinButton entry={entry} name={name} />}
        <Button className="link remove" aria-label={`Remove ${name}`} onClick={remove}>
          ×
        </Button>
      </td>
    </tr>
  );
}

interface PinProps extends Pick<ClassStanding, 'entry'> {
  readonly name: string;
}

/** Pins a run, under the name shown, for a comparison in the lab. */
function PinButton({ entry, name }: PinProps) {
  const pins = useLab((s) => s.compare.pins);
  const dispatch = useDispatch();
  const experiment = withAutoRate(entry.experiment);
  const pin = pins.find((one) => one.own === name && diffKeys(one.experiment, experiment).length === 0);
  const refused = pins.length >= MAX_PINS && !pin;
  const event: PageEvent = pin
    ? { type: 'compare', does: 'unpin', pin: pin.id }
    : { type: 'compare', does: 'add', pins: [{ own: name, experiment }] };
  return (
    <Button
      className="link pin"
      aria-label={`${pin ? 'Unpin' : 'Pin'} ${name}`}
      aria-disabled={refused || undefined}
      title={refused ? 'Four runs are pinned: unpin one first' : 'Compare pinned runs side by side'}
      onClick={() => !refused && dispatch(event)}
    >
      {pin ? 'unpin' : 'pin'}
    </Button>
  );
}
