import { cellAfter } from '../../kit/arrows.ts';
import type { Rect } from '../../kit/chart/marks.ts';
import type { MatrixCell } from '../../state/state.ts';
import type { MatrixName } from './matrices.ts';

/** Target of a point: a cell of the d × k matrices, and the entry if the point is on a factor. */
export interface Hit {
  readonly cell: MatrixCell;
  readonly factor: { readonly of: 'A' | 'B'; readonly row: number; readonly column: number } | null;
}

export interface MatrixShape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/** `before`: the previous cell; a point on A moves its column only, a point on B its row. */
export function hitOf(
  matrices: Iterable<readonly [MatrixName, Rect]>,
  { d, k, rank }: MatrixShape,
  before: MatrixCell,
  x: number,
  y: number,
): Hit | null {
  for (const [name, rect] of matrices) {
    const at = entryUnder(rect, name === 'A' ? rank : d, name === 'B' ? rank : k, x, y);
    if (!at) continue;
    if (name === 'A') return { cell: { row: before.row, column: at.column }, factor: { of: name, ...at } };
    if (name === 'B') return { cell: { row: at.row, column: before.column }, factor: { of: name, ...at } };
    return { cell: at, factor: null };
  }
  return null;
}

/** px: a matrix drawn as a hairline is hit within this distance. */
const EASY = 8;

function entryUnder({ x, y, width, height }: Rect, rows: number, columns: number, px: number, py: number) {
  const along = (p: number, from: number, size: number, n: number): number | null => {
    const beside = Math.max(0, (EASY - size) / 2);
    if (p < from - beside || p >= from + size + beside) return null;
    return Math.min(n - 1, Math.max(0, Math.floor(((p - from) / size) * n)));
  };
  const [row, column] = [along(py, y, height, rows), along(px, x, width, columns)];
  return row === null || column === null ? null : { row, column };
}

/** The cell outlined before anyone points at one: off centre, so that its row and column are visible. */
export function restingCell({ d, k }: MatrixShape): MatrixCell {
  return { row: Math.floor(d * 0.42), column: Math.floor(k * 0.71) };
}

/** The cell after a key, moved by one block; null: none. Undefined for any other key. */
export function moveCell(
  { d, k }: MatrixShape,
  cell: MatrixCell | null,
  key: string,
  block: { readonly rows: number; readonly columns: number },
): MatrixCell | null | undefined {
  if (key === 'Escape') return cell ? null : undefined;
  const { row, column } = cell ?? restingCell({ d, k, rank: 1 });
  const after = cellAfter(key, [row, column], { rows: d, columns: k, by: [block.rows, block.columns] });
  if (!after) return undefined;
  return cell ? { row: after[0], column: after[1] } : { row, column };
}
