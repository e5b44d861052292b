import type { Rect, StripLayout } from './strip-layout.ts';

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

/** px: a matrix that is drawn as a hairline is found this near to it. */
const EASY = 8;

/** The entry of a rows × columns matrix that is drawn under a point; null beside the matrix. */
export function cellAt(matrix: Rect, rows: number, columns: number, px: number, py: number) {
  const column = entryAt(px, matrix.x, matrix.width, columns);
  const row = entryAt(py, matrix.y, matrix.height, rows);
  return row === null || column === null ? null : { row, column };
}

function entryAt(p: number, from: number, size: number, n: number): number | null {
  const beside = Math.max(0, (EASY - size) / 2);
  if (p < from - beside || p >= from + size + beside) return null;
  return Math.min(n - 1, Math.max(0, Math.floor(((p - from) / size) * n)));
}
