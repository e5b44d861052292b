import { bisectRight } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { area } from 'd3-shape';
import { trim } from '../../experiment/numbers.ts';
import { type Scale, type Tick, ticksAt } from '../../kit/chart/axes.ts';
import type { Plot } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Point, pieces, polyline, square } from '../../kit/chart/marks.ts';

export function bandMark(
  key: string,
  className: string,
  points: readonly (readonly [x: number, low: number, high: number])[],
): Mark {
  const shape = area<readonly [number, number, number]>()
    .x(([x]) => x)
    .y0(([, low]) => low)
    .y1(([, , high]) => high)
    .digits(1);
  return { tag: 'path', key, attributes: { class: `fill band ${className}`, d: shape(points) ?? '' } };
}

/** A closed shape about a point, its corners in multiples of a radius. */
const polygon =
  (corners: readonly Point[]) =>
  (key: string, className: string, [x, y]: Point, radius: number): Mark => {
    const around = [...corners, corners[0]].map(([dx, dy]): Point => [x + dx * radius, y + dy * radius]);
    const line = polyline(key, '', around);
    return { ...line, attributes: { ...line.attributes, class: `fill ${className}` } };
  };

const triangle = polygon([
  [-1.25, 1.1],
  [1.25, 1.1],
  [0, -1.32],
]);
/** On its tip: in a sweep ▲ is a run that diverged. */
const tip = polygon([
  [-1.25, -1.1],
  [1.25, -1.1],
  [0, 1.32],
]);
const diamond = polygon([
  [0, -1.45],
  [1.45, 0],
  [0, 1.45],
  [-1.45, 0],
]);

const SHAPES = [dot, square, triangle];
const DASHES = ['', ' dashed', ' sparse', ' dotted'];

/** One shape per line: a ring, a square, a triangle, a filled dot …. */
export function shape(i: number, key: string, className: string, at: Point, radius: number): Mark {
  const mark = SHAPES[i % SHAPES.length] ?? dot;
  return mark(key, `${i < SHAPES.length ? 'open ' : ''}${className}`, at, radius);
}

export const dashPattern = (i: number) => DASHES[i % DASHES.length] ?? '';

const FILLED = [
  { mark: dot, signs: '●○' },
  { mark: square, signs: '■□' },
  { mark: diamond, signs: '◆◇' },
  { mark: tip, signs: '▼▽' },
];

/** The shape of a series without lines, and its sign in a text; from the fifth on they are hollow. */
export function seriesShape(i: number) {
  const { mark, signs } = FILLED[i % FILLED.length];
  const hollow = i >= FILLED.length;
  return { mark, hollow, sign: signs.charAt(hollow ? 1 : 0) };
}

export function finiteParts(steps: readonly number[], values: readonly number[], x: Scale, y: Scale) {
  return pieces(
    steps.map((step, i): Point | null => {
      const value = values[i] ?? Number.NaN;
      return Number.isFinite(value) ? [x(step), y(value)] : null;
    }),
  );
}

interface Height {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
}

/** Minimum distance of ticks of a vertical axis, in px. */
const APART = 26;

/** A logarithmic axis through all values above 0, with a little space at both ends, ticks at 1, 2, 5. */
export function logHeight(values: readonly number[], plot: Plot, top = 0): Height {
  const known = values.filter((v) => v > 0 && Number.isFinite(v));
  const [low, high] = known.length > 0 ? [Math.min(...known), Math.max(...known, top)] : [0.1, 1];
  const from = low / 1.25;
  const to = Math.max(high, low * 1.5) * 1.08;
  const y = scaleLog().domain([from, to]).range([plot.bottom, plot.top]).clamp(true);
  const max = Math.max(2, (plot.bottom - plot.top) / APART);
  const all = [1, 2, 5].flatMap((m) =>
    range(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to))).map((e) => m * 10 ** e),
  );
  const inside = all.filter((v) => v >= from && v <= to).sort((a, b) => a - b);
  const decades = inside.filter((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9);
  const some =
    inside.length <= max
      ? inside
      : decades.length >= 2
        ? decades.filter((_, i) => i % Math.ceil(decades.length / max) === 0)
        : inside.filter((_, i) => i % 2 === 0);
  const ticks = atLeastTwo(some, [low, high, to / 1.08, from * 1.08], y);
  return { scale: y, ticks: ticksAt(ticks, plain) };
}

