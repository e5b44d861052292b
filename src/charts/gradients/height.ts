import { scaleLog } from 'd3-scale';
import type { Size } from '../chart.ts';
import { decades, positiveRange, type Scale, type Tick } from '../drawing/axes.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import type { Scene } from '../scene.ts';

/** The logarithmic part of the axis, and under it a row of its own for exact zeros, which have no logarithm. */
export interface GradientHeight {
  readonly y: Scale;
  /** px of the row of zeros. */
  readonly zero: number;
  readonly ticks: readonly Tick[];
}

/** Decades shown at least and at most. */
const FEWEST = 3;
const MOST = 8;

/** The log axis runs from this part of its lowest power of ten to that part of its highest. */
const BELOW = 0.8;
const ABOVE = 1.5;

/** Whole decades around everything measured so far: they only ever grow in a run, so the picture does not twitch. */
export function gradientHeight(scene: Scene, plot: Plot, size: Size): GradientHeight {
  const { low, high } = range(scene);
  const top = Math.ceil(Math.log10(high / ABOVE));
  const shown = Math.min(MOST, Math.max(FEWEST, top - Math.floor(Math.log10(low / BELOW))));
  const edge = BELOW * 10 ** (top - shown);
  const lowest = plot.bottom - size.font * 1.5;
  const zero = plot.bottom - size.font * (isLarge(size) ? 0.36 : 0.43);
  const log = scaleLog([edge, ABOVE * 10 ** top], [lowest, plot.top]).clamp(true);
  const most = Math.max(1, Math.floor((lowest - plot.top) / (1.1 * size.font)));
  const ticks = decades(edge, ABOVE * 10 ** top, most).filter(({ value }) => log(value) < zero - size.font * 0.95);
  const y = (v: number) => (v === 0 ? zero : log(v));
  return { y, zero, ticks };
}

/** The other runs count too, so that the axis stays while the rank slider is dragged. */
function range({ curves, others }: Scene) {
  const runs = [curves, ...others.map((other) => other.curves)];
  const lists = runs.flatMap(({ gradNormA, gradNormB, length }) => [
    [gradNormA, length] as const,
    [gradNormB, length] as const,
  ]);
  return positiveRange(lists) ?? { low: 1, high: 1 };
}
