import { horizontalAxis, type Scale, type Tick, verticalAxis } from './axes.ts';
import type { Size } from './chart.ts';
import { LINE_HEIGHT, type MarginLabel, marginLabels } from './labels.ts';
import { flatten, type Mark, type Nested, words } from './marks.ts';
import type { Plot } from './plot.ts';
import { wrapText } from './text-width.ts';

/** The area of a plot with its horizontal axis. */
export interface AxisFrame {
  readonly size: Size;
  readonly plot: Plot;
  readonly x: { readonly name?: string; readonly scale: Scale; readonly ticks: readonly Tick[] };
}

interface PictureParts extends AxisFrame {
  /** Areas behind the grid. */
  readonly behind?: Nested<Mark>;
  readonly y?: { readonly scale: Scale; readonly ticks: readonly (Tick | number)[] };
  /** In front of the axes, from back to front. */
  readonly marks: Nested<Mark>;
  /** In the right margin, the most important first. */
  readonly names?: Nested<MarginLabel>;
}

/** A chart: areas, grid, axes, marks, and the names of lines in the margin. */
export function picture({ size, plot, x, y, behind, marks, names }: PictureParts): Mark[] {
  return flatten([
    behind,
    y && verticalAxis(y.ticks.map(tickOf), y.scale, plot, size),
    horizontalAxis(x.name ?? '', x.ticks, x.scale, plot, size),
    marks,
    marginLabels(flatten(names), plot, size),
  ]);
}

const tickOf = (tick: Tick | number): Tick => (typeof tick === 'number' ? { value: tick, text: String(tick) } : tick);

/** Sentences are a little larger than labels: see .claim in charts.css. */
const CLAIM = 1.25;

/** An empty state: a sentence instead of the data, in lines of about the same length. */
export function sentence(text: string, plot: Plot, size: number): Mark[] {
  const font = size * CLAIM;
  let width = Math.max(font, plot.right - plot.left - 2 * font);
  const parts = text.split(' ');
  let lines = wrapText(parts, ' ', width, font);
  for (let next = lines; next.length === lines.length && width > font; ) {
    lines = next;
    width -= font / 2;
    next = wrapText(parts, ' ', width, font);
  }
  const x = (plot.left + plot.right) / 2;
  const first = (plot.top + plot.bottom) / 2 - ((lines.length - 1) / 2) * LINE_HEIGHT * font + font / 3;
  return lines.map((line, i) =>
    words(`sentence ${i}`, 'ink-2 claim', [x, first + i * LINE_HEIGHT * font], 'middle', line),
  );
}
