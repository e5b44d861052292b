import { range, tickStep } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { count, powerOfTen } from '../../experiment/numbers.ts';
import { isLarge, type Plot, type Size } from './chart.ts';
import { flatten, hatch, type Mark, type Point, segment, words } from './marks.ts';
import { textWidth } from './text-width.ts';

export type Scale = (value: number) => number;

export interface Tick {
  readonly value: number;
  readonly text: string;
  readonly strong?: boolean;
}

/** The shared axis of the left column: index or rank 1 … n, logarithmic with ticks at powers of two. */
export const rankScale = (plot: Plot, n: number) =>
  scaleLog([1, Math.max(2, n)], [plot.left + 8, plot.right - 6]).base(2);

export const stepScale = (plot: Plot, last: number) =>
  scaleLinear([0, Math.max(1, last)], [plot.left, plot.right]).clamp(true);

/** From the lower to the upper edge of the plot; values outside are clamped. */
export const heightScale = (plot: Plot, top: number) => scaleLinear([0, top], [plot.bottom, plot.top]).clamp(true);

/** Powers of two as dense as they fit, with 1, n and, in bold, the run's rank; ticks too close to it are dropped. */
export function rankTicks(x: Scale, n: number, rank: number, size: Size): Tick[] {
  for (let stride = 1; ; stride++) {
    const powers = range(0, Math.log2(n) + 1e-9, stride).map((e) => 2 ** e);
    if (powers.length <= 2 || fitTicks(ticksAt(powers, count, rank), x, size.font).length === powers.length)
      return fitTicks(ticksAt([rank, n, 1, ...powers], count, rank), x, size.font);
  }
}

/** Distance of numbers in font sizes: the preferred one, and the minimum if there would be too few. */
const APART = { well: 5.5, least: 1 };
/** An axis with fewer intervals is not readable between its ends. */
const FEWEST = 2.5;

/** Round numbers and the end of the budget; a round number too close to it is dropped. */
export function stepTicks(plot: Plot, last: number, size: Size): Tick[] {
  const x = stepScale(plot, last);
  const [width, font] = [plot.right - plot.left, size.font];
  const number = textWidth(count(last), font);
  const rounded = (apart: number) => roundStep((apart / width) * last);
  const well = rounded(Math.max(APART.well * font, number + 2 * font));
  const step = last / well >= FEWEST ? well : rounded(number + APART.least * font);
  return fitTicks(ticksAt([last, ...range(0, last + 1, step)], count), x, font, font);
}

/** The smallest of 1, 2, 5, 10, 20, … that is at least `min`. */
function roundStep(min: number): number {
  const near = Math.max(1, tickStep(0, min, 1));
  return near >= min ? near : tickStep(0, 2 * near, 1);
}

/** Of all finite values above 0 among the first `length` of each list; if none, null. */
export function positiveRange(lists: readonly (readonly [list: ArrayLike<number>, length: number])[]) {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const [list, length] of lists) {
    for (let i = 0; i < length; i++) {
      if (!(list[i] > 0 && list[i] < Number.POSITIVE_INFINITY)) continue;
      if (list[i] < low) low = list[i];
      if (list[i] > high) high = list[i];
    }
  }
  return high > 0 ? { low, high } : null;
}

/** The powers of ten between two numbers; if there are too many, every second or third, from the highest down. */
export function decades(low: number, high: number, max = Number.POSITIVE_INFINITY): Tick[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first) / max));
  return range(last, first - 1, -stride).map((e) => ({ value: 10 ** e, text: powerOfTen(e) }));
}

/** Ticks at some values; the one at `strong` is bold. */
export const ticksAt = (values: readonly number[], text: (value: number) => string = String, strong?: number | null) =>
  values.map((value): Tick => ({ value, text: text(value), strong: value === strong }));

/** The ticks that fit, earlier ones in the list first; in ascending order. */
export function fitTicks(ticks: readonly Tick[], x: Scale, font: number, gap = font / 2): Tick[] {
  const half = (t: Tick) => (textWidth(t.text, font, t.strong) + gap) / 2;
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const free = (other: Tick) => Math.abs(x(tick.value) - x(other.value)) >= half(tick) + half(other);
    if (kept.every((other) => other.value !== tick.value && free(other))) kept.push(tick);
  }
  return kept.sort((a, b) => a.value - b.value);
}

