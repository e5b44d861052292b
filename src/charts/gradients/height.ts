import type { Size } from '../chart.ts';
import type { Scale, Tick } from '../drawing/axes.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import { powerOfTen } from '../format.ts';
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
  const decades = Math.min(MOST, Math.max(FEWEST, top - Math.floor(Math.log10(low / BELOW))));
  const edge = BELOW * 10 ** (top - decades);
  const lowest = plot.bottom - size.font * 1.5;
  const zero = plot.bottom - size.font * (isLarge(size) ? 0.36 : 0.43);
  const span = Math.log(ABOVE / BELOW) + decades * Math.LN10;
  const y = (v: number) => {
    if (v === 0) return zero;
    const up = Math.log(Math.max(v, edge) / edge) / span;
    return lowest - Math.min(1, up) * (lowest - plot.top);
  };
  const decade = ((lowest - plot.top) * Math.LN10) / span;
  const stride = Math.ceil((1.1 * size.font) / decade);
  const ticks: Tick[] = [];
  for (let e = top; e >= top - decades; e -= stride) {
    if (y(10 ** e) < zero - size.font * 0.95) ticks.push({ value: 10 ** e, text: powerOfTen(e) });
  }
  return { y, zero, ticks };
}

/** The run before counts too, so that the axis stays while the rank slider is dragged. */
function range({ curves, ghost }: Scene): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const run of ghost ? [curves, ghost.curves] : [curves]) {
    for (const list of [run.gradNormA, run.gradNormB]) {
      for (let i = 0; i < run.length; i++) {
        if (list[i] > high && list[i] < Number.POSITIVE_INFINITY) high = list[i];
        if (list[i] > 0 && list[i] < low) low = list[i];
      }
    }
  }
  return high > 0 ? { low, high } : { low: 1, high: 1 };
}
