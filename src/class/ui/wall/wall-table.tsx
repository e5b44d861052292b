import { type KeyboardEvent, type MouseEvent, memo, useMemo } from 'react';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { Button } from '../../../kit/button.tsx';
import type { Sort } from '../../../kit/grids/data-table.tsx';
import { Symbols } from '../../../kit/symbols.tsx';
import type { ClassStanding } from '../../model/standings.ts';
import type { WallView } from './use-wall.ts';
import { groupHeadings, PLACE_KEY, rankedRuns, WALL_COLUMNS, type WallColumn } from './wall-columns.ts';

interface WallTableProps {
  readonly shown: WallView;
  readonly reference: Experiment;
  readonly phone: boolean;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly pointed: number | null;
  readonly onPoint: (run: number | null) => void;
  readonly onName: (run: number, name: string) => void;
  readonly onRemove: (run: number) => void;
  readonly pinned: ReadonlySet<number>;
  readonly onPin: (run: number) => void;
  readonly full: boolean;
}

export function WallTable({ shown, reference, phone, sort, onSort, pointed, pinned, ...acts }: WallTableProps) {
  const { standings, names, goal, wall } = shown;
  const columns = WALL_COLUMNS.filter((column) => !phone || column.phone);
  const rows = useMemo(() => rankedRuns(standings, names, sort), [standings, names, sort]);
  const grouped = sort.key === PLACE_KEY && !sort.down;
  const heads = useMemo(
    () => (grouped ? groupHeadings(standings, goal?.numbers ?? null, goal?.steps ?? null, goal !== null) : null),
    [grouped, standings, goal],
  );
  return (
    <table className="class-table" onPointerLeave={() => acts.onPoint(null)}>
      <caption className="unseen">Runs, {grouped ? 'best first' : 'sorted'}</caption>
      <thead>
        <tr>
          <Head name="place" head={['']} of={PLACE_KEY} sort={sort} onSort={onSort} />
          <Head name="name" head={['name']} of="name" left sort={sort} onSort={onSort} />
          {columns.map(({ key, head, left }) => (
            <Head key={key} name={head.join(' ')} head={head} of={key} left={left} sort={sort} onSort={onSort} />
          ))}
          <th>
            <span className="unseen">Pin, remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((standing) => {
          const heading = heads?.get(standing);
          const { id } = standing.entry;
          return (
            <Rows
              key={id}
              standing={standing}
              heading={heading}
              name={names.get(id) ?? ''}
              typed={wall.hidden ? null : standing.entry.name}
              columns={columns}
              reference={reference}
              raised={id === pointed}
              isPinned={pinned.has(id)}
              {...acts}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface HeadProps {
  readonly name: string;
  readonly head: readonly string[];
  readonly of: string;
  readonly left?: boolean;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

function Head({ name, head, of, left = false, sort, onSort }: HeadProps) {
  // The standings are sorted by the step at which the goal was reached.
  const on = sort.key === of;
  const shows = on || (sort.key === PLACE_KEY && of === 'step');
  return (
    <th
      scope="col"
      className={left ? 'l' : undefined}
      aria-sort={on ? (sort.down ? 'descending' : 'ascending') : undefined}
      data-on={shows || undefined}
    >
      <button type="button" onClick={() => onSort({ key: of, down: on && !sort.down })} aria-label={`Sort by ${name}`}>
        {of === PLACE_KEY ? (
          <span aria-hidden="true">#</span>
        ) : (
          head.map((line, i) => (
            <span key={line}>
              {i > 0 && <br />}
              <Symbols>{line}</Symbols>
            </span>
          ))
        )}
      </button>
    </th>
  );
}

interface RowsProps extends Pick<WallTableProps, 'onPoint' | 'onName' | 'onRemove' | 'onPin' | 'full' | 'reference'> {
  readonly standing: ClassStanding;
  readonly heading: string | undefined;
  readonly name: string;
  /** The editable name; null while names are hidden. */
  readonly typed: string | null;
  readonly columns: readonly WallColumn[];
  readonly raised: boolean;
  readonly isPinned: boolean;
}

const LONGEST_NAME = 24;

const Rows = memo(function Rows({
  standing,
  heading,
  name,
  typed,
  columns,
  reference,
  raised,
  isPinned,
  ...acts
}: RowsProps) {
  const { kind, entry } = standing;
  const { id } = entry;
  const reason = kind === 'unplaced' ? standing.why : null;
  // A phone has no room for both the figures and the reason.
  const shown = reason === null ? columns : columns.slice(0, columns.length > 4 ? 2 : 0);
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
    acts.onRemove(id);
  };
  return (
    <>
      {heading !== undefined && (
        <tr className="section">
          <th colSpan={columns.length + 3} scope="colgroup">
            {heading}
          </th>
        </tr>
      )}
      <tr
        className={kind === 'over' || kind === 'unplaced' ? 'over' : undefined}
        data-raised={raised || undefined}
        data-standing={kind}
        onPointerEnter={() => acts.onPoint(id)}
        onFocus={() => acts.onPoint(id)}
      >
        <td>{kind === 'reached' ? standing.place : ''}</td>
        <th scope="row" className="l">
          {typed === null ? (
            <span className="nm">{name}</span>
          ) : (
            <input
              className="who"
              aria-label={`Name of ${name}`}
              maxLength={LONGEST_NAME}
              placeholder={name}
              defaultValue={typed}
              key={typed}
              onKeyDown={step}
              onBlur={({ currentTarget: { value } }) => value.trim() !== typed && acts.onName(id, value.trim())}
            />
          )}
        </th>
        {shown.map((column) => (
          <td key={column.key} className={column.left ? 'l' : undefined}>
            {kind === 'diverged' && (column.key === 'step' || column.key === 'error') ? (
              <span className="bad-word">{column.text(standing, reference)}</span>
            ) : (
              column.text(standing, reference)
            )}
          </td>
        ))}
        {reason !== null && (
          <td className="l why" colSpan={columns.length - shown.length} title={reason}>
            {reason}
          </td>
        )}
        <td className="away">
          {kind !== 'waiting' && <PinButton id={id} name={name} isPinned={isPinned} {...acts} />}
          <Button className="link remove" aria-label={`Remove ${name}`} onClick={remove}>
            ×
          </Button>
        </td>
      </tr>
    </>
  );
});

interface PinProps extends Pick<RowsProps, 'name' | 'isPinned' | 'onPin' | 'full'> {
  readonly id: number;
}

function PinButton({ id, name, isPinned, onPin, full }: PinProps) {
  const refused = full && !isPinned;
  return (
    <Button
      className="link pin"
      aria-label={`${isPinned ? 'Unpin' : 'Pin'} ${name}`}
      aria-disabled={refused || undefined}
      title={refused ? 'Four runs are pinned: unpin one first' : 'Compare pinned runs side by side'}
      onClick={() => !refused && onPin(id)}
    >
      {isPinned ? 'unpin' : 'pin'}
    </Button>
  );
}
