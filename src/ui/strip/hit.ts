import { cellAt } from '../../charts/matrices/cell-outline.ts';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { cellAfter } from '../../kit/arrows.ts';
import type { MatrixCell } from '../../state/state.ts';

/** What a point of the strip is on: a cell of the d × k matrices, and where it is on a factor, the entry of that. */
export interface Hit {
  readonly cell: MatrixCell;
  readonly factor: { readonly of: 'A' | 'B'; readonly row: number; readonly column: number } | null;
}

export interface Shape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/** `before`: the cell so far; a point on A moves its column only, a point on B its row. */
export function hit(layout: StripLayout, { d, k, rank }: Shape, before: MatrixCell, x: number, y: number): Hit | null {
  const { W, W0, DW, target, E, A, B } = layout.matrices;
  for (const square of [DW, target, E, W0, W]) {
    const cell = square && cellAt(square, d, k, x, y);
    if (cell) return { cell, factor: null };
  }
  const a = cellAt(A, rank, k, x, y);
  if (a) return { cell: { row: before.row, column: a.column }, factor: { of: 'A', ...a } };
  const b = cellAt(B, d, rank, x, y);
  if (b) return { cell: { row: b.row, column: before.column }, factor: { of: 'B', ...b } };
  return null;
}

/** The cell that is outlined before anyone points at one: off the middle, so that its row and column can be seen. */
export function restingCell({ d, k }: Shape): MatrixCell {
  return { row: Math.floor(d * 0.42), column: Math.floor(k * 0.71) };
}

/** Where a key moves the cell, a block at a time; null: away. Undefined for every other key. */
export function move(
  { d, k }: Shape,
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
