import { count, csvComment, csvField, plural } from '../../experiment/numbers.ts';
import { hoverLine, rankScale, rankTicks, type Scale, stepScale, stepTicks, vline } from '../../kit/chart/axes.ts';
import { type AxisPlaces, type Plot, plotOf, type Size, type Table } from '../../kit/chart/chart.ts';
import type { Mark } from '../../kit/chart/marks.ts';
import type { AxisFrame } from '../../kit/chart/picture.ts';
import { lastStep, newestStep, type Scene, valuesOf } from '../chart.ts';

/**
 * A table as CSV (RFC 4180: CRLF, fields quoted if necessary), with comment lines in front, each behind a "#". Numbers
 * keep full precision; a missing value is an empty field; no text can be read as a formula.
 */
export function tableCsv({ columns, rows }: Table, comments: readonly string[] = []): string {
  const lines = [
    ...comments.flatMap((text) => text.split(/\r?\n/)).map(csvComment),
    ...[columns, ...rows].map((row) => row.map(csvField).join(',')),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** A table from its columns: the head, and the value in each row. */
export function tableOf<R>(
  rows: readonly R[],
  columns: readonly (readonly [head: string, value: (row: R) => Table['rows'][number][number]])[],
): Table {
  return {
    columns: columns.map(([head]) => head),
    rows: rows.map((row) => columns.map(([, value]) => value(row))),
  };
}

/** An entry of a list; null beyond its end. */
export const entryOf =
  (list: ArrayLike<number>, length = list.length) =>
  (i: number) =>
    i < length ? list[i] : null;

interface HoverFrame extends AxisFrame {
  /** The dotted line at the hovered place, in front of the data; if none, null. */
  readonly hover: Mark | null;
  /** Areas and lines behind the grid. */
  readonly behind?: readonly Mark[];
}

/** Points of a line closer than this, in px, look the same as one. */
const CLOSEST = 0.25;

const hoveredRank = ({ hover }: Scene) => (hover?.axis === 'rank' ? hover.index : null);
export const hoveredStep = ({ hover }: Scene) => (hover?.axis === 'step' ? hover.step : null);

/** `below` px stay free for a second row of numbers. */
export function rankColumn(scene: Scene, size: Size, name: string, below = 0): HoverFrame {
  const plot = plotOf(size, below);
  const n = valuesOf(scene);
  const scale = rankScale(plot, n);
  return {
    size,
    plot,
    x: { name, scale, ticks: rankTicks(scale, n, scene.rank, size) },
    hover: hoverLine(hoveredRank(scene), [1, n], scale, plot),
  };
}

/** The indices 1 … n of a rank axis, without those that would be drawn on top of the previous one. */
export function spacedRanks(n: number, x: Scale): number[] {
  const kept: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 1; i <= n; i++) {
    if (x(i) - last < CLOSEST && i < n) continue;
    kept.push(i);
    last = x(i);
  }
  return kept;
}

export function stepColumn(scene: Scene, size: Size): HoverFrame {
  const plot = plotOf(size);
  const last = lastStep(scene);
  const scale = stepScale(plot, last);
  return {
    size,
    plot,
    x: { name: 'step', scale, ticks: stepTicks(plot, last, size) },
    hover: hoverLine(hoveredStep(scene), [0, last], scale, plot),
    behind: epochMarks(scene, scale, plot),
  };
}

/** Pixels beyond the ends of an axis that still count as its ends: a finger is not exact. */
const REACH = 10;

/** Reading of a chart over ranks. */
export const rankReading = {
  axis: 'rank',
  places: (scene: Scene): AxisPlaces => {
    const [last, at] = [valuesOf(scene), hoveredRank(scene)];
    // The column's other chart may reach further, if it is of several matrices.
    return { first: 1, last, start: scene.rank, at: at !== null && at <= last ? at : null };
  },
  locate: (scene: Scene, size: Size, px: number): number | null => {
    const plot = plotOf(size);
    if (px < plot.left - REACH || px > plot.right + REACH) return null;
    const n = valuesOf(scene);
    const x = rankScale(plot, n);
    const guess = x.invert(px);
    const below = Math.max(1, Math.min(n, Math.floor(guess)));
    const above = Math.min(n, below + 1);
    return px - x(below) <= x(above) - px ? below : above;
  },
} as const;

/** Reading of a chart over steps: among the measured ones. */
export const stepReading = {
  axis: 'step',
  places: (scene: Scene): AxisPlaces => {
    return { first: 0, last: newestStep(scene), start: scene.step, at: hoveredStep(scene) };
  },
  locate: (scene: Scene, size: Size, px: number): number | null => {
    const plot = plotOf(size);
    if (px < plot.left - REACH || px > plot.right + REACH) return null;
    const step = Math.round(stepScale(plot, lastStep(scene)).invert(px));
    return Math.max(0, Math.min(newestStep(scene), step));
  },
} as const;

/** Two lines closer than this, in px, crowd the plot. */
const APART = 14;

/** Every first, second, fifth, tenth, … epoch, the smallest of them that leaves room. */
function everyNth(width: number): number {
  for (let power = 1; ; power *= 10) for (const n of [1, 2, 5]) if (n * power * width >= APART) return n * power;
}

/** A pale line at the start of each epoch after the first, or of every n-th one if they are close. */
export function epochMarks(scene: Scene, x: Scale, plot: Plot): Mark[] {
  const { epoch } = scene;
  if (epoch === undefined) return [];
  const apart = everyNth(x(epoch) - x(0)) * epoch;
  const marks: Mark[] = [];
  for (let at = apart; at <= lastStep(scene); at += apart) marks.push(vline(`epoch ${at}`, 'ref rule', x(at), plot));
  return marks;
}

/** For those who do not see the lines; a sentence with a leading space, or empty. */
export function epochWords({ epoch }: Scene): string {
  if (epoch === undefined) return '';
  return epoch === 1
    ? ' Every step is an epoch.'
    : ` An epoch has ${plural(epoch, 'step')}: it starts anew at step ${count(epoch)}, ${count(2 * epoch)} and so on, marked by pale lines.`;
}
