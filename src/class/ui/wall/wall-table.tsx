import { Fragment, type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import { diffKeys, withAutoRate } from '../../../experiment/settings/experiment.ts';
import { Button } from '../../../kit/button.tsx';
import type { Sort } from '../../../kit/grids/data-table.tsx';
import { useWidth } from '../../../kit/media.tsx';
import { Symbols } from '../../../kit/symbols.tsx';
import { MAX_PINS } from '../../../state/compare/pins.ts';
import type { PageEvent } from '../../../state/events.ts';
import { useDispatch, useLab } from '../../../ui/page.tsx';
import type { ClassStanding } from '../../model/standings.ts';
import { useChangeWall, type WallView } from './use-wall.ts';
import { groupHeadings, PLACE_KEY, rankedRuns, WALL_COLUMNS, type WallColumn } from './wall-columns.ts';

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
