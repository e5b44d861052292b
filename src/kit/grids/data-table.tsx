import { type Key, memo, type ReactNode } from 'react';

/** A column; the first one holds the row heads. */
export interface Column<Row> {
  readonly key: string;
  /** Undefined: an empty corner. */
  readonly head?: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: string;
  /** The value to sort by; if unknown, null. Undefined: the column cannot be sorted. */
  readonly value?: (row: Row) => number | string | null;
}

export interface Sort {
  readonly key: string;
  readonly down: boolean;
}

/** Unknown values last; equal rows keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Pick<Column<Row>, 'key' | 'value'>[],
  { key, down }: Sort,
): readonly Row[] {
  const value = columns.find((column) => column.key === key)?.value;
  if (!value) return rows;
  const valued = rows.map((row) => [value(row), row] as const);
  valued.sort(([a], [b]) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order =
      typeof a === 'number' && typeof b === 'number'
        ? a - b
        : String(a).localeCompare(String(b), 'en', { numeric: true });
    return down ? -order : order;
  });
  return valued.map(([, row]) => row);
}

interface HeadsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort?: Sort;
  /** Pressing the head of the sorted column reverses the order. */
  readonly onSort?: (sort: Sort) => void;
}

export function Heads<Row>({ columns, sort, onSort }: HeadsProps<Row>) {
  return columns.map(({ key, head, className, value }) => {
    if (head === undefined) return <td key={key} />;
    const down = sort?.key === key ? sort.down : null;
    return (
      <th
        key={key}
        scope="col"
        className={className}
        aria-sort={down === null ? undefined : down ? 'descending' : 'ascending'}
      >
        {value && onSort ? (
          <button type="button" className="sort" onClick={() => onSort({ key, down: down === false })}>
            {head}
            {down !== null && <span aria-hidden="true">{down ? ' ▼' : ' ▲'}</span>}
          </button>
        ) : (
          head
        )}
      </th>
    );
  });
}

interface CellsProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
}

export function Cells<Row>({ columns, row }: CellsProps<Row>) {
  return columns.map(({ key, className, cell }, i) =>
    i === 0 ? (
      <th key={key} scope="row" className={className}>
        {cell(row)}
      </th>
    ) : (
      <td key={key} className={className}>
        {cell(row)}
      </td>
    ),
  );
}

interface DataTableProps<Row> extends HeadsProps<Row> {
  readonly className?: string;
  readonly caption?: ReactNode;
  readonly rows: readonly Row[];
  /** Undefined: the index of the row. */
  readonly keyOf?: (row: Row) => Key;
  readonly rowClass?: (row: Row) => string | undefined;
}

/** A table of rows. A row is rendered again only if its fields or the columns change. */
export function DataTable<Row>({ className, caption, rows, keyOf, rowClass, ...heads }: DataTableProps<Row>) {
  return (
    <table className={className}>
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          <Heads {...heads} />
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <Line key={keyOf?.(row) ?? i} className={rowClass?.(row)} columns={heads.columns} row={row} />
        ))}
      </tbody>
    </table>
  );
}

const Line = memo(
  function Line({ className, ...cells }: CellsProps<unknown> & { readonly className: string | undefined }) {
    return (
      <tr className={className}>
        <Cells {...cells} />
      </tr>
    );
  },
  (a, b) => a.className === b.className && a.columns === b.columns && sameFields(a.row, b.row),
) as <Row>(props: CellsProps<Row> & { readonly className: string | undefined }) => ReactNode;

function sameFields(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b;
  const [before, after] = [Object.values(a), Object.values(b)];
  return before.length === after.length && before.every((value, i) => value === after[i]);
}
