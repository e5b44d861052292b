import type { Rect } from '../drawing/marks.ts';
import type { StripLayout } from './strip-layout.ts';

/** What to outline for one cell of ΔW: the cell, its row of B, its column of A, lines from them to it, and the same cell elsewhere. */
export interface CellOutline {
  readonly cell: Rect;
  readonly rowOfB: Rect;
  readonly columnOfA: Rect;
  /** Path of the dotted lines. */
  readonly lines: string;
  /** In the other d × k matrices. */
  readonly same: readonly Rect[];
}

/** Row and column count from 0. An outline stands `pad` px off the entries that it frames. */
export function cellOutline(
  { matrices }: Pick<StripLayout, 'matrices'>,
  { d, k }: { readonly d: number; readonly k: number },
  row: number,
  column: number,
  pad = 1,
): CellOutline {
  const { A, B, DW } = matrices;
  const around = (left: number, top: number, width: number, height: number, by: number): Rect => ({
    x: left - by,
    y: top - by,
    width: width + 2 * by,
    height: height + 2 * by,
  });
  const inside = ({ x, y, width, height }: Rect) =>
    around(x + (column * width) / k, y + (row * height) / d, width / k, height / d, 1.5 * pad);
  const [across, down] = [DW.width / k, DW.height / d];
  const x = DW.x + column * across;
  const y = DW.y + row * down;
  const toCell = `M${B.x + B.width + pad} ${y + down / 2}H${x - 2 * pad}`;
  const fromA = `M${x + across / 2} ${A.y + A.height + pad}V${y - 2 * pad}`;
  return {
    cell: inside(DW),
    rowOfB: around(B.x, y, B.width, down, pad),
    columnOfA: around(x, A.y, across, A.height, pad),
    lines: toCell + fromA,
    same: [matrices.W0, matrices.W, matrices.target, matrices.E].filter((rect) => rect !== null).map(inside),
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