/** From an axis to the baseline of its numbers, in font sizes, plus 4 px: clear of the other axis's lowest number. */
const ROW_HEIGHT = 1.12;

/** The horizontal axis: line, ticks, numbers, and its name to the left. */
export function horizontalAxis(name: string, ticks: readonly Tick[], x: Scale, plot: Plot, size: Size): Mark[] {
  const y = plot.bottom;
  return [
    hline('axis', 'hair axis', y, plot),
    ...ticks.map(({ value }) => segment(`tick ${value}`, 'hair axis', [x(value), y], [x(value), y + 4])),
    ...tickRow('x', name, ticks, x, plot, size, { below: 0, strong: 'ink strong' }),
  ];
}

/** A second row of numbers, `below` font sizes under those of the axis. */
export function secondRow(
  key: string,
  name: string,
  ticks: readonly Tick[],
  x: Scale,
  plot: Plot,
  size: Size,
  below: number,
): Mark[] {
  return tickRow(key, name, ticks, x, plot, size, { below, strong: 'ink' });
}

interface TickRow {
  /** From the numbers of the axis to the baseline, in font sizes. */
  readonly below: number;
  /** Class of the number at the run's rank. */
  readonly strong: string;
}

function tickRow(
  key: string,
  name: string,
  ticks: readonly Tick[],
  x: Scale,
  plot: Plot,
  size: Size,
  row: TickRow,
): Mark[] {
  const y = plot.bottom + 4 + (ROW_HEIGHT + row.below) * size.font;
  const first = ticks[0];
  const edge = first
    ? x(first.value) - textWidth(first.text, size.font, first.strong) / 2 - 0.6 * size.font
    : plot.left;
  const gap = isLarge(size) ? 16 : size.short ? 4 : 10;
  return flatten([
    name !== '' && words(`${key} name`, '', [Math.min(plot.left - gap, edge), y], 'end', name),
    ticks.map(({ value, text, strong }) =>
      words(`${key} ${value}`, strong ? `tick ${row.strong}` : 'tick', [x(value), y], 'middle', text),
    ),
  ]);
}

/** The name of a horizontal axis in the row of its numbers, at the right edge of the picture. */
export const rightAxisName = (key: string, name: string, plot: Plot, { width, font }: Size): Mark =>
  words(key, '', [width, plot.bottom + 4 + ROW_HEIGHT * font], 'end', name);

/** The name of a horizontal axis in a row of its own. */
export const axisNameBelow = (name: string, plot: Plot, { font }: Size): Mark =>
  words('axis name', '', [plot.left, plot.bottom + 4 + font * 2.2], 'start', name);

export function verticalAxis(ticks: readonly Tick[], y: Scale, plot: Plot, size: Size): Mark[] {
  return ticks.flatMap(({ value, text }) => [
    hline(`grid ${value}`, 'hair rule', y(value), plot),
    words(`y ${value}`, 'tick', [plot.left - size.font / 2, y(value) + size.font * 0.35], 'end', text),
  ]);
}

/** Lines across the whole plot. */
export function vline(key: string, className: string, x: number, plot: Plot): Mark {
  return segment(key, className, [x, plot.top], [x, plot.bottom]);
}

export function hline(key: string, className: string, y: number, plot: Plot): Mark {
  return segment(key, className, [plot.left, y], [plot.right, y]);
}

/** Hatching of the plot from x px to its right edge. */
export function hatchFrom(key: string, x: number, { top, right, bottom }: Plot): Mark {
  const edge: readonly Point[] = [
    [x, top],
    [right, top],
  ];
  return hatch(key, edge, bottom);
}

/** The dotted line at the hovered place of an axis; if none is hovered, null. */
export function hoverLine(
  at: number | null,
  [first, last]: readonly [number, number],
  x: Scale,
  plot: Plot,
): Mark | null {
  return at !== null && at >= first && at <= last ? vline('hover', 'hair ink dotted', x(at), plot) : null;
}
