import { scaleLinear } from 'd3-scale';
import { trim } from '../../../experiment/numbers.ts';
import { fitTicks, heightScale, type Scale, type Tick, ticksAt } from '../../../kit/chart/axes.ts';
import { type Chart, type Plot, plotOf, type Size } from '../../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Point, polyline, segment } from '../../../kit/chart/marks.ts';
import { clampedText, drawing, endName, picture } from '../../../kit/chart/picture.ts';
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
  draw: drawing(sizePicture),
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
  const max = 1.05 * Math.max(before, now.bytes, ...floor.slice(-1).map(({ bytes }) => bytes));
  const x = scaleLinear([0, max], [plot.left, plot.right]);
  const y = heightScale(plot, 1);
  const at = ({ bytes, error }: FileSize): Point => [x(bytes), y(error)];
  const floorLine = floor.length > 1 ? floor.map(at) : [];
  const line = oneRank.length > 1 ? oneRank.map(at) : [];
  const last = oneRank.at(-1)?.rank ?? 0;
  const ringed = oneRank.filter(({ rank }) => last <= RINGS || rank === last || Number.isInteger(Math.log2(rank)));
  const here = at(now);
  const numbered = ringed
    .filter((one) => Math.hypot(x(one.bytes) - here[0], y(one.error) - here[1]) > 1.5 * font)
    .reverse();
  const numbers = fitTicks(
    numbered.map((one): Tick => ({ value: one.bytes, text: String(one.rank) })),
    x,
    font,
  );
  const steps = font * 5 > plot.bottom - plot.top ? [0, 1] : height < 15 * font ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  return picture({
    size,
    plot,
    behind: floorLine.length > 0 && hatch('unreachable', floorLine, plot.bottom),
    x: { scale: x, ticks: sizeTicks(max, x, plot, font) },
    y: { scale: y, ticks: steps },
    marks: [
      line.length > 0 && polyline('one rank', 'pin ink-3', line),
      floorLine.length > 0 && polyline('floor', 'line dwt dashed', floorLine),
      ringed.map((one) => dot(`ring ${one.rank}`, 'open ink-2', at(one), RING)),
      segment('drop', 'hair ink', here, [here[0], plot.bottom]),
      dot('now', 'dw', here, DOT),
      numbers.map(({ value, text }) => {
        const error = ringed.find(({ bytes }) => bytes === value)?.error ?? 0;
        const place: Point = [x(value) + 3, Math.max(font, y(error) - 8)];
        const bounds = { left: plot.left, right: plot.right + 6 };
        return clampedText(`rank ${text}`, 'ink-2', text, place, 'start', bounds, font);
      }),
    ],
    names: [
      endName([here], {
        ...{ key: 'now label', className: 'dw strong' },
        texts: [['this setting:', now.size, `error ${errorText(now.error)}`]],
      }),
      endName(floorLine, {
        ...{ key: 'floor label', className: 'dwt strong', secondClassName: 'dwt' },
        texts: [['Eckart–Young floor', 'no file of this size', 'is closer'], 'floor'],
      }),
      endName(line, {
        ...{ key: 'one rank label', className: 'ink-2' },
        texts: [['one rank for all', 'modules: 1, 2, 3 …'], 'one rank'],
      }),
    ],
  });
}

export function sizeTicks(max: number, x: Scale, plot: Plot, font: number): Tick[] {
  const [unit, name] = max >= 1e9 ? [1e9, 'GB'] : max >= 1e5 ? [1e6, 'MB'] : [1e3, 'kB'];
  const values = scaleLinear([0, max / unit], [0, 1]).ticks(
    Math.max(2, Math.floor((plot.right - plot.left) / (6 * font))),
  );
  const text = (bytes: number) => (bytes === 0 ? '0' : `${trim(bytes / unit)} ${name}`);
  return fitTicks(
    ticksAt(
      values.map((value) => value * unit),
      text,
    ),
    x,
    font,
  );
}
