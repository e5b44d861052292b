import { ticks as ticksBetween } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { fitTicks, hline, type Scale, type Tick } from '../../kit/chart/axes.ts';
import { type Chart, isLarge, type Plot, type Size } from '../../kit/chart/chart.ts';
import {
  box,
  flatten,
  type Mark,
  type Nested,
  type Point,
  polyline,
  polylines,
  segment,
  words,
} from '../../kit/chart/marks.ts';
import { clampedText, drawing } from '../../kit/chart/picture.ts';
import { widest, wrapText } from '../../kit/chart/text-width.ts';
import { memoryText } from '../model/cost-text.ts';
import { GIB, type MemoryParts, smallestCard, sumOf } from '../model/counts.ts';

/** Weights, gradients, optimiser state and activations by way of training, with the sizes of common GPUs. */
export const memoryBoard: Chart<MemoryScene> = {
  name: 'memory',
  title: 'Memory to train',
  help: () => 'GiB; weights slate, gradients hatched, optimiser dotted, activations open; dotted rules: common GPUs',
  draw: drawing(memoryPicture),
  describe: ({ bars }) =>
    bars
      .map(({ name, parts }) => {
        const card = smallestCard(sumOf(parts));
        const fits =
          card === null
            ? 'more than an 80 GB card'
            : `fits on ${card === 8 || card === 80 ? 'an' : 'a'} ${card} GB card`;
        return `${name}: ${gibText(sumOf(parts) / GIB)} GiB, ${partsText(parts).join(', ')}; ${fits}.`;
      })
      .join(' '),
};

const gib = (bytes: number) => bytes / GIB;
const partsText = (parts: MemoryBar['parts']) => PARTS.map((part) => `${part} ${gibText(gib(parts[part]))}`);

/** Least end of the axis, so that the smallest card is always in sight. */
const LEAST = 8.8;

export function memoryPicture({ bars, cards }: MemoryScene, size: Size): Mark[] {
  const { font, width, height, short } = size;
  const large = isLarge(size);
  const names = widest(
    bars.map(({ name }) => name),
    font,
    true,
  );
  const plot: Plot = {
    left: short ? 1 : names + 1.2 * font,
    right: width - (short ? 8 : 1),
    top: 2.6 * font,
    bottom: height - 2.2 * font,
  };
  const x = scaleOf(bars, cards, plot, size);
  const row = (plot.bottom - plot.top) / bars.length;
  const inAxis = cards.filter((card) => x(card) <= plot.right + 0.5);
  // The first has the unit in its label and stays inside; others that would not are left out.
  const labels = inAxis.flatMap((value, i): Tick[] => {
    if (i === 0) return [{ value, text: `${value} GB` }];
    return x(value) < plot.left + font ? [] : [{ value, text: String(value) }];
  });
  const place = (value: number) => (value === inAxis[0] ? Math.max(x(value), plot.left + 2.7 * font) : x(value));
  const ticks = ticksBetween(0, gibAt(x, plot), large || short ? 4 : 6);
  const last = ticks.at(-1) ?? 0;
  const texts = ticks.map((value): Tick => ({ value, text: value === last ? `${value} GiB` : String(value) }));
  return flatten([
    inAxis.map((card) =>
      segment(`card ${card}`, 'hair axis dotted', [x(card), plot.top - 0.7 * font], [x(card), plot.bottom]),
    ),
    fitTicks(labels, place, font).map((tick) =>
      words(`card name ${tick.value}`, 'ink-2', [place(tick.value), plot.top - 1.15 * font], 'middle', tick.text),
    ),
    axis(texts, x, plot, size),
    bars.map((bar, i) => barMarks(bar, i, { ...plot, top: plot.top + i * row }, row, x, size)),
  ]);
}

/** The axis reaches the longest bar with its total, and the smallest card that holds it. */
function scaleOf(bars: readonly MemoryBar[], cards: readonly number[], plot: Plot, { font, short }: Size): Scale {
  const max = Math.max(...bars.map(({ parts }) => gib(sumOf(parts))));
  const beside = short ? 0 : widest([`${gibText(max)} GiB`], font, true) + font;
  const card = cards.find((one) => one >= max) ?? 0;
  const room = Math.max(0.5, (plot.right - plot.left - beside) / (plot.right - plot.left));
  const end = Math.max(LEAST, max / room, card * 1.04);
  return scaleLinear().domain([0, end]).range([plot.left, plot.right]);
}

function gibAt(x: Scale, plot: Plot): number {
  return (plot.right - x(0)) / (x(1) - x(0));
}

/** The numbers at both ends are moved inwards, so that none is cut off. */
function axis(ticks: readonly Tick[], x: Scale, plot: Plot, { font, ...size }: Size): Mark[] {
  const kept = fitTicks([...ticks].reverse(), x, font);
  const y = plot.bottom + 4 + 1.12 * font;
  return [
    hline('axis', 'hair axis', plot.bottom, plot),
    ...kept.flatMap(({ value, text }) => [
      segment(`tick ${value}`, 'hair axis', [x(value), plot.bottom], [x(value), plot.bottom + 4]),
      clampedText(`x ${value}`, '', text, [x(value), y], 'middle', { left: 0, right: size.width }, font),
    ]),
  ];
}

