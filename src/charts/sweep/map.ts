import { cross, range } from 'd3-array';
import { number, plural } from '../../experiment/numbers.ts';
import { fitTicks, type Tick } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import {
  box,
  flatten,
  hatch,
  type Mark,
  type Nested,
  type Point,
  polyline,
  type Rect,
  segment,
  withAttributes,
  words,
} from '../../kit/chart/marks.ts';
import { render } from '../../kit/chart/picture.ts';
import { widest } from '../../kit/chart/text-width.ts';
import {
  cellAt,
  contrastingInk,
  css,
  isShare,
  type KeyRange,
  keyRangeOf,
  lengthOf,
  MEASURES,
  mixColours,
  type RowEdge,
  type Summary,
  type SweepAxis,
  type SweepCell,
  type SweepChart,
  type SweepScene,
  strength,
  summaryOf,
} from './cells.ts';
import { cellPower, measureText, sweepSentence, sweepTable } from './sentence.ts';

interface MapPanel {
  readonly index: number;
  readonly left: number;
  readonly top: number;
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly panels: readonly MapPanel[];
  readonly columns: number;
  readonly rows: number;
}

const NARROWEST = 24;
const HEIGHT = { least: 24, most: 36 };
const GAP = 24;

/** The positions of the panels of a map: side by side as long as their cells are wide enough for a pointer. */
export function mapLayout(scene: SweepScene, size: Size): MapLayout {
  const [columns, rows, count] = [lengthOf(scene, 0), lengthOf(scene, 1), lengthOf(scene, 2)];
  const { font } = size;
  const row = scene.axes[1];
  const left = row ? Math.ceil(widest([...row.texts, row.name], font)) + 12 : 0;
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
  const panels = Array.from({ length: count }, (_, index): MapPanel => {
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
export function cellAtPoint(layout: MapLayout, x: number, y: number): readonly number[] {
  const { columns, rows, cell, panels } = layout;
  const away = ({ left, top }: MapPanel) => {
    const right = left + columns * cell.width;
    const bottom = top + rows * cell.height;
    return Math.max(left - x, x - right, 0) + Math.max(top - y, y - bottom, 0);
  };
  const panel = panels.reduce((best, one) => (away(one) < away(best) ? one : best));
  const place = (at: number, size: number, max: number) => Math.min(max - 1, Math.max(0, Math.floor(at / size)));
  return [
    place(x - panel.left, cell.width, columns),
    place(y - panel.top, cell.height, rows),
    ...(panels.length > 1 ? [panel.index] : []),
  ];
}

/** Two or three settings: one cell each, its hue full at the best value and paper at the worst. */
export const sweepMap: SweepChart = {
  name: 'sweepMap',
  title: ({ measure }) => MEASURES[measure],
  help: mapHelp,
  draw: (svg, scene, size) => {
    const layout = mapLayout(scene, size);
    render(svg, { ...size, width: layout.width, height: layout.height }, mapPicture(scene, size));
  },
  describe,
  table: sweepTable,
};

/** "median of 3 seeds"; with the edges of SGD, what their lines are. */
export function mapHelp(scene: SweepScene): string {
  return scene.edges ? `${seedWords(scene)}; solid line: first unstable; dashed: nothing settles` : seedWords(scene);
}

function seedWords(scene: SweepScene): string {
  if (scene.seeds === 1) return 'one seed';
  const [min, max] = counts(scene);
  if (max === 0 || min === scene.seeds) return `median of ${plural(scene.seeds, 'seed')}`;
  if (max === 1) return 'seed 1 so far';
  return `median of ${Math.max(1, min)} to ${max} seeds so far`;
}

function counts({ cells }: SweepScene): readonly [number, number] {
  const each = cells.filter(({ why }) => why === null).map(({ runs }) => runs.filter((run) => run !== null).length);
  return each.length === 0 ? [0, 0] : [Math.min(...each), Math.max(...each)];
}

function describe(scene: SweepScene): string {
  const [columns, rows, panels] = [0, 1, 2].map((axis) => lengthOf(scene, axis));
  const size = `${rows} rows by ${columns} columns${panels > 1 ? ` in ${panels} panels` : ''}`;
  const stretch = mapKeyRange(scene);
  const write = (figure: number) => (isShare(scene.measure) ? measureText(figure, scene.measure) : number(figure));
  const range = stretch ? ` from ${write(stretch.best)} to ${write(stretch.worst)}` : '';
  return `${MEASURES[scene.measure]}${range}, ${size}, ${mapHelp(scene)}. ${sweepSentence(scene)}`;
}

/** The range of the colour key; null before there is a value. A ratio is 1 at best. */
export function mapKeyRange(scene: SweepScene): KeyRange | null {
  const medians = scene.cells.map((cell) => summaryOf(cell, scene.measure).median ?? Number.NaN);
  return keyRangeOf(medians, scene.measure === 'ratio' ? 1 : null);
}

/** Below this width in px, numbers have two digits. */
const THREE_DIGITS = 28;

export function mapPicture(scene: SweepScene, size: Size): Mark[] {
  const layout = mapLayout(scene, size);
  const stretch = mapKeyRange(scene);
  const summaries = new Map(scene.cells.map((cell) => [cell, summaryOf(cell, scene.measure)] as const));
  const best = bestOfRows(scene, summaries);
  const panels = layout.panels.map((panel) => {
    const cells = flatten(
      cross(range(layout.rows), range(layout.columns)).map(([row, column]) => {
        const cell = cellAt(scene, [column, row, panel.index]);
        const summary = cell && summaries.get(cell);
        const place = placeOf(layout, panel, column, row);
        return summary && cellMarks(cell, summary, { scene, size, stretch, place, best: best.has(cell) });
      }),
    );
    const edges = flatten(edgeMarks(scene, layout, panel));
    // Numbers stand in front of the lines.
    const behind = ({ tag }: Mark) => edges.length === 0 || tag !== 'text';
    return [heads(scene, layout, panel, size), cells.filter(behind), edges, cells.filter((mark) => !behind(mark))];
  });
  return flatten([panels, pointedMarks(scene, layout)]);
}

/** Both edges of SGD as stairs across the rows of a panel, on a line of paper so that they stand on any hue. */
function edgeMarks(scene: SweepScene, layout: MapLayout, panel: MapPanel): Nested<Mark> {
  const rows = scene.edges?.[panel.index];
  const rates = scene.axes[0]?.numbers;
  if (!rows || !rates) return null;
  const stairs = (name: keyof RowEdge) =>
    rows.flatMap((row, i): Point[] => {
      const x = panel.left + layout.cell.width * columnOf(row[name], rates);
      const y = panel.top + i * layout.cell.height;
      return [
        [x, y],
        [x, y + layout.cell.height],
      ];
    });
  return (['unstable', 'nothing'] as const).map((name) => {
    const dashed = name === 'nothing' ? ' dashed' : '';
    return [
      polyline(`edge ${name} ${panel.index} paper`, 'edge-paper', stairs(name)),
      polyline(`edge ${name} ${panel.index}`, `line ink${dashed}`, stairs(name)),
    ];
  });
}

/** The place of a rate among those of the columns, in columns from the left edge, within them: even on the logarithm. */
function columnOf(rate: number, rates: readonly number[]): number {
  const last = rates.length - 1;
  if (last < 1) return rate < rates[0] ? 0 : 1;
  const above = rates.findIndex((other) => other > rate);
  const right = Math.max(1, above < 0 ? last : above);
  const [low, high] = [rates[right - 1], rates[right]];
  const at = right - 0.5 + Math.log(rate / low) / Math.log(high / low);
  return Math.max(0, Math.min(rates.length, at));
}

const placeOf = ({ cell }: MapLayout, { left, top }: MapPanel, column: number, row: number): Rect => ({
  ...{ x: left + column * cell.width, y: top + row * cell.height },
  ...cell,
});

/** The best cell of every row of every panel, if the row has at least two finished cells. */
export function bestOfRows(scene: SweepScene, summaries: ReadonlyMap<SweepCell, Summary>): ReadonlySet<SweepCell> {
  const found = new Set<SweepCell>();
  for (let panel = 0; panel < lengthOf(scene, 2); panel++)
    for (let row = 0; row < lengthOf(scene, 1); row++) {
      const ended = Array.from({ length: lengthOf(scene, 0) }, (_, column) => cellAt(scene, [column, row, panel]))
        .filter((cell) => cell !== undefined)
        .filter((cell) => Number.isFinite(summaries.get(cell)?.median ?? Number.NaN));
      if (ended.length < 2) continue;
      const value = (cell: SweepCell) => summaries.get(cell)?.median ?? Number.POSITIVE_INFINITY;
      found.add(ended.reduce((best, cell) => (value(cell) < value(best) ? cell : best)));
    }
  return found;
}

interface CellPlot {
  readonly scene: SweepScene;
  readonly size: Size;
  readonly stretch: KeyRange | null;
  readonly place: Rect;
  readonly best: boolean;
}

function cellMarks(cell: SweepCell, summary: Summary, { scene, size, stretch, place, best }: CellPlot): Nested<Mark> {
  const { x, y, width, height } = place;
  const key = `cell ${cell.at.join(' ')}`;
  const coloured = (color: string) =>
    withAttributes(box(key, 'cell', x + 0.5, y + 0.5, width - 1, height - 1), { color });
  const paper = coloured(css(scene.palette.paper));
  const middle = (className: string, text: string): Mark =>
    words(`${key} text`, className, [x + width / 2, y + height / 2 + size.font * 0.33], 'middle', text);
  if (cell.why !== null) {
    const ways = cell.way === undefined ? [] : [`use ${cell.way}`, cell.way];
    const short = ways.find((text) => widest([text], size.font * 0.96) <= width - 6);
    const edge = [[x + 1, y + 1] as const, [x + width - 1, y + 1] as const];
    return [paper, hatch(`${key} hatch`, edge, y + height - 1), short !== undefined && middle('ink-3 halo', short)];
  }
  const { median, diverged, n } = summary;
  if (n === 0 || median === null) return paper;
  if (median === Number.POSITIVE_INFINITY) {
    const late = scene.measure === 'steps' && diverged === 0;
    return [paper, late ? middle('ink-3', '–') : middle('bad', '▲')];
  }
  const colour = mixColours(scene.palette, stretch ? strength(median, stretch) : 1);
  const text = numberIn(median, scene, width, size.font, diverged > 0);
  const ink = { color: css(contrastingInk(colour, scene.palette)) };
  return [
    coloured(css(colour)),
    text !== '' && withAttributes(middle(`own${best ? ' strong' : ''}`, text), ink),
    best && frame(`${key} best`, 'best', place, -1.5),
  ];
}

/** The number with as many digits as fit; with ▲ if some seeds diverged; otherwise its power of ten. */
function numberIn(value: number, { measure }: SweepScene, width: number, font: number, some: boolean): string {
  const digits = width < THREE_DIGITS ? 2 : 3;
  const [long, short] = [measureText(value, measure, digits), measureText(value, measure, 2)];
  const texts = some ? [`▲${long}`, long, short, '▲'] : [long, short];
  const fits = (text: string) => widest([text], font * 0.96) <= width - 3;
  return [...texts, cellPower(value, measure)].find(fits) ?? '';
}

/** A frame around a cell, `out` px outside it. */
const frame = (key: string, className: string, { x, y, width, height }: Rect, out: number): Mark[] =>
  withAttributes(box(key, '', x - out, y - out, width + 2 * out, height + 2 * out), {
    class: `stroke frame ${className}`,
  });

/** The cell under the pointer: a wide frame with a line of paper inside, visible on any hue. */
function pointedMarks({ pointed }: SweepScene, layout: MapLayout): Nested<Mark> {
  const [column = 0, row = 0, index = 0] = pointed?.at ?? [];
  const panel = layout.panels[index];
  if (!pointed || !panel) return null;
  const place = placeOf(layout, panel, column, row);
  return [frame('pointed inside', 'inside', place, -0.5), frame('pointed', 'pointed', place, 1.5)];
}

/** Title of a panel, names of its rows if it is the first in its line, ticks and names of its columns. */
function heads(scene: SweepScene, layout: MapLayout, panel: MapPanel, size: Size): Nested<Mark> {
  const [columns, rows, panels] = scene.axes;
  const { cell } = layout;
  const { font } = size;
  const { left, top, index } = panel;
  const first = layout.panels.every((other) => other.top !== top || other.left >= left);
  const bottom = top + layout.rows * cell.height;
  const key = `panel ${index}`;
  return [
    panels &&
      words(`${key} title`, 'ink strong', [left, top - font * 0.8], 'start', `${panels.before}${panels.texts[index]}`),
    first &&
      rows && [
        words(`${key} rows`, '', [left - 8, top - font * 0.5], 'end', rows.name),
        rows.texts.map((text, i) =>
          words(`${key} row ${i}`, '', [left - 8, top + (i + 0.5) * cell.height + font * 0.35], 'end', text),
        ),
      ],
    columns && columnTicks(columns, layout, panel, size, key),
    first && columns && words(`${key} columns`, '', [left, bottom + font * 2.5], 'start', columns.name),
  ];
}

function columnTicks(axis: SweepAxis, { cell, rows }: MapLayout, panel: MapPanel, { font }: Size, key: string): Mark[] {
  const bottom = panel.top + rows * cell.height;
  const x = (i: number) => panel.left + (i + 0.5) * cell.width;
  const ticks = axis.texts.map((text, value): Tick => ({ value, text }));
  // Powers of ten first, then the ends.
  const decade = ({ value }: Tick) => {
    const exponent = Math.log10(axis.numbers?.[value] ?? 0);
    return Number.isFinite(exponent) && Math.abs(exponent - Math.round(exponent)) < 1e-9;
  };
  const end = ({ value }: Tick) => value === 0 || value === ticks.length - 1;
  const byWeight = [...ticks].sort((a, b) => Number(decade(b)) - Number(decade(a)) || Number(end(b)) - Number(end(a)));
  return fitTicks(byWeight, x, font).flatMap(({ value, text }) => [
    segment(`${key} tick ${value}`, 'hair axis', [x(value), bottom], [x(value), bottom + 4]),
    words(`${key} column ${value}`, '', [x(value), bottom + font * 1.35], 'middle', text),
  ]);
}
