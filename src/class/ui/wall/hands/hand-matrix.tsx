import { memo, type PointerEvent, useMemo } from 'react';
import { shortened, widest } from '../../../../kit/chart/text-width.ts';
import { type CellPlace, GridPicture } from '../../../../kit/grids/grid-picture.tsx';
import { useContainerWidth, useWidth } from '../../../../kit/media.tsx';
import { classShare, type HandReadings, type HandRow, LOST } from '../../../model/class-hands.ts';
import type { MergedHands } from '../../../model/hand-words.ts';

interface MatrixProps {
  readonly readings: HandReadings;
  readonly merged: readonly MergedHands[];
  readonly names: ReadonlyMap<number, string>;
  readonly hidden: boolean;
  readonly at: CellPlace | null;
  readonly onWalk: (to: CellPlace | null) => void;
}

/** px of a cell, of the last column, of a row of a merge and of the gaps. */
const CELL = { least: 4, most: 22, readable: 13 };
const OTHERS = 26;
const MERGED = { height: 18, pitch: 22 };
const GAP = 12;
const FONT = 13;
/** px of the row of numbers above. */
const HEAD = 20;
const NUMBER = 46;

/** A row: an adapter or a way of merging; `heavy`: the sum at the weight that was chosen. */
interface MatrixRow {
  readonly name: string;
  readonly row: HandRow;
  readonly key: 'own' | MergedHands['key'];
}

export const matrixRows = ({ readings, merged, names }: Pick<MatrixProps, 'readings' | 'merged' | 'names'>) => [
  ...readings.hands.map(({ id }, i): MatrixRow => ({ name: names.get(id) ?? '', row: readings.alone[i], key: 'own' })),
  ...merged,
];

/** The reading of a cell in words; `columns`: names of the hands with test drawings. */
export function cellWords({ key, name, row }: MatrixRow, column: number, columns: readonly string[]): string {
  const who = key === 'own' ? `The adapter of ${name}` : name;
  const whose = column < columns.length ? `the drawings of ${columns[column]}` : 'digits of other people';
  const share = row.shares[column] ?? row.others;
  return `${who}, ${whose}: ${share.toFixed(2)}${isLost(key, row, column) ? ', lost' : ''}`;
}

const isLost = (key: MatrixRow['key'], { shares }: HandRow, column: number) =>
  key !== 'own' && key !== 'none' && shares[column] < LOST;

/** Whose adapter reads whose hand: hue by share, and each way of merging below. One tab stop. */
export function HandMatrix({ readings, merged, names, hidden, at, onWalk }: MatrixProps) {
  const [box, width] = useContainerWidth<HTMLDivElement>();
  const phone = useWidth() === 'phone';
  const { hands, columns } = readings;
  const rows = useMemo(() => matrixRows({ readings, merged, names }), [readings, merged, names]);
  const heads = useMemo(() => columns.map(({ id }) => names.get(id) ?? ''), [columns, names]);
  const labels = rows.map(({ name, key }, i) => (key === 'own' ? (hidden ? `${i + 1}` : `${name} ${i + 1}`) : name));
  const numbers = phone ? 10 : 2 * NUMBER;
  const left = Math.min(phone ? 94 : 132, widest(labels, FONT, true) + 8);
  const free = width - left - GAP - OTHERS - numbers;
  const cell = Math.max(CELL.least, Math.min(CELL.most, Math.floor((10 * free) / Math.max(1, columns.length)) / 10));
  const layout = { left, cell, own: hands.length, across: columns.length, numbers: !phone };
  const spoken = useMemo(
    () => ({
      corner: 'Adapter',
      rows: rows.map(({ name }) => name),
      columns: [...heads, 'others'],
      words: ([row, column]: CellPlace) => cellWords(rows[row], column, heads),
    }),
    [rows, heads],
  );
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left: x, top: y } = event.currentTarget.getBoundingClientRect();
    onWalk(cellAt(event.clientX - x, event.clientY - y, layout, rows.length));
  };
  return (
    <div ref={box}>
      {width > 0 && (
        <GridPicture
          className="hand-matrix"
          aria-label="Whose adapter reads whose hand"
          {...{ spoken, at, chosen: null, page: 10, onWalk }}
          onAct={() => false}
          onPointerMove={point}
          onPointerDown={point}
          onFocus={() => onWalk(at ?? [0, 0])}
        >
          <Cells {...{ rows, labels, layout }} width={width} />
          {at && <i className="walked" aria-hidden="true" style={placeOf(at, layout)} />}
        </GridPicture>
      )}
    </div>
  );
}

