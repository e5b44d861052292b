import { type ScaleLogarithmic, scaleLog } from 'd3-scale';
import { powerOfTen, trimmed } from '../../experiment/numbers.ts';
import type { Size } from '../chart.ts';
import { decades, positiveRange, type Scale, type Tick } from '../drawing/axes.ts';
import type { Plot } from '../drawing/plot.ts';
import { heightsOf, type Losses, lastUpTo, type Scene, shownStep } from '../scene.ts';

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
  const { low, high } = drawn(heightsOf(scene));
  const top = roundUp(high * 1.02);
  const foot = roundDown(Math.max(top / WIDEST, Math.min(low / 1.05, top / NARROWEST)));
  const y = scaleLog([foot, top], [plot.bottom, plot.top]).clamp(true);
  return { y: (v) => y(Math.max(v, foot)), ticks: ticksOf(y, plot, size), foot, largest: high };
}

/** 1, 2 and 5 of every decade where there is room, else powers of ten. */
function ticksOf(y: ScaleLogarithmic<number, number>, plot: Plot, size: Size): Tick[] {
  const [foot, top] = y.domain();
  const apart = 1.5 * size.font;
  if (y(1) - y(2) < apart) return decades(foot, top, Math.max(1, Math.floor((plot.bottom - plot.top) / apart)));
  return y
    .ticks()
    .filter((value) => [1, 2, 5].includes(Number(value.toExponential(0)[0])))
    .map((value) => ({ value, text: Math.log10(value) % 1 === 0 ? powerOfTen(Math.log10(value)) : trimmed(value) }));
}

/** The range of all that is drawn, and of the floors that are not far below it. */
function drawn({ curves, samples, others }: Scene): { low: number; high: number } {
  const lists = [samples?.losses, ...others.map(({ losses }) => losses)].flatMap((losses) =>
    losses ? [losses.training, losses.heldOut] : [],
  );
  const range = positiveRange([[curves.loss, curves.length], ...lists.map((list) => [list, list.length] as const)]);
  if (!range) return { low: 0.1, high: 1 };
  const { low, high } = range;
  const floors = [samples?.floors.training ?? 0, samples?.floors.heldOut ?? 0].filter((v) => v > FAR * high);
  return { low: Math.min(low, ...floors), high };
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
