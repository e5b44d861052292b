import { csvComment, csvField } from '../../experiment/numbers.ts';
import {
  horizontalAxis,
  rankScale,
  rankTicks,
  type Scale,
  stepScale,
  stepTicks,
  type Tick,
  vline,
} from '../../kit/chart/axes.ts';
import type { AxisPlaces, Size, Table } from '../../kit/chart/chart.ts';
import type { Mark } from '../../kit/chart/marks.ts';
import { type Plot, plotOf } from '../../kit/chart/plot.ts';
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

interface HoverColumn {
  readonly plot: Plot;
  readonly x: Scale;
  readonly ticks: readonly Tick[];
  readonly axis: readonly Mark[];
  /** The dotted line at the hovered place, in front of the data. */
  readonly hover: readonly Mark[];
}

/** Points of a line closer than this, in px, look the same as one. */
const CLOSEST = 0.25;

/** `below` px stay free for a second row of numbers. */
export function rankColumn(scene: Scene, size: Size, name: string, below = 0): HoverColumn {
  const plot = plotOf(size, below);
  const n = valuesOf(scene);
  const x = rankScale(plot, n);
  const ticks = rankTicks(x, n, scene.rank, size);
  const at = scene.hover?.axis === 'rank' ? scene.hover.index : null;
  const hover = at !== null && at >= 1 && at <= n ? [vline('hover', 'hair ink dotted', x(at), plot)] : [];
  return { plot, x, ticks, axis: horizontalAxis(name, ticks, x, plot, size), hover };
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

export function stepColumn(scene: Scene, size: Size): HoverColumn {
  const plot = plotOf(size);
  const last = lastStep(scene);
  const x = stepScale(plot, last);
  const ticks = stepTicks(plot, last, size);
  return { plot, x, ticks, axis: horizontalAxis('step', ticks, x, plot, size), hover: stepCursor(scene, x, plot) };
}

export function stepCursor(scene: Scene, x: Scale, plot: Plot): Mark[] {
  const at = scene.hover?.axis === 'step' ? scene.hover.step : null;
  return at !== null && at >= 0 && at <= lastStep(scene) ? [vline('hover', 'hair ink dotted', x(at), plot)] : [];
}

/** Pixels beyond the ends of an axis that still count as its ends: a finger is not exact. */
const REACH = 10;

/** Reading of a chart over ranks. */
export const rankReading = {
  axis: 'rank',
  places: (scene: Scene): AxisPlaces => {
    const { rank, hover } = scene;
    const last = valuesOf(scene);
    // The column's other chart may reach further, if it is of several matrices.
    return { first: 1, last, start: rank, at: hover?.axis === 'rank' && hover.index <= last ? hover.index : null };
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
    const { step, hover } = scene;
    return { first: 0, last: newestStep(scene), start: step, at: hover?.axis === 'step' ? hover.step : null };
  },
  locate: (scene: Scene, size: Size, px: number): number | null => {
    const plot = plotOf(size);
    if (px < plot.left - REACH || px > plot.right + REACH) return null;
    const step = Math.round(stepScale(plot, lastStep(scene)).invert(px));
    return Math.max(0, Math.min(newestStep(scene), step));
  },
} as const;
