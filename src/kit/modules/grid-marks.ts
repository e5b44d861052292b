import { box, type Mark, type Point, polylines, type Rect, segment, words } from '../chart/marks.ts';
import { textWidth } from '../chart/text-width.ts';
import {
  type Bars,
  type GridHead,
  type GridLayout,
  type GridPlace,
  type GridScene,
  named,
  type ValueGrid,
} from './grid-scene.ts';

/** In lower rows the numbers would touch: they are in the read-out only. */
const NUMBERS_FROM = 14;

export function gridHeads(scene: GridScene, layout: GridLayout): Mark[] {
  const { columns, groups } = scene;
  const { cell, font, head, staggered } = layout;
  const lower = Math.round(1.1 * font);
  const line = head - 1.5 * font - (staggered ? lower : 0);
  return [
    ...named(groups).flatMap(({ text, from, to }, i) => [
      words(
        `group ${i}`,
        'ink-2 strong',
        [from * cell.width + 2, line - 5],
        'start',
        fitted(text, (to - from) * cell.width - 8, font, true),
      ),
      segment(`group line ${i}`, 'hair axis', [from * cell.width + 2, line], [to * cell.width - 8, line]),
    ]),
    ...columns.map(({ text }, i) => {
      const wide = staggered ? 2 * cell.width : cell.width;
      const y = head - 5 - (staggered && i % 2 === 0 ? lower : 0);
      return words(`column ${i}`, 'ink-2', [i * cell.width + 2, y], 'start', fitted(text, wide - 4, font, false));
    }),
    ...(layout.margin > 0
      ? [words('of energy', '', [columns.length * cell.width + 2, head - 5], 'start', 'of energy')]
      : []),
  ];
}

/** Names of rows, right-aligned next to the cells; the row of the chosen cell is bold. */
export function gridNames({ rows }: GridScene, layout: GridLayout, chosen: number | null): Mark[] {
  const { cell, left, font } = layout;
  return rows.flatMap(({ text }, i) => {
    if (!isDrawn(layout, i)) return [];
    const strong = i === chosen;
    const at: Point = [left - 10, i * cell.height + cell.height / 2 + 0.35 * font];
    return words(`row ${i}`, strong ? 'ink strong' : 'ink-2', at, 'end', fitted(text, left - 12, font, strong, true));
  });
}

/** Text and shapes of a row out of sight cost as much as of one in sight. */
const isDrawn = ({ rows: [from, to] }: GridLayout, row: number) => row >= from && row < to;

/** Tints, numbers, ▲, and the shares of rows. */
export function gridCells(scene: GridScene, layout: GridLayout): Mark[] {
  const { cells, columns, rows, lit } = scene;
  const { cell, number, font } = layout;
  const wide = Math.min(number, cell.width - 3);
  const tints: Mark[] = [];
  const texts: Mark[] = [];
  cells.forEach((one, i) => {
    const [row, column] = [Math.floor(i / columns.length), i % columns.length];
    if (!isDrawn(layout, row)) return;
    const [x, y] = [column * cell.width, row * cell.height];
    const baseline = y + cell.height / 2 + 0.35 * font;
    if (!one) {
      texts.push(words(`none ${i}`, '', [x + Math.min(8, wide / 2 - 3), baseline], 'start', '–'));
      return;
    }
    const dim = lit !== null && !lit.has(one.index);
    if (one.tint !== null) {
      const mark = box(`tint ${one.index}`, `tint ${scene.hue}${dim ? ' dim' : ''}`, x, y + 0.5, wide, cell.height - 1);
      const strength = LEAST + (1 - LEAST) * Math.min(1, Math.max(0, one.tint));
      tints.push({ ...mark, attributes: { ...mark.attributes, 'fill-opacity': Math.round(1000 * strength) / 1000 } });
      // A cell without a number: not read yet, or not computable.
    } else tints.push(box(`tint ${one.index}`, 'unread', x + 0.5, y + 1, wide - 1, cell.height - 2));
    if (cell.height >= NUMBERS_FROM && one.text !== '') {
      const className = dim ? 'ink-2' : one.bad ? 'bad strong' : 'ink';
      texts.push(words(`number ${one.index}`, className, [x + wide / 2, baseline], 'middle', one.text));
    }
    if (one.flagged) texts.push(triangle(one.index, dim, x + cell.width - 8, y + 3));
  });
  return [...tints, ...texts, ...shares(rows, columns.length, layout)];
}

export function gridFoot({ columns }: GridScene, { cell, margin, left, font }: GridLayout): Mark[] {
  if (margin === 0) return [];
  return [
    words('share', 'small', [left - 10, 1.33 * font], 'end', 'share'),
    ...columns.flatMap(({ share }, i) =>
      share === null
        ? []
        : [words(`share ${i}`, 'small', [left + i * cell.width + 2, 1.33 * font], 'start', sharePercent(share))],
    ),
  ];
}

/** The least tint, so that a 0 is visible; the opacity in the style sheet limits it to 54% of the hue. */
const LEAST = 0.074;

const triangle = (index: number, dim: boolean, x: number, y: number): Mark => ({
  tag: 'path',
  key: `flag ${index}`,
  attributes: { class: `fill flag ${dim ? 'axis' : 'ink'}`, d: `M${x.toFixed(1)},${y.toFixed(1)}l3.5,6h-7z` },
});

export const sharePercent = (share: number) => (share > 0 && share < 0.005 ? '<1%' : `${Math.round(100 * share)}%`);

