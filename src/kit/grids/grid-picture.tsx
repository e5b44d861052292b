/* biome-ignore-all lint/a11y/useSemanticElements: no table can be laid over a picture cell by cell */
/* biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names its active cell */
import { type ComponentProps, memo, useId } from 'react';
import { arrowKeys, cellAfter } from '../arrows.ts';

export type CellPlace = readonly [row: number, column: number];

interface GridWords {
  readonly corner: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Null: there is no such cell. */
  readonly words: (place: CellPlace) => string | null;
}

interface GridPictureProps extends ComponentProps<'div'> {
  /** A row is rendered again only if its words are others. */
  readonly spoken: GridWords;
  /** The cell that the keys are on. */
  readonly at: CellPlace | null;
  readonly chosen: CellPlace | null;
  readonly page: number;
  readonly onWalk: (to: CellPlace) => void;
  /** Enter, the space bar or Escape; false if it ignores the key. Undefined: it ignores all three. */
  readonly onAct?: (key: string) => boolean;
}

/** A picture with cells that keys move through, also as a table of text for screen readers. One tab stop. */
export function GridPicture({ spoken, at, chosen, page, onWalk, onAct, children, ...props }: GridPictureProps) {
  const id = useId();
  const [rows, columns] = [spoken.rows.length, spoken.columns.length];
  const press = arrowKeys((event) => {
    const to = cellAfter(event.key, at ?? [0, 0], { rows, columns, page });
    if (to) onWalk(to);
    else if (!['Enter', ' ', 'Escape'].includes(event.key) || !onAct?.(event.key)) return false;
  });
  return (
    <div
      role="grid"
      aria-rowcount={rows + 1}
      aria-colcount={columns + 1}
      aria-readonly="true"
      aria-activedescendant={at ? `${id}${at[0]}-${at[1]}` : undefined}
      tabIndex={0}
      onKeyDown={press}
      {...props}
    >
      {children}
      <Heads corner={spoken.corner} columns={spoken.columns} />
      {spoken.rows.map((head, row) => (
        <Row key={row} {...{ id, head, row, spoken }} chosen={chosen?.[0] === row ? chosen[1] : null} />
      ))}
    </div>
  );
}

const Heads = memo(function Heads({ corner, columns }: Pick<GridWords, 'corner' | 'columns'>) {
  return (
    <div role="row" className="unseen">
      {[corner, ...columns].map((head, i) => (
        <span key={i} role="columnheader">
          {head}
        </span>
      ))}
    </div>
  );
});

interface GridRowProps {
  readonly id: string;
  readonly head: string;
  readonly row: number;
  readonly spoken: GridWords;
  readonly chosen: number | null;
}

const Row = memo(function Row({ id, head, row, spoken, chosen }: GridRowProps) {
  return (
    <div role="row" className="unseen">
      <span role="rowheader">{head}</span>
      {spoken.columns.map((_, column) => {
        const words = spoken.words([row, column]);
        if (words === null) return null;
        return (
          <span
            key={column}
            role="gridcell"
            id={`${id}${row}-${column}`}
            aria-selected={chosen === column}
            aria-label={words}
          />
        );
      })}
    </div>
  );
}, sameRow);

function sameRow(a: GridRowProps, b: GridRowProps): boolean {
  if (a.id !== b.id || a.head !== b.head || a.row !== b.row || a.chosen !== b.chosen) return false;
  const { columns } = b.spoken;
  if (a.spoken === b.spoken) return true;
  if (a.spoken.columns.length !== columns.length) return false;
  return columns.every((_, column) => a.spoken.words([a.row, column]) === b.spoken.words([b.row, column]));
}
