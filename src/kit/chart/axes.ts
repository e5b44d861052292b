import { range, tickStep } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { count, powerOfTen } from '../../experiment/numbers.ts';
import type { Size } from './chart.ts';
import { type Mark, segment, words } from './marks.ts';
import { isLarge, type Plot } from './plot.ts';
import { textWidth } from './text-width.ts';

export type Scale = (value: number) => number;

export interface Tick {
  readonly value: number;
  readonly text: string;
  readonly strong?: boolean;
}

/** The shared axis of the left column: index or rank 1 … n, logarithmic with ticks at powers of two. */
export function rankScale(plot: Plot, n: number) {
  return scaleLog()
    .base(2)
    .domain([1, Math.max(2, n)])
    .range([plot.left + 8, plot.right - 6]);
}

export function stepScale(plot: Plot, last: number) {
  return scaleLinear()
    .domain([0, Math.max(1, last)])
    .range([plot.left, plot.right])
    .clamp(true);
}

/** From the lower to the upper edge of the plot; values outside are clamped. */
export const heightScale = (plot: Plot, top: number) =>
  scaleLinear().domain([0, top]).range([plot.bottom, plot.top]).clamp(true);

/** Powers of two as dense as they fit, with 1, n and, in bold, the run's rank; ticks too close to it are dropped. */
export function rankTicks(x: Scale, n: number, rank: number, size: Size): Tick[] {
  const at = (value: number): Tick => ({ value, text: count(value), strong: value === rank });
  for (let stride = 1; ; stride++) {
    const powers: Tick[] = [];
    for (let e = 0; 2 ** e <= n; e += stride) powers.push(at(2 ** e));
    if (powers.length <= 2 || fitTicks(powers, x, size.font).length === powers.length)
      return fitTicks([at(rank), at(n), at(1), ...powers], x, size.font);
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
  const ticks = [last, ...range(0, last + 1, step)].map((value): Tick => ({ value, text: count(value) }));
  return fitTicks(ticks, x, font, font);
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
export const ROW_HEIGHT = 1.12;

/** The horizontal axis: line, ticks, numbers, and its name to the left. */
export function horizontalAxis(name: string, ticks: readonly Tick[], x: Scale, plot: Plot, size: Size): Mark[] {
  const y = plot.bottom;
  return [
    segment('axis', 'hair axis', [plot.left, y], [plot.right, y]),
    ...ticks.map(({ value }) => segment(`tick ${value}`, 'hair axis', [x(value), y], [x(value), y + 4])),
    ...tickRow('x', name, ticks, x, plot, size, {
      below: 4 + ROW_HEIGHT * size.font,
      className: '',
      strong: 'ink strong',
    }),
  ];
}

export interface TickRow {
  /** px from the axis to the baseline. */
  readonly below: number;
  /** Classes of the numbers, and of the one at the run's rank. */
  readonly className: string;
  readonly strong: string;
}

export function tickRow(
  key: string,
  name: string,
  ticks: readonly Tick[],
  x: Scale,
  plot: Plot,
  size: Size,
  row: TickRow,
): Mark[] {
  const y = plot.bottom + row.below;
  const first = ticks[0];
  const edge = first
    ? x(first.value) - textWidth(first.text, size.font, first.strong) / 2 - 0.6 * size.font
    : plot.left;
  const gap = isLarge(size) ? 16 : size.short ? 4 : 10;
  return [
    words(`${key} name`, row.className, [Math.min(plot.left - gap, edge), y], 'end', name),
    ...ticks.map(({ value, text, strong }) =>
      words(`${key} ${value}`, strong ? row.strong : row.className, [x(value), y], 'middle', text),
    ),
  ];
}

export function verticalAxis(ticks: readonly Tick[], y: Scale, plot: Plot, size: Size): Mark[] {
  return ticks.flatMap(({ value, text }) => [
    segment(`grid ${value}`, 'hair rule', [plot.left, y(value)], [plot.right, y(value)]),
    words(`y ${value}`, '', [plot.left - size.font / 2, y(value) + size.font * 0.35], 'end', text),
  ]);
}

export function vline(key: string, className: string, x: number, plot: Plot): Mark {
  return segment(key, className, [x, plot.top], [x, plot.bottom]);
}