function shares(rows: readonly GridHead[], columns: number, layout: GridLayout): Mark[] {
  const { cell, margin, font } = layout;
  if (margin === 0) return [];
  const max = Math.max(...rows.map(({ share }) => share ?? 0), 1e-9);
  const from = columns * cell.width + 2;
  const room = margin - 8 - Math.max(1.8 * font, textWidth(sharePercent(max), font, false));
  return rows.flatMap(({ share }, i) => {
    if (share === null || !isDrawn(layout, i)) return [];
    const y = i * cell.height + cell.height / 2;
    const length = (share / max) * room;
    return [
      box(`row share ${i}`, 'ink-3', from, y - 3, length, 6),
      words(`row percent ${i}`, 'small', [from + length + 4, y + 0.35 * font], 'start', sharePercent(share)),
    ];
  });
}

/** The outlines of the chosen cell and of the one under the pointer: all that a pointer changes. */
export function cellOutlines({ cell }: GridLayout, chosen: GridPlace | null, pointed: GridPlace | null): Mark[] {
  const outline = (key: string, className: string, [row, column]: GridPlace): Mark => {
    const [left, top] = [column * cell.width - 2, row * cell.height - 1];
    const [right, bottom] = [left + cell.width - 1, top + cell.height + 2];
    return polylines(key, className, [
      [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left, top - 1],
      ],
    ]);
  };
  const same = chosen && pointed && chosen[0] === pointed[0] && chosen[1] === pointed[1];
  return [
    ...(pointed && !same ? [outline('pointed', 'hair ink', pointed)] : []),
    ...(chosen ? [outline('chosen', 'line ink', chosen)] : []),
  ];
}

/** The most of a text that fits, its beginning by default; the end of an unknown name distinguishes layers. */
function fitted(text: string, width: number, font: number, strong: boolean, end = false): string {
  const piece = (n: number) => (n === text.length ? text : end ? `…${text.slice(-n)}` : `${text.slice(0, n)}…`);
  let length = text.length;
  while (length > 1 && textWidth(piece(length), font, strong) > width) length--;
  return piece(length);
}

/** Bars or squares next to the numbers, a row's bars in one path: figures that arrive change the paths of their rows only. */
export function gridShapes(scene: GridScene, layout: GridLayout): Mark[] {
  const { cell, number } = layout;
  const { cells, columns, rows, lit, most: max } = scene;
  const width = roomBeside({ cell, number });
  if (width < NARROWEST) return [];
  const fills = rows.map(() => ({ kept: '', dropped: '', dim: '' }));
  const lines: Point[][] = [];
  const cuts: Point[][] = [];
  const frames: Point[][] = [];
  const levels: string[] = Array.from({ length: LEVELS }, () => '');
  cells.forEach((one, i) => {
    const row = Math.floor(i / columns.length);
    if (!one?.beside || !isDrawn(layout, row)) return;
    const x = (i % columns.length) * cell.width + number + 3;
    const y = row * cell.height + 1;
    const area = { x, y, width, height: cell.height - 2 };
    const dim = lit !== null && !lit.has(one.index);
    if ('bars' in one.beside) {
      const { bars, kept } = thinned(one.beside, Math.floor(width));
      const drawn = drawnSteps(one.beside.bars, bars, max, area);
      fills[row][dim ? 'dim' : 'kept'] += drawn.slice(0, kept ?? bars.length).join('');
      fills[row][dim ? 'dim' : 'dropped'] += kept === null ? '' : drawn.slice(kept).join('');
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
    ...fills.flatMap(({ kept, dropped, dim }, row) => [
      fill(`bars ${row}`, 'dw', kept),
      fill(`dropped bars ${row}`, 'faint dw', dropped),
      fill(`dim bars ${row}`, 'rule', dim),
    ]),
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

/** While a file is read, most cells stay as they are. */
const known = new WeakMap<object, { readonly key: string; readonly drawn: readonly string[] }>();

function drawnSteps(all: Bars['bars'], bars: Bars['bars'], max: number, area: Rect): readonly string[] {
  const key = [max, area.x, area.y, area.width, area.height].join();
  const before = known.get(all);
  if (before?.key === key) return before.drawn;
  const drawn = steps(bars, max, area);
  known.set(all, { key, drawn });
  return drawn;
}

/** One path piece per bar; a zero has a height of one px, so that it is visible. */
function steps(bars: ArrayLike<number>, max: number, area: Rect): string[] {
  const gap = gapOf(bars.length, area);
  const step = pitch(bars.length, area);
  // Bars without a gap overlap the next one, so that no paper shows through.
  const wide = (step - gap + (gap === 0 ? 0.4 : 0)).toFixed(2);
  const bottom = area.y + area.height;
  return Array.from(bars, (value, i) => {
    const height = Math.max(1, max > 0 ? Math.min(1, value / max) * (area.height - 1) : 0);
    return `M${tenths(area.x + i * step)},${tenths(bottom - height)}h${wide}v${tenths(height)}h-${wide}z`;
  });
}

const TENTHS: string[] = [];
const MOST_TENTHS = 40_000;

/** `toFixed(1)` of a length in px, from a table: a file of 264 modules has 38,000 of them. */
function tenths(px: number): string {
  const n = Math.round(10 * px);
  if (!(n >= 0 && n < MOST_TENTHS)) return px.toFixed(1);
  TENTHS[n] ??= (n / 10).toFixed(1);
  return TENTHS[n];
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
