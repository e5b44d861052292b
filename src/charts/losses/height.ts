import type { Size } from '../chart.ts';
import type { Scale, Tick } from '../drawing/axes.ts';
import { shownStep } from '../drawing/columns.ts';
import type { Plot } from '../drawing/plot.ts';
import { powerOfTen, trimmed } from '../format.ts';
import type { Losses, Scene } from '../scene.ts';
import { lastUpTo } from '../search.ts';

/** A logarithmic axis for losses and their floors. What lies below it is drawn at its foot. */
export interface LossHeight {
  readonly y: Scale;
  readonly ticks: readonly Tick[];
  /** The lowest value on the axis. */
  readonly foot: number;
  /** The largest loss of the run. */
  readonly largest: number;
}

/** The axis spans at least and at most these factors. */
const NARROWEST = 6;
const WIDEST = 1e8;
/** A floor that is lower than this share of the largest loss does not stretch the axis. */
const FAR = 1e-4;

/** Between round numbers around all that is drawn, so that the axis moves seldom while a run goes on. */
export function lossHeight(scene: Scene, plot: Plot, size: Size): LossHeight {
  const { low, high, floor } = range(scene);
  const top = roundUp(high * 1.02);
  const room = plot.right - plot.left < ROOM.from * size.font ? ROOM.narrow : ROOM.wide;
  const roomy = floor === null ? low : withRoom(floor, top, (room * size.font) / (plot.bottom - plot.top));
  const foot = roundDown(Math.max(top / WIDEST, Math.min(low / 1.05, top / NARROWEST, roomy)));
  const perFactor = (plot.bottom - plot.top) / Math.log(top / foot);
  const y = (v: number) => plot.bottom - perFactor * Math.log(Math.min(top, Math.max(v, foot)) / foot);
  return { y, ticks: ticksBetween(foot, top, perFactor, size), foot, largest: high };
}

/** Under the lower floor there is room for its name, or where the plot is narrow for two lines, in font sizes. */
const ROOM = { wide: 1.6, narrow: 2.8, from: 22 };

/** The foot of an axis on which so large a share of the height lies below a value. */
function withRoom(value: number, top: number, share: number): number {
  return share < 0.4 ? top * (value / top) ** (1 / (1 - share)) : value;
}

/** 1, 2 and 5 of every decade where there is room, else powers of ten. */
function ticksBetween(foot: number, top: number, perFactor: number, size: Size): Tick[] {
  const apart = 1.5 * size.font;
  const fine = perFactor * Math.log(2) >= apart;
  const stride = Math.max(1, Math.ceil(apart / (perFactor * Math.LN10)));
  const ticks: Tick[] = [];
  const last = Math.floor(Math.log10(top) + 1e-9);
  for (let e = last; e >= Math.floor(Math.log10(foot) + 1e-9); e -= stride) {
    for (const leading of fine ? [1, 2, 5] : [1]) {
      const value = leading * 10 ** e;
      if (value < foot * 0.999 || value > top * 1.001) continue;
      ticks.push({ value, text: leading === 1 ? powerOfTen(e) : trimmed(value) });
    }
  }
  return ticks;
}

/** Of all that is drawn, and the lower floor where it is on the axis. */
function range({ curves, samples, ghost }: Scene): { low: number; high: number; floor: number | null } {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  const take = (list: ArrayLike<number>, count: number) => {
    for (let i = 0; i < count; i++) {
      if (!(list[i] > 0 && list[i] < Number.POSITIVE_INFINITY)) continue;
      low = Math.min(low, list[i]);
      high = Math.max(high, list[i]);
    }
  };
  const both = (losses: Losses) => {
    take(losses.training, losses.steps.length);
    take(losses.heldOut, losses.steps.length);
  };
  take(curves.loss, curves.length);
  if (samples) both(samples.losses);
  if (ghost?.losses) both(ghost.losses);
  if (high === 0) return { low: 0.1, high: 1, floor: null };
  const floors = [samples?.floors.training ?? null, samples?.floors.heldOut ?? null].filter(
    (v) => v !== null && plainFloor(v, high) > FAR * high,
  );
  const floor = floors.length > 0 ? Math.min(...floors.map(Number)) : null;
  return { low: Math.min(low, floor ?? low), high, floor };
}

function roundUp(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  const leading = [1, 1.5, 2, 3, 5, 7, 10].find((l) => l * power >= v) ?? 10;
  return leading * power;
}

function roundDown(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  const leading = [7, 5, 3, 2, 1.5, 1].find((l) => l * power <= v) ?? 1;
  return leading * power;
}

/** The losses that were measured last at or before a step; null where none were. */
export function lossesAt({ steps, training, heldOut }: Losses, step: number) {
  const at = lastUpTo(steps, step);
  return at < 0 ? null : { step: steps[at], training: training[at], heldOut: heldOut[at] };
}

/** Those of the step on show, with the loss of its batch. */
export function lossesShown(scene: Scene) {
  const { samples, curves } = scene;
  const step = shownStep(scene);
  const full = samples && lossesAt(samples.losses, step);
  return full && { ...full, batch: curves.loss[step] };
}

/** Rounding leaves less than this share of the largest loss of a floor that is 0. */
const NOTHING = 1e-12;

/** A floor without what is only rounding. */
export function plainFloor(floor: number, largest: number): number {
  return floor < NOTHING * largest ? 0 : floor;
}
