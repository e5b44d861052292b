import type { Size } from '../chart.ts';
import { textWidth } from '../drawing/text-width.ts';
import { lengthOf, type SweepScene } from './cells.ts';

/** A panel of the map, in px. */
export interface Panel {
  readonly index: number;
  readonly left: number;
  readonly top: number;
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  /** Of a cell. */
  readonly cell: { readonly width: number; readonly height: number };
  readonly panels: readonly Panel[];
  readonly columns: number;
  readonly rows: number;
}

/** px of a cell. */
const NARROWEST = 24;
const HEIGHT = { least: 24, most: 36 };
const GAP = 24;

/** Where the panels of a map stand: side by side as far as their cells stay wide enough to be pointed at. */
export function mapLayout(scene: SweepScene, size: Size): MapLayout {
  const [columns, rows, count] = [lengthOf(scene, 0), lengthOf(scene, 1), lengthOf(scene, 2)];
  const { font } = size;
  const row = scene.axes[1];
  const labels = row ? Math.max(...row.texts.map((text) => textWidth(text, font)), textWidth(row.name, font)) + 12 : 0;
  const left = Math.ceil(labels);
  const widthOf = (across: number) => Math.floor((size.width - left - GAP * (across - 1)) / (across * columns));
  let across = count;
  while (across > 1 && widthOf(across) < NARROWEST) across--;
  const width = Math.max(NARROWEST, widthOf(across));
  const titled = count > 1 || row !== undefined;
  const above = titled ? Math.ceil(font * 2.1) : 4;
  const below = Math.ceil(font * 2.8);
  const lines = Math.ceil(count / across);
  const room = Math.floor((size.height / lines - above - below) / rows);
  const height = Math.min(HEIGHT.most, Math.max(HEIGHT.least, room));
  const panels = Array.from({ length: count }, (_, index): Panel => {
    const [place, line] = [index % across, Math.floor(index / across)];
    return {
      index,
      left: left + place * (columns * width + GAP),
      top: line * (above + rows * height + below) + above,
    };
  });
  return {
    width: Math.max(size.width, left + columns * width + 1),
    height: lines * (above + rows * height + below),
    cell: { width, height },
    panels,
    columns,
    rows,
  };
}

/** The cell under a point, or the nearest one in the nearest panel. */
export function cellUnder(layout: MapLayout, x: number, y: number): readonly number[] {
  const { columns, rows, cell, panels } = layout;
  const away = ({ left, top }: Panel) => {
    const right = left + columns * cell.width;
    const bottom = top + rows * cell.height;
    return Math.max(left - x, x - right, 0) + Math.max(top - y, y - bottom, 0);
  };
  const panel = panels.reduce((best, one) => (away(one) < away(best) ? one : best));
  const place = (at: number, size: number, most: number) => Math.min(most - 1, Math.max(0, Math.floor(at / size)));
  return [
    place(x - panel.left, cell.width, columns),
    place(y - panel.top, cell.height, rows),
    ...(panels.length > 1 ? [panel.index] : []),
  ];
}
