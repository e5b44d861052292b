import { heightScale, type Tick, ticksAt } from '../../kit/chart/axes.ts';
import { isLarge, type Plot, plotOf, type ReadableChart, type Size, type Table } from '../../kit/chart/chart.ts';
import type { Mark } from '../../kit/chart/marks.ts';
import { drawing, sentence } from '../../kit/chart/picture.ts';
import { type Losses, lastIndexUpTo, type RunChart, type Scene } from '../chart.ts';

/** A share of right answers, as everywhere on the page: "0.774". */
export const shareText = (share: number): string => share.toFixed(3);

/** The share of right answers at the last measured step up to `step`; if none, null. */
export function accuracyAt(losses: Losses | null, list: 'accuracy' | 'oldAccuracy', step: number): number | null {
  const value = losses?.[list]?.[lastIndexUpTo(losses.steps, step)];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

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

export const NO_NETWORK = 'Only a network has right answers to count.';

/** A chart of a scene of its own as a chart of a run: empty if the run is not on a network. */
export function chartOfRun<S>(
  chart: ReadableChart<S> & { readonly table: (scene: S) => Table },
  picture: (scene: S, size: Size) => readonly Mark[],
  of: (scene: Scene) => S | null,
  names: Pick<RunChart, 'name' | 'short' | 'axis'>,
): RunChart {
  const over =
    <T>(read: (own: S) => T, none: T) =>
    (scene: Scene): T => {
      const own = of(scene);
      return own === null ? none : read(own);
    };
  return {
    ...names,
    title: chart.title,
    help: over(chart.help, NO_NETWORK),
    describe: over(chart.describe, NO_NETWORK),
    table: over(chart.table, { columns: [], rows: [] }),
    places: over(chart.places, { first: 0, last: -1, start: 0, at: null }),
    locate: (scene, size, x, y) => over((own) => chart.locate(own, size, x, y), null)(scene),
    readout: (scene, at) => over((own) => chart.readout(own, at), '')(scene),
    draw: drawing((scene, size) =>
      over((own) => picture(own, size), sentence(NO_NETWORK, plotOverRow(size), size.font))(scene),
    ),
  };
}
