import { type Mark, type Point, polylines, type Rect } from '../chart/marks.ts';
import type { GridLayout } from './grid-layout.ts';
import type { Bars, GridScene, ValueGrid } from './grid-scene.ts';

/** The shapes next to the numbers, all cells in a few paths: a file of 500 modules is drawn as fast as one of 12. */
export function cellFills(scene: GridScene, { cell, number }: GridLayout): Mark[] {
  const { cells, columns, lit, most: max } = scene;
  const width = roomBeside({ cell, number });
  if (width < NARROWEST) return [];
  const fills = { kept: '', dropped: '', dim: '' };
  const lines: Point[][] = [];
  const cuts: Point[][] = [];
  const frames: Point[][] = [];
  const levels: string[] = Array.from({ length: LEVELS }, () => '');
  cells.forEach((one, i) => {
    if (!one?.beside) return;
    const x = (i % columns.length) * cell.width + number + 3;
    const y = Math.floor(i / columns.length) * cell.height + 1;
    const area = { x, y, width, height: cell.height - 2 };
    const dim = lit !== null && !lit.has(one.index);
    if ('bars' in one.beside) {
      const { bars, kept } = thinned(one.beside, Math.floor(width));
      const drawn = steps(bars, max, area);
      fills[dim ? 'dim' : 'kept'] += drawn.slice(0, kept ?? bars.length).join('');
      fills[dim ? 'dim' : 'dropped'] += kept === null ? '' : drawn.slice(kept).join('');
      const bottom = y + area.height;
      lines.push([
        [x, bottom],
        [x + pitch(bars.length, area) * bars.length - gapOf(bars.length, area), bottom],
      ]);
      if (kept !== null && kept < bars.length) {
        const at = x + kept * pitch(bars.length, area) - gapOf(bars.length, area) / 2;
        cuts.push([
          [at, y],
          [at, bottom],
        ]);
      }
    } else square(one.beside, area, dim, frames, levels);
  });
  return [
    fill('bars', 'dw', fills.kept),
    fill('dropped bars', 'faint dw', fills.dropped),
    fill('dim bars', 'rule', fills.dim),
    ...(lines.length > 0 ? [polylines('base lines', 'hair axis', lines)] : []),
    ...(cuts.length > 0 ? [polylines('cuts', 'ref ink', cuts)] : []),
    ...levels.flatMap((d, l) => (d === '' ? [] : [{ ...fill(`level ${l}`, 'ink', d, (l + 1) / LEVELS) }])),
    ...(frames.length > 0 ? [polylines('squares', 'hair axis', frames)] : []),
  ].filter(({ attributes }) => attributes.d !== '');
}

const roomBeside = ({ cell, number }: Pick<GridLayout, 'cell' | 'number'>) => cell.width - number - 9;

/** Whether cells are wide enough for a shape next to their numbers. */
export const hasSideRoom = (layout: Pick<GridLayout, 'cell' | 'number'>) => roomBeside(layout) >= NARROWEST;

/** No shape is visible in less, in px. */
const NARROWEST = 8;
const LEVELS = 12;
/** Numbers along a side of a square; more are averaged. */
const MOST_SIDE = 8;

const fill = (key: string, className: string, d: string, opacity = 1): Mark => ({
  tag: 'path',
  key,
  attributes: {
    class: `fill ${className}`,
    d,
    ...(opacity < 1 ? { 'fill-opacity': Math.round(100 * opacity) / 100 } : {}),
  },
});

/** Gap between bars; none if they are as thin as lines. */
function gapOf(n: number, { width }: Rect): number {
  const gap = n > 4 ? 1 : 2;
  return (width - (n - 1) * gap) / n < 1.5 ? 0 : gap;
}

/** From one bar to the next. */
const pitch = (n: number, area: Rect) => Math.min(9, (area.width - (n - 1) * gapOf(n, area)) / n) + gapOf(n, area);

/** At most one bar per px: the largest of each few. */
function thinned({ bars, kept }: Bars, max: number): Bars {
  const n = bars.length;
  if (n <= max) return { bars, kept };
  const first = (i: number) => Math.floor((i * n) / max);
  return {
    bars: Array.from({ length: max }, (_, i) => bars[first(i)]),
    kept: kept === null ? null : Math.round((kept / n) * max),
  };
}

/** One path piece per bar; a zero has a height of one px, so that it is visible. */
function steps(bars: ArrayLike<number>, max: number, area: Rect): string[] {
  const gap = gapOf(bars.length, area);
  // Bars without a gap overlap the next one, so that no paper shows through.
  const wide = pitch(bars.length, area) - gap + (gap === 0 ? 0.4 : 0);
  return Array.from(bars, (value, i) => {
    const height = Math.max(1, max > 0 ? Math.min(1, value / max) * (area.height - 1) : 0);
    const x = area.x + i * pitch(bars.length, area);
    const y = area.y + area.height - height;
    return `M${x.toFixed(1)},${y.toFixed(1)}h${wide.toFixed(2)}v${height.toFixed(1)}h-${wide.toFixed(2)}z`;
  });
}

function square(of: ValueGrid, area: Rect, dim: boolean, frames: Point[][], levels: string[]): void {
  const side = Math.min(area.width, area.height - 4);
  const [x, y] = [area.x, area.y + (area.height - side) / 2];
  const [rows, cols] = [Math.min(of.rows, MOST_SIDE), Math.min(of.cols, MOST_SIDE)];
  if (rows === 0 || cols === 0) return;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const level = Math.round(
        meanOf(of, i / rows, (i + 1) / rows, j / cols, (j + 1) / cols) * (dim ? 0.3 : 1) * LEVELS,
      );
      if (!(level > 0)) continue;
      const [left, top] = [x + (j / cols) * side, y + (i / rows) * side];
      const [w, h] = [(side / cols).toFixed(2), (side / rows).toFixed(2)];
      levels[Math.min(LEVELS, level) - 1] += `M${left.toFixed(1)},${top.toFixed(1)}h${w}v${h}h-${w}z`;
    }
  frames.push([
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ]);
}

/** The mean of the entries whose rows and columns begin within these fractions of the whole. */
function meanOf({ rows, cols, values }: ValueGrid, top: number, bottom: number, left: number, right: number): number {
  let [sum, n] = [0, 0];
  for (let i = Math.floor(top * rows + 1e-9); i < bottom * rows - 1e-9; i++)
    for (let j = Math.floor(left * cols + 1e-9); j < right * cols - 1e-9; j++) {
      sum += values[i * cols + j] ?? 0;
      n++;
    }
  return n === 0 ? 0 : sum / n;
}