/** An axis between two round numbers gets ticks near the ends of its values, if they are far enough apart. */
function atLeastTwo(ticks: readonly number[], more: readonly number[], y: Scale): readonly number[] {
  const all = [...ticks];
  for (const value of more.map((v) => Number(v.toPrecision(2))))
    if (all.length < 2 && all.every((other) => Math.abs(y(other) - y(value)) >= CLEAR)) all.push(value);
  return all.sort((a, b) => a - b);
}

/** Minimum distance of two added ticks, in px. */
const CLEAR = 15;

export function linearHeight(values: readonly number[], plot: Plot): Height {
  const top = Math.max(...values.filter(Number.isFinite), 1e-12) * 1.06;
  const y = scaleLinear().domain([0, top]).range([plot.bottom, plot.top]).clamp(true);
  const ticks = y.ticks(Math.max(2, Math.floor((plot.bottom - plot.top) / (1.6 * APART))));
  return { scale: y, ticks: ticksAt(ticks, plain) };
}

/** A linear axis of accuracies, up to 1, for figures that are 1 − accuracy. */
export function shareHeight(figures: readonly number[], plot: Plot): Height {
  const low = 1 - Math.max(...figures.filter(Number.isFinite), 0.1);
  const y = scaleLinear()
    .domain([Math.max(0, low - 0.05), 1.005])
    .range([plot.bottom, plot.top])
    .clamp(true);
  const ticks = y.ticks(Math.max(2, Math.floor((plot.bottom - plot.top) / (1.6 * APART))));
  return { scale: (figure) => y(1 - figure), ticks: ticks.map((share) => ({ value: 1 - share, text: plain(share) })) };
}

/** An axis is logarithmic above this ratio of the largest to the smallest value. */
const FAR = 30;

export function heightOf(values: readonly number[], plot: Plot): Height {
  const known = values.filter((v) => v > 0 && Number.isFinite(v));
  const far = known.length > 0 && Math.max(...known) / Math.min(...known) > FAR;
  return far ? logHeight(values, plot) : linearHeight(values, plot);
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function plain(value: number): string {
  const short = Number(value.toPrecision(3));
  return short >= 0.001 && short < 1 ? String(short) : trim(short);
}

/** A curve kept at some steps, ascending. */
export interface StepCurve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** True if it diverged: from its end on it counts as infinite; otherwise its last value stays. */
  readonly diverged: boolean;
}

/** The value of a curve at a step, interpolated linearly. */
function valueAt({ steps, values, diverged }: StepCurve, step: number): number {
  const last = steps.length - 1;
  if (last < 0) return Number.NaN;
  if (step > (steps[last] ?? 0)) return diverged ? Number.POSITIVE_INFINITY : (values[last] ?? Number.NaN);
  const i = bisectRight(steps, step) - 1;
  const [from, to] = [steps[i] ?? 0, steps[i + 1] ?? step];
  const [a, b] = [values[i] ?? Number.NaN, values[i + 1] ?? values[i] ?? Number.NaN];
  return to > from ? a + ((b - a) * (step - from)) / (to - from) : a;
}

/** Median and middle half of several curves at some steps; infinite if that many have diverged. */
export interface Band {
  readonly steps: readonly number[];
  readonly low: readonly number[];
  readonly median: readonly number[];
  readonly high: readonly number[];
}

export function bandOf(curves: readonly StepCurve[], steps: readonly number[]): Band {
  const columns = steps.map((step) => curves.map((curve) => valueAt(curve, step)).sort((a, b) => a - b));
  const at = (p: number) => columns.map((values) => quantileAt(values, p) ?? Number.NaN);
  return { steps, low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** The p-quantile of ascending values, the last of which may be infinite, interpolated linearly; if empty, null. */
export function quantileAt(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const place = p * (values.length - 1);
  const [low, high] = [values[Math.floor(place)] ?? 0, values[Math.ceil(place)] ?? 0];
  // Between a number and infinity lies infinity; between two infinities the formula would result in NaN.
  return high === Number.POSITIVE_INFINITY ? high : low + (high - low) * (place - Math.floor(place));
}
