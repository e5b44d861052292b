import { textWidth } from '../../charts/drawing/text-width.ts';
import type { GridPlace, GridScene } from './grid-scene.ts';

/** The room that a grid has, in px. */
export interface GridContainer {
  readonly width: number;
  /** As many px as all of it may take; null: rows are as high as they like, and the page scrolls. */
  readonly height: number | null;
  readonly font: number;
  /** Rows that a finger meets, and no margins. */
  readonly touch: boolean;
}

/** Where everything of a grid is, in px from its upper left corner. */
export interface GridLayout {
  /** Heads of columns, as high as this. */
  readonly head: number;
  readonly foot: number;
  /** Heads of rows, as wide as this. */
  readonly left: number;
  /** Shares of rows. */
  readonly margin: number;
  readonly cell: { readonly width: number; readonly height: number };
  /** Width of the tint behind a number. */
  readonly number: number;
  /** All rows. */
  readonly body: number;
  /** As much of them as is seen at a time. */
  readonly seen: number;
  readonly width: number;
  /** Heads of columns stand on two lines, every other one lower. */
  readonly staggered: boolean;
  readonly font: number;
}

/** Up to so many rows are seen at a time; more scroll. */
const MOST_ROWS = 24;
const ROW = { least: 15, most: 30, touch: 44 };
const CELL = { least: 26, most: 130, touch: 46 };
/** Head of the rows, px. */
const LEFT = { least: 40, most: 150, touch: 92 };
const MARGIN = 62;
/** A scroll bar takes as much at most. */
const BAR = 15;

export function gridLayout(scene: GridScene, { width, height, font, touch }: GridContainer): GridLayout {
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
  return {
    head,
    foot,
    left,
    margin,
    cell: { width: cellWidth, height: cellHeight },
    number: Math.max(24 * scale, Math.ceil(textWidth(scene.widest, font)) + 8),
    body,
    seen: touch ? body : Math.min(body, Math.max(4 * cellHeight, free)),
    width: left + columns.length * cellWidth + margin,
    staggered,
    font,
  };
}

/** px that a grid takes at most; of many rows as many as there are. */
export const tallest = ({ rows }: GridScene, { head, foot, font }: GridLayout): number =>
  rows.length > MOST_ROWS ? Number.MAX_SAFE_INTEGER : head + rows.length * ROW.most * (font / 12) + foot;

/** px that a grid takes where the page scrolls. */
export const placeHeight = ({ rows }: GridScene, { head, foot, body }: GridLayout, touch: boolean): number =>
  touch ? head + body + foot : head + Math.min(rows.length, MOST_ROWS) * COMFORTABLE + foot;

/** Rows where neither a window's height nor a finger says otherwise. */
const COMFORTABLE = 26;

/** The groups whose name is drawn: of one alone the heads of its columns say enough. */
export const named = (groups: GridScene['groups']) => (groups.length > 1 ? groups.filter(({ text }) => text) : []);

/** The cell under px right of the heads of rows and below those of columns; null beside them. */
export function cellAtPoint(
  { rows, columns }: GridScene,
  { cell }: GridLayout,
  x: number,
  y: number,
): GridPlace | null {
  const [row, column] = [Math.floor(y / cell.height), Math.floor(x / cell.width)];
  return row >= 0 && row < rows.length && column >= 0 && column < columns.length ? [row, column] : null;
}
