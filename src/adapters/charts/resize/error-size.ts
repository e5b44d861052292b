import { scaleLinear } from 'd3-scale';
import { fitting, type Scale, type Tick, verticalAxis } from '../../../charts/drawing/axes.ts';
import { around, type Label, type LabelPlace, lineBox, placeLabels } from '../../../charts/drawing/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../charts/drawing/marks.ts';
import type { Plot } from '../../../charts/drawing/plot.ts';
import { render } from '../../../charts/drawing/render.ts';
import { textWidth } from '../../../charts/drawing/text-width.ts';
import { trimmed } from '../../../experiment/numbers.ts';
import type { Chart, Size } from '../../../kit/chart/chart.ts';
import { errorText } from './error-text.ts';
import type { SizeScene } from './size-scene.ts';

/** Relative error of the whole file against its size: the floor, one rank for all, and what is set. */
export const errorSize: Chart<SizeScene> = {
  name: 'errorSize',
  title: 'Error against size',
  help: () => '‖ΔW′ − ΔW‖ / ‖ΔW‖ of the whole file; 10⁶ bytes = 1 MB',
  draw: (svg, scene, size) => render(svg, size, sizePicture(scene, size)),
  describe: ({ now, oneRank, floor }) => {
    const closest = floor.findLast(({ bytes }) => bytes <= now.bytes);
    const [few, many] = [oneRank[0], oneRank.at(-1)];
    const ends =
      few && many && few !== many
        ? ` One rank for all modules: error ${errorText(few.error)} at rank ${few.rank}, ${errorText(many.error)} at rank ${many.rank}.`
        : '';
    return `This setting: ${now.size}, error ${errorText(now.error)}. The least error of any file of this size is ${errorText(Math.min(now.error, closest?.error ?? now.error))}.${ends}`;
  },
};

/** Ranks with a ring each; of more, powers of two and the last. */
const RINGS = 16;
const RING = 3.5;
const DOT = 5.5;

export function sizePicture(scene: SizeScene, size: Size): Mark[] {
  const { floor, oneRank, now, before } = scene;
  const { font, width, height } = size;
  const plot: Plot = { left: 3.6 * font, right: width - 1.7 * font, top: 0.85 * font, bottom: height - 2 * font };
  const most = Math.max(before, now.bytes, ...floor.slice(-1).map(({ bytes }) => bytes));
  const x = scaleLinear()
    .domain([0, most * 1.02])
    .range([plot.left, plot.right]);
  const y = scaleLinear().domain([0, 1]).range([plot.bottom, plot.top]).clamp(true);
  const at = ({ bytes, error }: { readonly bytes: number; readonly error: number }): Point => [x(bytes), y(error)];
  const floorLine = floor.map(at);
  const line = oneRank.map(at);
  const last = oneRank.at(-1)?.rank ?? 0;
  const ringed = oneRank.filter(({ rank }) => last <= RINGS || rank === last || Number.isInteger(Math.log2(rank)));
  const here = at(now);
  const labelled = labels(
    scene,
    { floorLine, line, ringed: ringed.map((one) => [one.rank, at(one)]), here },
    plot,
    font,
  );
  const steps = font * 5 > plot.bottom - plot.top ? [0, 1] : height < 15 * font ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  return [
    ...(floorLine.length > 1 ? [hatch('unreachable', floorLine, plot.bottom)] : []),
    ...verticalAxis(
      steps.map((value): Tick => ({ value, text: String(value) })),
      y,
      plot,
      size,
    ),
    ...sizeAxis(most * 1.02, x, plot, size),
    ...(line.length > 1 ? [polyline('one rank', 'pin ink-3', line)] : []),
    ...(floorLine.length > 1 ? [polyline('floor', 'line dwt dashed', floorLine)] : []),
    ...ringed.map((one) => dot(`ring ${one.rank}`, 'open ink-2', at(one), RING)),
    segment('drop', 'hair ink', here, [here[0], plot.bottom]),
    dot('now', 'dw', here, DOT),
    ...labelled,
  ];
}

function sizeAxis(most: number, x: Scale, plot: Plot, size: Size): Mark[] {
  const { font } = size;
  const [unit, name] = most >= 1e9 ? [1e9, 'GB'] : most >= 1e5 ? [1e6, 'MB'] : [1e3, 'kB'];
  const values = scaleLinear()
    .domain([0, most / unit])
    .ticks(Math.max(2, Math.floor((plot.right - plot.left) / (6 * font))));
  const ticks = fitting(
    values.map((value): Tick => ({ value: value * unit, text: value === 0 ? '0' : `${trimmed(value)} ${name}` })),
    x,
    font,
  );
  const y = plot.bottom;
  return [
    segment('axis', 'hair axis', [plot.left, y], [plot.right, y]),
    ...ticks.flatMap(({ value, text }) => [
      segment(`tick ${value}`, 'hair axis', [x(value), y], [x(value), y + 4]),
      words(`x ${value}`, '', [x(value), y + 4 + 1.1 * font], 'middle', text),
    ]),
  ];
}

interface SizeLines {
  readonly floorLine: readonly Point[];
  readonly line: readonly Point[];
  readonly ringed: readonly (readonly [rank: number, at: Point])[];
  readonly here: Point;
}

