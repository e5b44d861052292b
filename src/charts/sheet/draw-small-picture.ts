import { scaleLinear, scaleLog } from 'd3-scale';
import type { SmallLine, SmallPicture } from '../../experiment/recorded/small-picture.ts';
import { hline, type Scale } from '../../kit/chart/axes.ts';
import type { Plot, Size } from '../../kit/chart/chart.ts';
import {
  box,
  dot,
  flatten,
  hatch,
  type Mark,
  type Nested,
  type Point,
  polyline,
  square,
  words,
} from '../../kit/chart/marks.ts';
import { marginLabels, render } from '../../kit/chart/picture.ts';
import { widest } from '../../kit/chart/text-width.ts';

export type LinePicture = Exclude<SmallPicture, { kind: 'matrices' }>;

/** px: the space next to the title of an experiment. */
const SMALL_SIZE: Size = { width: 204, height: 104, font: 13, short: true };

const LEFT = 8;
const TOP = 8;
const BELOW = 18;

export function drawSmallPicture(svg: SVGSVGElement, picture: LinePicture): void {
  render(svg, SMALL_SIZE, flatten(marksOf(picture)));
}

function marksOf(picture: LinePicture): Nested<Mark> {
  switch (picture.kind) {
    case 'floor':
      return floorMarks(picture);
    case 'lines':
      return lineMarks(picture);
    case 'bars':
      return barMarks(picture);
    case 'marks':
      return cosineMarks(picture);
    case 'grid':
      return gridMarks(picture);
    default:
      return picture satisfies never;
  }
}

type PictureOf<K extends LinePicture['kind']> = Extract<LinePicture, { kind: K }>;

const plotTo = (right: number): Plot => ({ left: LEFT, right, top: TOP, bottom: SMALL_SIZE.height - BELOW });

const below = (text: string, x: number, anchor: 'start' | 'middle' | 'end') =>
  words(`below ${text}`, '', [x, SMALL_SIZE.height - 5], anchor, text);

const ground = (plot: Plot) => hline('axis', 'hair axis', plot.bottom, plot);

function floorMarks({ at, floor, runs, label }: PictureOf<'floor'>): Mark[] {
  const plot = plotTo(SMALL_SIZE.width - 8);
  const max = at[at.length - 1];
  const x = scaleLog([1, max], [plot.left, plot.right - 2]);
  const y = scaleLinear([0, 1], [plot.bottom, plot.top]);
  const edge = at.map((rank, i): Point => [x(rank), y(floor[i])]);
  const [first] = runs;
  const [rank, error] = runs[runs.length - 1];
  const single = runs.length === 1;
  const high = error > 0.5;
  const name: Point = single ? [x(rank) + 6, y(error) + (high ? 18 : -8)] : [x(4), y(first[1]) + 2];
  const hue = single && high ? 'dwt' : 'dw';
  return [
    hatch('below the floor', edge, plot.bottom),
    ground(plot),
    polyline('floor', 'ref dwt dashed', edge),
    ...runs.map(([r, e]) => dot(`run ${r}`, 'dw', [x(r), y(e)], 3.5)),
    below('1', x(1), 'start'),
    below('rank', (plot.left + plot.right) / 2, 'middle'),
    below(String(max), x(max), 'end'),
    words('label', `${hue} strong halo`, name, single && high ? 'middle' : 'start', label),
  ];
}

/** The gap before the names and the longest of them; at most 40% of the picture. */
function margin(lines: readonly SmallLine[]): number {
  const names = lines.map(({ label }) => label);
  return Math.min(0.4 * SMALL_SIZE.width, 12 + widest(names, SMALL_SIZE.font, true));
}

function lineMarks({ lines, axis, high, low, level }: PictureOf<'lines'>): Nested<Mark> {
  const plot = plotTo(SMALL_SIZE.width - margin(lines));
  const ends = lines.flatMap(({ points }) => [points[0][0], points[points.length - 1][0]]);
  const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [plot.left, plot.right]);
  const y: Scale = (low ? scaleLog().domain([low, high]) : scaleLinear().domain([0, high]))
    .range([plot.bottom, plot.top])
    .clamp(true);
  const few = lines[0].points.length <= 8;
  const names = lines.map(({ label, look: className, points }) => ({
    key: `name ${label}`,
    className: `${className === 'ink-3' ? 'ink-2' : className} strong`,
    at: y(points[points.length - 1][1]),
    texts: [label],
  }));
  return [
    ground(plot),
    level && levelMarks(level, plot, y),
    lines.map(({ label, look: className, points }) => {
      const path = points.map(([at, value]): Point => [x(at), y(value)]);
      return [
        polyline(label, `${className === 'ink-3' || few ? 'ref' : 'line'} ${className}`, path),
        few && path.map((point, i) => dot(`${label} ${i}`, className, point, 2.5)),
      ];
    }),
    marginLabels(names, { ...plot, right: plot.right - 4 }, SMALL_SIZE),
    below(axis, plot.left, 'start'),
  ];
}

