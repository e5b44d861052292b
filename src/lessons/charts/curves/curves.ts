import { scaleLinear, scaleLog } from 'd3-scale';
import { bandMark, dashPattern, shape } from '../../../charts/sweep/marks.ts';
import { exactText, number, tickText } from '../../../experiment/numbers.ts';
import { fitTicks, type Scale, type Tick, ticksAt } from '../../../kit/chart/axes.ts';
import { type Drawing, dotRadius, plotOf, type Size } from '../../../kit/chart/chart.ts';
import { hatch, type Mark, type Nested, type Point, polyline } from '../../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture } from '../../../kit/chart/picture.ts';

/** In the units of the axes. */
export type AxisPoint = readonly [x: number, y: number];

export interface Curve {
  readonly name: string;
  readonly className: 'dw' | 'dwt' | 'a' | 'b' | 'ink' | 'ink-3';
  readonly points: readonly AxisPoint[];
  /** Selects the dashes and, if its points are marked, their shape: ring, square, triangle. Default: none. */
  readonly kind?: number;
  readonly marked?: true;
  /** Points without a line. */
  readonly alone?: true;
  readonly strong?: true;
  /** One of many. */
  readonly thin?: true;
  /** Middle half over several seeds. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface CurveAxis {
  readonly name: string;
  readonly scale: 'log' | 'linear';
  readonly ends: readonly [low: number, high: number];
  readonly ticks: readonly number[];
}

export interface CurvesScene {
  readonly x: CurveAxis;
  readonly y: CurveAxis;
  readonly curves: readonly Curve[];
  readonly floor?: { readonly name: string; readonly points: readonly AxisPoint[]; readonly hatched?: true };
}

export const curvesDrawing: Drawing<CurvesScene> = {
  draw: drawing(curvesPicture),
  describe: curvesWords,
};

const scaleOf = ({ scale, ends }: CurveAxis, from: number, to: number): Scale =>
  (scale === 'log' ? scaleLog() : scaleLinear())
    .domain([...ends])
    .range([from, to])
    .clamp(true);

export function curvesPicture({ x: across, y: up, curves, floor }: CurvesScene, size: Size): Mark[] {
  const plot = plotOf(size);
  const x = scaleOf(across, plot.left + 8, plot.right - 8);
  const y = scaleOf(up, plot.bottom, plot.top);
  const place = ([a, b]: AxisPoint): Point => [x(a), y(b)];
  const [first, ...inner] = across.ticks;
  const byWeight = [first, ...inner.slice(-1), ...inner.slice(0, -1)];
  const edge = floor?.points.map(place) ?? [];
  return picture({
    size,
    plot,
    behind: floor?.hatched && hatch('unreachable', edge, plot.bottom),
    x: { name: across.name, scale: x, ticks: fitTicks(ticksAt(byWeight, textOf(across)), x, size.font) },
    y: { scale: y, ticks: upright(ticksAt(up.ticks, textOf(up)), y, size) },
    marks: [
      floor && polyline('floor', 'ref dwt dashed', edge),
      curves.map(
        ({ band = [], className }, i) =>
          band.length > 0 &&
          bandMark(
            `band ${i}`,
            className,
            band.map(([a, low, high]) => [x(a), y(low), y(high)]),
          ),
      ),
      curves.map((curve, i) => lineMarks(curve, i, place, size)),
    ],
    names: [
      curves.map(({ name, className, points, strong }, i): MarginLabel | null => {
        const end = points.at(-1);
        const ink = className === 'ink-3' ? 'ink-2' : className;
        return end && name !== ''
          ? { key: `name ${i}`, className: strong ? `${ink} strong` : ink, at: place(end)[1], texts: [name] }
          : null;
      }),
      floor &&
        edge.slice(-1).map(([, at]) => {
          return { key: 'floor name', className: 'dwt strong', at: Math.min(plot.bottom, at), texts: [floor.name] };
        }),
    ],
  });
}

/** One notation an axis: powers of ten if all ticks are, or all digits. */
const textOf = ({ ticks }: CurveAxis) =>
  ticks.every((tick) => tick < 0.02 || Number.isInteger(tick)) ? tickText : exactText;

/** Ticks of a vertical axis, thinned out so that they do not touch. */
function upright(ticks: readonly Tick[], y: Scale, { font }: Size): readonly Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks)
    if (kept.every(({ value }) => Math.abs(y(value) - y(tick.value)) >= 1.3 * font)) kept.push(tick);
  return kept;
}

function lineMarks(
  { className, points, kind = 0, marked, alone, strong, thin }: Curve,
  i: number,
  place: (pair: AxisPoint) => Point,
  size: Size,
): Nested<Mark> {
  const width = strong ? 'main' : thin ? 'thin' : 'line';
  return [
    !(marked && alone) && polyline(`line ${i}`, `${width} ${className}${dashPattern(kind)}`, points.map(place)),
    marked && points.map((pair) => shape(kind, `end ${i} ${pair[0]}`, className, place(pair), dotRadius(size) + 0.8)),
  ];
}

/** More points than this make too long a sentence. */
const MOST_SAID = 8;

/** The picture for a screen reader: "α/r: 0.803 at 4, 0.769 at 8". */
export function curvesWords({ curves, floor, x, y }: CurvesScene): string {
  const said = (name: string, points: readonly AxisPoint[]) => {
    const every = Math.max(1, Math.ceil((points.length - 1) / (MOST_SAID - 1)));
    const some = points.filter((_, i) => i % every === 0 || i === points.length - 1);
    return `${name}: ${some.map(([at, value]) => `${number(value)} at ${tickText(at)}`).join(', ')}`;
  };
  const all = [
    // One without a name is that of the vertical axis, if it is alone.
    ...curves
      .filter(({ name }) => name !== '' || curves.length === 1)
      .map(({ name, points }) => said(name || y.name, points)),
    ...(floor ? [said(floor.name, floor.points)] : []),
  ];
  return `By ${x.name}. ${all.join('; ')}.`;
}
