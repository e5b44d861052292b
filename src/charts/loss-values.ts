import { shownStep } from './columns.ts';
import type { Losses, Scene } from './scene.ts';
import { lastUpTo } from './search.ts';

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