function levelMarks(
  { value, label, look: className }: NonNullable<PictureOf<'lines'>['level']>,
  plot: Plot,
  y: Scale,
): Mark[] {
  const at = y(value);
  const above = at > plot.top + 30;
  return [
    hline('level', `ref ${className} ${className === 'dwt' ? 'dashed' : ''}`, at, plot),
    words('level name', `${className} halo`, [plot.left + 2, at + (above ? -4 : 13)], 'start', label),
  ];
}

function barMarks({ bars }: PictureOf<'bars'>): Mark[] {
  const plot = plotTo(SMALL_SIZE.width - 6);
  const y = scaleLinear([0, 1], [plot.bottom, plot.top + 10]);
  return [
    ...bars.flatMap(({ label, share }, i) => {
      const left = 14 + 48 * i;
      return [
        polyline(`frame ${i}`, 'hair rule', [
          [left, plot.bottom],
          [left, y(1)],
          [left + 30, y(1)],
          [left + 30, plot.bottom],
        ]),
        box(`bar ${i}`, 'ink-3', left, y(share), 30, plot.bottom - y(share)),
        words(`share ${i}`, 'ink strong', [left + 15, y(share) - 4], 'middle', `${Math.round(100 * share)}%`),
        below(label, left + 15, 'middle'),
      ];
    }),
    ground(plot),
  ];
}

function cosineMarks({ values, threshold, label, axis }: PictureOf<'marks'>): Mark[] {
  const plot = plotTo(SMALL_SIZE.width - 6);
  const x = scaleLinear([0, values.length - 1], [plot.left + 8, plot.right - 8]);
  const [low, high] = [Math.min(...values) - 0.1, Math.max(...values) + 0.05];
  const y = scaleLinear([low, high], [plot.bottom, plot.top]);
  const last = values.findLastIndex((value) => value < threshold);
  return [
    ground(plot),
    hline('threshold', 'hair ink dotted', y(threshold), plot),
    words('threshold value', 'halo', [plot.left, y(threshold) - 4], 'start', String(threshold)),
    ...values.map((value, i) =>
      value < threshold
        ? square(`value ${i}`, 'bad', [x(i), y(value)], 4)
        : dot(`value ${i}`, 'w0 open', [x(i), y(value)], 3.6),
    ),
    words('label', 'bad strong halo', [x(last) + 9, y(values[last]) + 4], x(last) > 130 ? 'end' : 'start', label),
    below(axis, plot.left, 'start'),
  ];
}

/** Ratio of error to floor at which a cell has the colour of paper. */
const FAR = 30;
const SHADES = 8;
/** px between panels. */
const APART = 6;

function gridMarks({ panels, axis, rows = [] }: PictureOf<'grid'>): Mark[] {
  const named = panels.some(({ label }) => label !== '');
  const top = named ? 20 : TOP;
  const bottom = SMALL_SIZE.height - BELOW;
  const beside = rows.length > 0 ? 6 + widest(rows, SMALL_SIZE.font) : 6;
  const width = (SMALL_SIZE.width - LEFT - beside - APART * (panels.length - 1)) / panels.length;
  return [
    ...panels.flatMap(({ label, cells }, p) => {
      const left = LEFT + p * (width + APART);
      const [w, h] = [width / cells[0].length, (bottom - top) / cells.length];
      const shades: string[] = new Array(SHADES + 1).fill('');
      let diverged = '';
      for (const [i, row] of cells.entries()) {
        for (const [j, cell] of row.entries()) {
          const [x, y] = [left + j * w, top + i * h];
          if (cell === null) {
            const half = Math.min(w, h) * 0.3;
            diverged += `M${tenth(x + w / 2 - half)},${tenth(y + h / 2 + half)}h${tenth(2 * half)}l${tenth(-half)},${tenth(-2 * half)}z`;
          } else {
            const shade = Math.round(SHADES * Math.max(0, 1 - Math.log(Math.max(1, cell)) / Math.log(FAR)));
            shades[shade] += `M${tenth(x)},${tenth(y)}h${tenth(w)}v${tenth(h)}h${tenth(-w)}z`;
          }
        }
      }
      const filled = shades.map((d, i) => area(`${p} shade ${i}`, 'dw', d, i / SHADES));
      return [
        ...filled.slice(1),
        area(`${p} diverged`, 'bad', diverged, 1),
        polyline(`${p} frame`, 'hair axis', [
          [left, top],
          [left + width, top],
          [left + width, bottom],
          [left, bottom],
          [left, top],
        ]),
        ...(named
          ? [words(`${p} label`, 'ink-2', [left + width / 2, top - 6], 'middle', label === '1' ? 's = 1' : label)]
          : []),
      ];
    }),
    ...rows.map((name, i) => {
      const middle = top + ((i + 0.5) * (bottom - top)) / rows.length;
      return words(`row ${name}`, 'ink-2', [LEFT + width + 6, middle + 4], 'start', name);
    }),
    below(axis, LEFT, 'start'),
  ];
}

const tenth = (v: number) => Math.round(v * 10) / 10;

const area = (key: string, className: string, d: string, opacity: number): Mark => ({
  tag: 'path',
  key,
  attributes: { class: `fill ${className}`, d, 'fill-opacity': opacity },
});
