import { scaleLinear, scaleLog } from 'd3';
import type { Size } from './chart.ts';
import { count } from './format.ts';
import { type Mark, type Point, segment, words } from './marks.ts';
import { isLarge, type Plot } from './plot.ts';
import { textWidth } from './text-width.ts';

/** From a value to px. */
export type Scale = (value: number) => number;

export interface Tick {
  readonly value: number;
  readonly text: string;
  readonly strong?: boolean;
}

/** The shared axis of the left column: index or rank 1 … n, logarithmic with ticks at powers of two. */
export function rankScale(plot: Plot, n: number): Scale {
  const scale = scaleLog().domain([1, Math.max(2, n)]);
  return scale.range([plot.left + 8, plot.right - 6]);
}

/** The shared axis of the right column. */
export function stepScale(plot: Plot, last: number): Scale {
  return scaleLinear()
    .domain([0, Math.max(1, last)])
    .range([plot.left, plot.right]);
}

/** Powers of two as close as they fit, with 1, n and, printed bold, the run's rank; what would touch it gives way. */
export function rankTicks(x: Scale, n: number, rank: number, size: Size): Tick[] {
  const at = (value: number): Tick => ({ value, text: count(value), strong: value === rank });
  for (let stride = 1; ; stride++) {
    const powers: Tick[] = [];
    for (let e = 0; 2 ** e <= n; e += stride) powers.push(at(2 ** e));
    if (powers.length > 2 && touching(powers, x, size.font)) continue;
    const ends = [at(rank), at(n), at(1)].filter((t, i, all) => all.findIndex((o) => o.value === t.value) === i);
    const kept: Tick[] = [];
    for (const tick of [...ends, ...powers]) {
      if (kept.some((other) => other.value === tick.value || touching([other, tick], x, size.font))) continue;
      kept.push(tick);
    }
    return kept.sort((a, b) => a.value - b.value);
  }
}

export function stepTicks(plot: Plot, last: number, size: Size): Tick[] {
  const width = Math.max(8 * size.font, textWidth(count(last), size.font) + 2 * size.font);
  const most = Math.max(1, Math.floor((plot.right - plot.left) / width));
  const values = scaleLinear()
    .domain([0, Math.max(1, last)])
    .ticks(most)
    .filter(Number.isInteger);
  return values.map((value) => ({ value, text: count(value) }));
}

function touching(ticks: readonly Tick[], x: Scale, font: number): boolean {
  const half = (t: Tick) => textWidth(t.text, font, t.strong) / 2 + font / 4;
  return ticks.some((t, i) => i > 0 && Math.abs(x(t.value) - x(ticks[i - 1].value)) < half(t) + half(ticks[i - 1]));
}

/** The horizontal axis: line, ticks, numbers, and its name left of them. */
export function horizontalAxis(name: string, ticks: readonly Tick[], x: Scale, plot: Plot, size: Size): Mark[] {
  const y = plot.bottom;
  return [
    segment('axis', 'hair axis', [plot.left, y], [plot.right, y]),
    ...ticks.map(({ value }) => segment(`tick ${value}`, 'hair axis', [x(value), y], [x(value), y + 4])),
    ...tickRow('x', name, ticks, x, plot, size, 4 + size.font),
  ];
}

/** A row of numbers below the axis, `below` px under it, and what they are to the left. */
export function tickRow(
  key: string,
  name: string,
  ticks: readonly Tick[],
  x: Scale,
  plot: Plot,
  size: Size,
  below: number,
): Mark[] {
  const y = plot.bottom + below;
  const first = ticks[0];
  const edge = first ? x(first.value) - textWidth(first.text, size.font, first.strong) / 2 - size.font / 3 : plot.left;
  const gap = isLarge(size) ? 20 : size.short ? 4 : 10;
  return [
    words(`${key} name`, '', [Math.min(plot.left - gap, edge), y], 'end', name),
    ...ticks.map(({ value, text, strong }) =>
      words(`${key} ${value}`, strong ? 'ink strong' : '', [x(value), y], 'middle', text),
    ),
  ];
}

/** Numbers and hairlines of the vertical axis. */
export function verticalAxis(ticks: readonly Tick[], y: Scale, plot: Plot, size: Size): Mark[] {
  return ticks.flatMap(({ value, text }) => [
    segment(`grid ${value}`, 'hair rule', [plot.left, y(value)], [plot.right, y(value)]),
    words(`y ${value}`, '', [plot.left - size.font / 2, y(value) + size.font * 0.35], 'end', text),
  ]);
}

/** A vertical line through the whole plot. */
export function upright(key: string, look: string, x: number, plot: Plot): Mark {
  return segment(key, look, [x, plot.top], [x, plot.bottom]);
}

export function uprightPoints(x: number, plot: Plot): Point[] {
  return [
    [x, plot.top],
    [x, plot.bottom],
  ];
}
