import { textWidth } from '../chart/text-width.ts';

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

export interface GridContainer {
  readonly width: number;
  /** Total height in px; null: rows have their preferred height, and the page scrolls. */
  readonly height: number | null;
  readonly font: number;
  /** Rows large enough to touch, and no margins. */
  readonly touch: boolean;
  /** px scrolled. */
  readonly top?: number;
}

export interface GridLayout {
  readonly head: number;
  readonly foot: number;
  readonly left: number;
  readonly margin: number;
  readonly cell: { readonly width: number; readonly height: number };
  /** Width of the tint behind a number. */
  readonly number: number;
  readonly body: number;
  readonly seen: number;
  /** Drawn: those in sight and a few above and below, from the first up to, not including, the last. */
  readonly rows: readonly [from: number, to: number];
  readonly width: number;
  /** Column heads alternate between two lines. */
  readonly staggered: boolean;
  readonly font: number;
}

/** Most visible rows; more scroll. */
const MOST_ROWS = 24;
const ROW = { least: 15, most: 30, touch: 44 };
const CELL = { least: 26, most: 130, touch: 46 };
/** Width of the row heads, in px. */
const LEFT = { least: 40, most: 150, touch: 92 };
const MARGIN = 62;
/** Largest width of a scroll bar. */
const BAR = 15;
/** Rows drawn above and below those in sight, and so many that are added at a time. */
export const BEYOND = 4;

export function gridLayout(scene: GridScene, { width, height, font, touch, top = 0 }: GridContainer): GridLayout {
  const { rows, columns, groups } = scene;
  const scale = font / 12;
  const name = Math.max(0, ...rows.map(({ text }) => textWidth(text, font, true)));
  const left = Math.min(touch ? LEFT.touch : LEFT.most, Math.max(LEFT.least, Math.ceil(name) + 12));
  const shares = !touch && (scene.margins ?? rows.some(({ share }) => share !== null));
  const margin = shares ? MARGIN * scale : 0;
  const scrolls = !touch && height !== null && rows.length > MOST_ROWS;
  const room = width - left - margin - (scrolls ? BAR : 0);
  const min = touch ? CELL.touch : CELL.least;
  const cellWidth = Math.max(min, Math.min(CELL.most, room / Math.max(1, columns.length)));
  const staggered = columns.some(({ text }) => textWidth(text, font) > cellWidth - 4);
  const grouped = named(groups).length > 0;
  const head = (grouped ? 34 : 20) * scale + (staggered ? Math.round(1.1 * font) : 0);
  const foot = shares ? 22 * scale : 4;
  const free = height === null ? Number.POSITIVE_INFINITY : height - head - foot;
  const per = free / Math.max(1, Math.min(rows.length, MOST_ROWS));
  const cellHeight = touch
    ? ROW.touch
    : Math.max(ROW.least * scale, Math.min(ROW.most * scale, Math.floor(per * 2) / 2));
  const body = rows.length * cellHeight;
  const seen = touch ? body : Math.min(body, Math.max(4 * cellHeight, free));
  return {
    head,
    foot,
    left,
    margin,
    cell: { width: cellWidth, height: cellHeight },
    number: Math.max(24 * scale, Math.ceil(textWidth(scene.widest, font)) + 8),
    body,
    seen,
    rows: [Math.floor(top / cellHeight) - BEYOND, Math.ceil((top + seen) / cellHeight) + 2 * BEYOND],
    width: left + columns.length * cellWidth + margin,
    staggered,
    font,
  };
}

/** Largest height of a grid, in px; unlimited above MOST_ROWS, since its rows scroll. */
export const tallest = ({ rows }: GridScene, { head, foot, font }: GridLayout): number =>
  rows.length > MOST_ROWS ? Number.MAX_SAFE_INTEGER : head + rows.length * ROW.most * (font / 12) + foot;

/** Height of a grid if the page scrolls, in px. */
export const placeHeight = ({ rows }: GridScene, { head, foot, body }: GridLayout, touch: boolean): number =>
  touch ? head + body + foot : head + Math.min(rows.length, MOST_ROWS) * COMFORTABLE + foot;

/** Row height if neither the window's height nor touch determines it. */
const COMFORTABLE = 26;

/** The groups whose name is drawn: a single one is clear from its column heads. */
export const named = (groups: GridScene['groups']) => (groups.length > 1 ? groups.filter(({ text }) => text) : []);

/** The cell under a point, in px right of the row heads and below the column heads; null outside. */
export function cellAtPoint(
  { rows, columns }: GridScene,
  { cell }: GridLayout,
  x: number,
  y: number,
): GridPlace | null {
  const [row, column] = [Math.floor(y / cell.height), Math.floor(x / cell.width)];
  return row >= 0 && row < rows.length && column >= 0 && column < columns.length ? [row, column] : null;
}
