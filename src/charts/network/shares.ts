import { heightScale, type Tick, ticksAt } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { isLarge, type Plot, plotOf } from '../../kit/chart/plot.ts';

/** A share of right answers, as everywhere on the page: "0.774". */
export const shareText = (share: number): string => share.toFixed(3);

/** Quarters if they fit, otherwise halves. */
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const HALVES = [0, 0.5, 1];

export const shareTicks = (room: number): Tick[] => ticksAt(room >= QUARTERS.length ? QUARTERS : HALVES);

/** A vertical axis of shares, 0 … 1. */
export function shareAxis(plot: Plot, { font }: Size) {
  return { scale: heightScale(plot, 1), ticks: shareTicks((plot.bottom - plot.top) / (1.6 * font)) };
}

/** A plot with space for a second row of text below the numbers of its axis. */
export const plotOverRow = (size: Size): Plot => plotOf(size, isLarge(size) ? 26 : 14);
