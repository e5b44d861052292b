import { scaleLinear } from 'd3-scale';
import { trim } from '../../../experiment/numbers.ts';
import { fitTicks, type Scale, type Tick, verticalAxis } from '../../../kit/chart/axes.ts';
import type { Chart, Size } from '../../../kit/chart/chart.ts';
import { clampedText, endName, marginLabels } from '../../../kit/chart/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../kit/chart/marks.ts';
import { type Plot, plotOf } from '../../../kit/chart/plot.ts';
import { render } from '../../../kit/chart/render.ts';
import { errorText } from './cut-spectrum.ts';

export interface FileSize {
  readonly bytes: number;
  /** ‖ΔW′ − ΔW‖/‖ΔW‖ over the whole file. */
  readonly error: number;
}

export interface SizeScene {
  /** The closest of all files of a size, from the smallest up. */
  readonly floor: readonly FileSize[];
  readonly oneRank: readonly (FileSize & { readonly rank: number })[];
  readonly now: FileSize & { readonly size: string };
  readonly before: number;
}

/** Relative error of the whole file against its size: the floor, one rank for all, and the present plan. */
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

/** Up to this many ranks have a ring each; of more, powers of two and the last. */
const RINGS = 16;
const RING = 3.5;
const DOT = 5.5;

export function sizePicture(scene: SizeScene, size: Size): Mark[] {
  const { floor, oneRank, now, before } = scene;
  const { font, height } = size;
  const plot: Plot = { left: 3.6 * font, right: plotOf(size).right, top: 0.85 * font, bottom: height - 2 * font };
  const max = Math.max(before, now.bytes, ...floor.slice(-1).map(({ bytes }) => bytes));
  const x = scaleLinear()
    .domain([0, max * 1.05])
    .range([plot.left, plot.right]);
  const y = scaleLinear().domain([0, 1]).range([plot.bottom, plot.top]).clamp(true);
  const at = ({ bytes, error }: { readonly bytes: number; readonly error: number }): Point => [x(bytes), y(error)];
  const floorLine = floor.map(at);
  const line = oneRank.map(at);
  const last = oneRank.at(-1)?.rank ?? 0;
  const ringed = oneRank.filter(({ rank }) => last <= RINGS || rank === last || Number.isInteger(Math.log2(rank)));
  const here = at(now);
  const numbers = fitTicks(
    [...ringed]
      .reverse()
      .filter((one) => Math.hypot(x(one.bytes) - here[0], y(one.error) - here[1]) > 1.5 * font)
      .map((one): Tick => ({ value: one.bytes, text: String(one.rank) })),
    x,
    font,
  );
  const floorText = ['Eckart–Young floor', 'no file of this size', 'is closer'];
  const labels = [
    ...endName([here], {
      ...{ key: 'now label', className: 'dw strong' },
      texts: [['this setting:', now.size, `error ${errorText(now.error)}`]],
    }),
    ...endName(floorLine.length > 1 ? floorLine : [], {
      ...{ key: 'floor label', className: 'dwt strong', secondClassName: 'dwt', texts: [floorText, 'floor'] },
    }),
    ...endName(line.length > 1 ? line : [], {
      ...{ key: 'one rank label', className: 'ink-2', texts: [['one rank for all', 'modules: 1, 2, 3 …'], 'one rank'] },
    }),
  ];
  const steps = font * 5 > plot.bottom - plot.top ? [0, 1] : height < 15 * font ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  return [
    ...(floorLine.length > 1 ? [hatch('unreachable', floorLine, plot.bottom)] : []),
    ...verticalAxis(
      steps.map((value): Tick => ({ value, text: String(value) })),
      y,
      plot,
      size,
    ),
    ...sizeAxis(max * 1.05, x, plot, size),
    ...(line.length > 1 ? [polyline('one rank', 'pin ink-3', line)] : []),
    ...(floorLine.length > 1 ? [polyline('floor', 'line dwt dashed', floorLine)] : []),
    ...ringed.map((one) => dot(`ring ${one.rank}`, 'open ink-2', at(one), RING)),
    segment('drop', 'hair ink', here, [here[0], plot.bottom]),
    dot('now', 'dw', here, DOT),
    ...numbers.map(({ value, text }) => {
      const error = ringed.find(({ bytes }) => bytes === value)?.error ?? 0;
      const place: Point = [x(value) + 3, Math.max(font, y(error) - 8)];
      return clampedText(
        `rank ${text}`,
        'ink-2',
        text,
        place,
        'start',
        { left: plot.left, right: plot.right + 6 },
        font,
      );
    }),
    ...marginLabels(labels, plot, size),
  ];
}

function sizeAxis(max: number, x: Scale, plot: Plot, size: Size): Mark[] {
  const { font } = size;
  const [unit, name] = max >= 1e9 ? [1e9, 'GB'] : max >= 1e5 ? [1e6, 'MB'] : [1e3, 'kB'];
  const values = scaleLinear()
    .domain([0, max / unit])
    .ticks(Math.max(2, Math.floor((plot.right - plot.left) / (6 * font))));
  const ticks = fitTicks(
    values.map((value): Tick => ({ value: value * unit, text: value === 0 ? '0' : `${trim(value)} ${name}` })),
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
