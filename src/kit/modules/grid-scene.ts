/**
 * The grid of an adapter's modules, layers × kinds of module, as plain data. A cell is a number on its tint and, next
 * to it, a small shape: the spectrum as bars (with a cut through it if the module is to be cut), or a square of numbers
 * between 0 and 1. The scene defines the numbers: figures of one file, or a comparison of two.
 */
export interface GridScene {
  readonly rows: readonly GridHead[];
  readonly columns: readonly GridHead[];
  /** Heads over several columns, from the first up to, not including, the last. A single one, or "", is not drawn. */
  readonly groups: readonly GridGroup[];
  /** Whether to reserve space for shares; undefined: if any. While they are unknown it keeps cells in their places. */
  readonly margins?: boolean;
  /** Row by row; null if there is no such module. */
  readonly cells: readonly (GridCell | null)[];
  readonly hue: 'dw' | 'dwt';
  /** The top of the bars: the largest singular value of the file. */
  readonly most: number;
  /** Widest number, for the width of the tints: "4", "0.55". */
  readonly widest: string;
  /** Indices of the modules that are not dimmed; null: all. */
  readonly lit: ReadonlySet<number> | null;
}

export interface GridHead {
  readonly text: string;
  /** Share of the file's energy, 0 … 1; if unknown, null and not drawn. */
  readonly share: number | null;
}

export interface GridGroup {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export interface GridCell {
  /** The index of the cell's module, or of its pair. */
  readonly index: number;
  /** The formatted number; empty while unknown. */
  readonly text: string;
  /** Strength of the tint's hue, 0 … 1; null: no tint. */
  readonly tint: number | null;
  readonly beside: Bars | ValueGrid | null;
  /** Marked with a ▲. */
  readonly flagged: boolean;
  /** The number is a word for a fault. */
  readonly bad: boolean;
  readonly words: string;
}

export interface Bars {
  readonly bars: ArrayLike<number>;
  /** Directions left after the cut; null: not cut. */
  readonly kept: number | null;
}

export interface ValueGrid {
  readonly rows: number;
  readonly cols: number;
  readonly values: ArrayLike<number>;
}

export type GridPlace = readonly [row: number, column: number];

export const cellAt = ({ columns, cells }: GridScene, [row, column]: GridPlace): GridCell | null =>
  cells[row * columns.length + column] ?? null;

export function placeOf({ columns, cells }: GridScene, index: number | null): GridPlace | null {
  const at = index === null ? -1 : cells.findIndex((cell) => cell?.index === index);
  return at < 0 ? null : [Math.floor(at / columns.length), at % columns.length];
}

/** The caption of a grid; `beside`: the part about the shapes, if the cells have space for them. */
export type CaptionParts = readonly (string | { readonly beside: string })[];

export function captionText(parts: CaptionParts, besides: boolean): string {
  return parts.flatMap((part) => (typeof part === 'string' ? [part] : besides ? [part.beside] : [])).join('; ');
}