function labels({ now }: SizeScene, { floorLine, line, ringed, here }: SizeLines, plot: Plot, font: number): Mark[] {
  const [x, y] = here;
  const texts = [
    `this setting: ${now.size}, error ${errorText(now.error)}`,
    `${now.size}, error ${errorText(now.error)}`,
  ];
  const offsets: readonly Point[] = [
    [34, -46],
    [24, -32],
    [40, -70],
    [14, -14],
    [60, -100],
    [10, -130],
    [10, 24],
    [30, 60],
  ];
  const nowPlaces = texts.flatMap((text) => {
    const half = textWidth(text, font, true) / 2;
    const inside = (middle: number) =>
      Math.max(plot.left + half + 1, Math.min(plot.right + 1.7 * font - half - 1, middle));
    return offsets.flatMap(([dx, dy]) =>
      [x + dx + half, x - dx - half, x].map(
        (middle): LabelPlace => ({
          lines: [text],
          x: inside(middle),
          y: Math.max(font, Math.min(plot.bottom - 0.4 * font, y + dy)),
          anchor: 'middle',
        }),
      ),
    );
  });
  const own: Label = { key: 'now label', look: 'dw strong', places: nowPlaces, required: true };
  const floorLabel: Label = {
    key: 'floor label',
    look: 'dwt strong',
    places: ['floor (Eckart–Young): no file of this size is closer', 'floor (Eckart–Young)', 'floor'].flatMap(
      (text) => [...beside(floorLine, text, font, [0.2, 0.4]), ...under(floorLine, text, font)],
    ),
  };
  const name: Label = {
    key: 'one rank label',
    look: 'ink-2',
    places: ['one rank for all modules: 1, 2, 3 …', 'one rank for all'].flatMap((text) =>
      beside(line, text, font, [1, 1.9, 2.8]),
    ),
  };
  const numbers = ringed.map(
    ([rank, [rx, ry]]): Label => ({
      key: `rank ${rank}`,
      look: 'ink-2',
      places: (
        [
          [3, -8, 'start'],
          [6, -6, 'start'],
          [0, -8, 'middle'],
        ] as const
      ).map(([dx, dy, anchor]) => ({ lines: [String(rank)], x: rx + dx, y: ry + dy, anchor })),
    }),
  );
  const ends = numbers.filter((_, i) => i === 0 || i === numbers.length - 1);
  const room = {
    font,
    bounds: { left: plot.left, right: plot.right + 1.7 * font, top: 0, bottom: plot.bottom },
    lines: [floorLine, line].filter((points) => points.length > 0),
    dots: [
      around(here, DOT + 1),
      ...ringed.map(([, point]) => around(point, RING + 0.5)),
      { left: x - 1, right: x + 1, top: y, bottom: plot.bottom },
    ],
  };
  const placed = placeLabels([own], room);
  const { mark, box, points } = leader(placed, here, font);
  const others = placeLabels(
    [
      ...ends,
      ...(floorLine.length > 1 ? [floorLabel] : []),
      ...numbers.filter((one) => !ends.includes(one)),
      ...(line.length > 1 ? [name] : []),
    ],
    { ...room, lines: [...room.lines, ...(points ? [points] : [])], dots: [...room.dots, ...box] },
  );
  return [...mark, ...others, ...placed];
}

/** Places right of and above a falling line, from its top down. */
function beside(line: readonly Point[], text: string, font: number, rises: readonly number[]): LabelPlace[] {
  const every = Math.max(1, Math.floor(line.length / 24));
  return line
    .filter((_, i) => i > 0 && i % every === 0)
    .flatMap(([x, y]) =>
      rises.map((rise): LabelPlace => ({ lines: [text], x: x + 1.3 * font, y: y - rise * font, anchor: 'start' })),
    );
}

/** Places left of and below it, on the hatch. */
function under(line: readonly Point[], text: string, font: number): LabelPlace[] {
  const every = Math.max(1, Math.floor(line.length / 24));
  const from = (line[0]?.[0] ?? 0) + textWidth(text, font, true) + font;
  return line
    .filter(([x], i) => x > from && i % every === 0)
    .map(([x, y]): LabelPlace => ({ lines: [text], x: x - 0.7 * font, y: y + 1.4 * font, anchor: 'end' }))
    .reverse();
}

/** From the dot to its label, where that stands apart: the mark, what it covers, and its points from left to right. */
function leader([label]: readonly Mark[], [x, y]: Point, font: number) {
  if (!label) return { mark: [], box: [], points: null };
  const { attributes, text = '' } = label;
  const anchor = attributes['text-anchor'] as LabelPlace['anchor'];
  const box = lineBox(text, true, Number(attributes.x), Number(attributes.y), anchor, font);
  const to: Point = [Math.min(Math.max(x, box.left - 3), box.right + 3), box.bottom < y ? box.bottom - 1 : box.top];
  const away = Math.hypot(to[0] - x, to[1] - y);
  if (away < DOT + 10) return { mark: [], box: [box], points: null };
  const from: Point = [x + ((to[0] - x) * DOT) / away, y + ((to[1] - y) * DOT) / away];
  const points = from[0] <= to[0] ? [from, to] : [to, from];
  return { mark: [segment('leader', 'hair dw', from, to)], box: [box], points };
}
