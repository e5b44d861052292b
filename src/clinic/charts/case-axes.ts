import { range, ticks as roundTicks } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { count, display, tickText } from '../../experiment/numbers.ts';
import { decades, fitTicks, type Scale, type Tick, ticksAt } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import type { Plot } from '../../kit/chart/plot.ts';
import { widest } from '../../kit/chart/text-width.ts';
import type { CaseChart } from '../cases/case.ts';

export interface CaseAxis {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
}

type ScaleKind = CaseChart['x']['scale'];

const isShown = (kind: ScaleKind, value: number) => Number.isFinite(value) && (kind === 'linear' || value > 0);

/** All finite values of lines or bars; above 0 if the axis is logarithmic. */
function valuesOf({ lines, bars = [], y }: CaseChart): readonly number[] {
  const all = [...lines.flatMap(({ points }) => points.map(([, value]) => value)), ...bars.map(({ value }) => value)];
  return all.filter((value) => isShown(y.scale, value));
}

/** Places on the horizontal axis at which a line has a value, ascending. */
export function placesOf({ lines, x }: Pick<CaseChart, 'lines' | 'x'>): readonly number[] {
  const all = new Set(lines.flatMap(({ points }) => points.map(([at]) => at)));
  return [...all].filter((at) => isShown(x.scale, at)).sort((a, b) => a - b);
}

/** The least and the largest value on the vertical axis. A logarithmic one spans at least a factor of two. */
export function heightsOf(chart: CaseChart): readonly [low: number, high: number] {
  const { y, bars } = chart;
  const values = valuesOf(chart);
  const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [1, 1];
  if (y.scale === 'log') {
    const low = y.low ?? least / 1.12;
    return [low, y.high ?? Math.max(most * 1.05, 2 * low)];
  }
  const room = 0.05 * (most - Math.min(0, least) || 1);
  const low = y.low ?? (bars || least >= 0 ? 0 : least - room);
  return [low, y.high ?? (most > low ? most + room : low + 1)];
}

/** Between these numbers of font sizes a tick has room. */
const APART = 1.5;

/** The vertical axis. A logarithmic one counts 1, 2, 5 where decades alone would be few. */
export function verticalCaseAxis(chart: CaseChart, plot: Plot, { font }: Pick<Size, 'font'>): CaseAxis {
  const [low, high] = heightsOf(chart);
  const rows = Math.max(2, Math.floor((plot.bottom - plot.top) / (APART * font)));
  if (chart.y.scale === 'log') {
    const scale = scaleLog([low, high], [plot.bottom, plot.top]).clamp(true);
    return { scale, ticks: logTicks(low, high, rows) };
  }
  const scale = scaleLinear([low, high], [plot.bottom, plot.top]).clamp(true);
  const ticks = ticksAt(roundTicks(low, high, Math.min(5, rows - 1)), display);
  return { scale, ticks };
}

/** At most `rows` ticks: 1, 2, 5 of each decade, else the decades; of less than one decade round numbers. */
function logTicks(low: number, high: number, rows: number): readonly Tick[] {
  const within = (digits: readonly number[]) =>
    range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1)
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const fine = within([1, 2, 5]);
  // The narrowest gap of 1, 2, 5 is a factor of two.
  const room = Math.log10(high / low) / rows < Math.log10(2);
  if (fine.length >= 2 && fine.length <= rows && room) return ticksAt(fine, tickText);
  const powers = decades(low, high, rows - 1);
  return powers.length >= 2 ? powers : ticksAt(roundTicks(low, high, Math.min(4, rows - 1)), display);
}

/** A line with few places has a tick at each. */
const FEW = 10;

export function horizontalCaseAxis(chart: CaseChart, plot: Plot, size: Size): CaseAxis {
  const { x } = chart;
  const places = placesOf(chart);
  const marks = (x.marks ?? []).map(({ at }) => at).filter((at) => isShown(x.scale, at));
  const [first, last] = [Math.min(...places, ...marks), Math.max(...places, ...marks)];
  const few = places.length <= FEW;
  const inset = few || x.scale === 'log' ? 8 : 0;
  const ends = [plot.left + inset, plot.right - inset];
  const scale = (x.scale === 'log' ? scaleLog([first, last], ends) : scaleLinear([first, last], ends)).clamp(true);
  const text = (value: number) => (Number.isInteger(value) ? count(value) : tickText(value));
  const columns = Math.max(2, Math.floor((plot.right - plot.left) / (6 * size.font)));
  const round = x.scale === 'log' ? decades(first, last).map(({ value }) => value) : roundTicks(first, last, columns);
  const wanted = few ? [first, last, ...places] : [first, last, ...round];
  return { scale, ticks: fitTicks(ticksAt([...new Set(wanted)], text), scale, size.font, size.font) };
}

/** px left of the plot: the widest number of the vertical axis, or the name of the horizontal one. */
export function leftMargin(chart: CaseChart, ticks: readonly Tick[], { font }: Pick<Size, 'font'>): number {
  const numbers = widest(
    ticks.map(({ text }) => text),
    font,
  );
  return Math.max(numbers + font, widest([chart.x.label], font) + 1.4 * font);
}