interface Layout {
  readonly left: number;
  readonly cell: number;
  /** Rows of the adapters, and columns of the hands. */
  readonly own: number;
  readonly across: number;
  readonly numbers: boolean;
}

const rowTop = (row: number, { cell, own }: Layout) =>
  HEAD + (row < own ? row * cell : own * cell + GAP + (row - own) * MERGED.pitch);

const placeOf = ([row, column]: CellPlace, layout: Layout) => ({
  left: layout.left + column * layout.cell + (column === layout.across ? GAP : 0),
  top: rowTop(row, layout),
  width: column === layout.across ? OTHERS : layout.cell,
  height: row < layout.own ? layout.cell : MERGED.height,
});

function cellAt(x: number, y: number, layout: Layout, rows: number): CellPlace | null {
  const { left, cell, own, across } = layout;
  const column = Math.min(across, Math.floor((x - left) / cell));
  const below = y - HEAD - own * cell - GAP;
  const row = below < 0 ? Math.floor((y - HEAD) / cell) : own + Math.floor(below / MERGED.pitch);
  const inside = column >= 0 && row >= 0 && row < rows && x < left + across * cell + GAP + OTHERS;
  return inside && (below >= 0 || row < own) ? [row, column] : null;
}

interface CellsProps {
  readonly rows: readonly MatrixRow[];
  readonly labels: readonly string[];
  readonly layout: Layout;
  readonly width: number;
}

const Cells = memo(
  function Cells({ rows, labels, layout, width }: CellsProps) {
    const { left, cell, own, across, numbers } = layout;
    const height = rowTop(rows.length - 1, layout) + MERGED.height + 2;
    const everyFifth = (i: number) => i === 0 || (i + 1) % 5 === 0;
    const end = left + across * cell + GAP + OTHERS;
    return (
      <svg width={width} height={height} aria-hidden="true">
        <text className="quiet" x={left - 6} y={14} textAnchor="end">
          hand
        </text>
        {Array.from({ length: across }, (_, i) => i)
          .filter(everyFifth)
          .map((i) => (
            <text key={i} className="quiet" x={left + (i + 0.5) * cell} y={14} textAnchor="middle">
              {i + 1}
            </text>
          ))}
        <text className="quiet" x={end - OTHERS / 2} y={14} textAnchor="middle">
          others
        </text>
        {rows.map(({ key, row }, r) => {
          const merged = r >= own;
          const label = merged || cell >= CELL.readable ? labels[r] : everyFifth(r) ? `${r + 1}` : '';
          const { top, height: tall } = placeOf([r, 0], layout);
          const middle = top + tall / 2 + FONT * 0.36;
          const bold = key === 'sum' ? 'strong' : undefined;
          return (
            <g key={r} className={bold}>
              <text x={left - 6} y={middle} textAnchor="end">
                {shortened(label, left - 6, FONT, key === 'sum')}
              </text>
              {[...row.shares, row.others].map((share, column) => {
                const { left: x, width: wide } = placeOf([r, column], layout);
                return (
                  <rect
                    key={column}
                    x={x}
                    y={top}
                    width={wide - (cell > 9 ? 1 : 0)}
                    height={tall - (cell > 9 ? 1 : 0)}
                    fillOpacity={Math.max(0.02, Math.min(1, (share - 0.2) / 0.8)).toFixed(3)}
                  />
                );
              })}
              {row.shares.map(
                (_, column) =>
                  isLost(key, row, column) && (
                    <text
                      key={`lost ${column}`}
                      className="lost"
                      x={left + (column + 0.5) * cell}
                      y={middle}
                      textAnchor="middle"
                    >
                      ×
                    </text>
                  ),
              )}
              {merged && numbers && (
                <>
                  <text x={end + NUMBER} y={middle} textAnchor="end">
                    {across > 0 ? classShare(row).toFixed(3) : '–'}
                  </text>
                  <text className="quiet" x={end + 2 * NUMBER} y={middle} textAnchor="end">
                    {row.others.toFixed(3)}
                  </text>
                </>
              )}
            </g>
          );
        })}
        {numbers && (
          <>
            <text className="quiet" x={end + NUMBER} y={rowTop(own, layout) - 3} textAnchor="end">
              class
            </text>
            <text className="quiet" x={end + 2 * NUMBER} y={rowTop(own, layout) - 3} textAnchor="end">
              others
            </text>
          </>
        )}
      </svg>
    );
  },
  (a, b) =>
    a.rows === b.rows && a.width === b.width && a.layout.cell === b.layout.cell && a.labels.join() === b.labels.join(),
);
