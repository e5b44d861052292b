import type { Rect, StripLayout } from './strip.ts';

/** What to outline for one cell of ΔW: the cell, its row of B, its column of A, and lines from them to the cell. */
export interface CellOutline {
  readonly cell: Rect;
  readonly rowOfB: Rect;
  readonly columnOfA: Rect;
  /** Path of the dotted lines. */
  readonly lines: string;
}

/** Row and column count from 0. An outline stands `pad` px off the entries that it frames. */
export function cellOutline(layout: StripLayout, row: number, column: number, pad = 1): CellOutline {
  const { A, B, DW } = layout.matrices;
  const { cell: size } = layout;
  const x = DW.x + column * size;
  const y = DW.y + row * size;
  const around = (left: number, top: number, width: number, height: number, by: number): Rect => ({
    x: left - by,
    y: top - by,
    width: width + 2 * by,
    height: height + 2 * by,
  });
  const across = `M${B.x + B.width + pad} ${y + size / 2}H${x - 2 * pad}`;
  const down = `M${x + size / 2} ${A.y + A.height + pad}V${y - 2 * pad}`;
  return {
    cell: around(x, y, size, size, 1.5 * pad),
    rowOfB: around(B.x, y, B.width, size, pad),
    columnOfA: around(x, A.y, size, A.height, pad),
    lines: across + down,
  };
}

/** The cell under a point; null beside the matrix. */
export function cellAt(layout: StripLayout, matrix: Rect, d: number, k: number, px: number, py: number) {
  const column = Math.floor((px - matrix.x) / layout.cell);
  const row = Math.floor((py - matrix.y) / layout.cell);
  return row >= 0 && column >= 0 && row < d && column < k ? { row, column } : null;
}
