/**
 * The grid of an adapter's modules, layers × kinds of module, as plain data. A cell is a number on its tint and, beside
 * it, something small: the spectrum as bars (with a cut through it where the module is to be cut), or a square of numbers
 * between 0 and 1. What the numbers mean is the scene's: one file's figures, or what two files have in common.
 */
export interface GridScene {
  readonly rows: readonly GridHead[];
  readonly columns: readonly GridHead[];
  /** Heads over several columns, from the first up to, not including, the last. One alone, or "", is not drawn. */
  readonly groups: readonly GridGroup[];
  /** Whether there is room for shares; left out: where there are any. While they are not known yet it keeps cells in their places. */
  readonly margins?: boolean;
  /** Row by row; null where there is no such module. */
  readonly cells: readonly (GridCell | null)[];
  /** Whose hue the tints have. */
  readonly hue: 'dw' | 'dwt';
  /** The top of the bars: the largest singular value of the file. */
  readonly most: number;
  /** Widest number, for the width of the tints: "4", "0.55". */
  readonly widest: string;
  /** Indices of the modules that are not dimmed; null: none is. */
  readonly lit: ReadonlySet<number> | null;
}

export interface GridHead {
  readonly text: string;
  /** Share of the file's energy, 0 … 1; null where it is not known, and then not drawn. */
  readonly share: number | null;
}

export interface GridGroup {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export interface GridCell {
  /** What the cell stands for: the index of a module, or of a pair. */
  readonly index: number;
  /** The number as it is written; empty while it is not known. */
  readonly text: string;
  /** How much of the hue the tint has, 0 … 1; null: no tint. */
  readonly tint: number | null;
  readonly beside: Bars | ValueGrid | null;
  /** Has a ▲. */
  readonly flagged: boolean;
  /** The number is a word that says what is wrong. */
  readonly bad: boolean;
  /** The whole cell in words, for the read-out and for screen readers. */
  readonly words: string;
}

/** A spectrum on the scale of the file. */
export interface Bars {
  readonly bars: ArrayLike<number>;
  /** Directions that stay where the module is cut; null: it is not. */
  readonly kept: number | null;
}

/** Numbers from 0 (paper) to 1 (ink). */
export interface ValueGrid {
  readonly rows: number;
  readonly cols: number;
  readonly values: ArrayLike<number>;
}

/** Where a cell is: its row and its column. */
export type GridPlace = readonly [row: number, column: number];

export const cellAt = ({ columns, cells }: GridScene, [row, column]: GridPlace): GridCell | null =>
  cells[row * columns.length + column] ?? null;

/** The place of what a cell stands for; null where the grid does not have it. */
export function placeOf({ columns, cells }: GridScene, index: number | null): GridPlace | null {
  const at = index === null ? -1 : cells.findIndex((cell) => cell?.index === index);
  return at < 0 ? null : [Math.floor(at / columns.length), at % columns.length];
}

/** What a grid shows; `beside`: what stands beside the numbers if the cells have room for it. */
export type CaptionParts = readonly (string | { readonly beside: string })[];

export function captionText(parts: CaptionParts, besides: boolean): string {
  return parts.flatMap((part) => (typeof part === 'string' ? [part] : besides ? [part.beside] : [])).join('; ');
}