function barMarks(
  { name: title, parts }: MemoryBar,
  i: number,
  plot: Plot,
  row: number,
  x: Scale,
  size: Size,
): Nested<Mark> {
  const { font, short } = size;
  const y = plot.top + (short ? 1.45 * font : 0.12 * row);
  const height = Math.min(short ? 26 : 48, Math.max(0.7 * font, row * (short ? 0.3 : 0.46)));
  const key = (what: string) => `${what} ${i}`;
  const total = `${gibText(gib(sumOf(parts)))} GiB`;
  let from = 0;
  const fills = PARTS.map((part) => {
    const [a, b] = [x(from), x(from + gib(parts[part]))];
    from += gib(parts[part]);
    return b - a > 0.05 && fillOf(part, i, { x: a, y, width: b - a, height }, font);
  });
  const middle = y + height / 2 + 0.4 * font;
  const lines = (width: number, [left, top]: Point) =>
    wrapText(partsText(parts), ', ', width, font).map((line, n) =>
      words(key(`parts ${n}`), 'ink-2 halo', [left, top + 1.25 * font * n], 'start', line),
    );
  const under = () => lines(size.width - plot.left, [plot.left, y + height + 1.2 * font]);
  if (short) {
    const name = words(key('name'), 'ink strong halo', [plot.left, y - 0.45 * font], 'start', `${title} ${total}`);
    return [fills, name, under()];
  }
  const beside = x(from) + 0.7 * font;
  const after = beside + widest([total], font, true) + 0.8 * font;
  return [
    fills,
    words(key('name'), 'ink strong', [plot.left - 0.8 * font, middle], 'end', title),
    words(key('total'), 'ink strong halo', [beside, middle], 'start', total),
    size.width - after > LONGEST * font ? lines(size.width - after, [after, middle]) : under(),
  ];
}

/** Width in font sizes of a bar's four labels on one line. */
const LONGEST = 34;

const FILLS = {
  weights: (key: string, area: Area) => [box(key, 'w0', area.x, area.y, area.width, area.height)],
  gradients: (key: string, area: Area, font: number) => [
    box(`${key} paper`, 'paper', area.x, area.y, area.width, area.height),
    hatchFill(key, area, 0.58 * font),
  ],
  optimiser: (key: string, area: Area, font: number) => [
    box(`${key} paper`, 'paper', area.x, area.y, area.width, area.height),
    dotFill(key, area, 0.42 * font),
  ],
  activations: (key: string, area: Area) => [box(key, 'paper', area.x, area.y, area.width, area.height)],
} as const satisfies Record<(typeof PARTS)[number], (key: string, area: Area, font: number) => Mark[]>;

function fillOf(part: (typeof PARTS)[number], i: number, area: Area, font: number): Mark[] {
  return [...FILLS[part](`${part} ${i}`, area, font), outline(`${part} edge ${i}`, area)];
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function outline(key: string, { x, y, width, height }: Area): Mark {
  const [right, bottom] = [x + width, y + height];
  return polyline(key, 'hair ink', [
    [x, y],
    [right, y],
    [right, bottom],
    [x, bottom],
    [x, y],
  ]);
}

/** Rising strokes at 45°, `apart` px from each other along the edge. */
export function hatchFill(key: string, { x, y, width, height }: Area, apart: number): Mark {
  const lines: [number, number][][] = [];
  // Keyed by where the stroke meets the bottom edge, or its continuation to the left.
  for (let c = apart / 2 - height; c < width; c += apart) {
    const from = Math.max(0, -c);
    const to = Math.min(height, width - c);
    if (to - from > 0.5)
      lines.push([
        [x + c + from, y + height - from],
        [x + c + to, y + height - to],
      ]);
  }
  return polylines(key, 'ref ink', lines);
}

/** Dots in a square grid: zero-length lines with round ends. */
export function dotFill(key: string, { x, y, width, height }: Area, apart: number): Mark {
  const [columns, rows] = [width, height].map((room) => Math.max(0, Math.floor((room - 1) / apart)));
  const lines: [number, number][][] = [];
  const [left, top] = [x + (width - ((columns ?? 0) - 1) * apart) / 2, y + (height - ((rows ?? 0) - 1) * apart) / 2];
  for (let i = 0; i < (columns ?? 0); i++)
    for (let j = 0; j < (rows ?? 0); j++) lines.push([[left + i * apart, top + j * apart]]);
  return polylines(key, 'dots ink', lines);
}

interface MemoryBar {
  readonly name: string;
  readonly parts: MemoryParts;
}

export interface MemoryScene {
  readonly bars: readonly MemoryBar[];
  /** Graphics cards, GiB. */
  readonly cards: readonly number[];
}

const PARTS = ['weights', 'gradients', 'optimiser', 'activations'] as const satisfies readonly (keyof MemoryParts)[];

/** GiB as the board prints them: 12.6, 0.06. */
export function gibText(gib: number): string {
  if (gib === 0) return '0';
  if (gib < 0.005) return '<0.01';
  return gib < 0.995 ? gib.toFixed(2) : memoryText(gib * GIB);
}
