import { number } from '../../experiment/numbers.ts';
import { countsOf } from '../../experiment/settings/counts.ts';
import type { Scale } from '../drawing/axes.ts';
import { type OtherRun, type Scene, shownStep } from '../scene.ts';

/** The top of the error axis: a little more than 1, where a run that has learned nothing stands. */
export const TOP = 1.04;

/** Rank above which LoRA trains more numbers than full fine-tuning: dk/(d + k), or where a factor is frozen d or k. */
export const breakEven = (scene: Pick<Scene, 'd' | 'k' | 'rank' | 'frozenFactor'>) => countsOf(scene).breakEven;

/** The relative error at the step on show; null before there is one. */
export function errorOf(scene: Scene): number | null {
  const value = scene.curves.relativeError[shownStep(scene)];
  return scene.curves.length > 0 && value !== undefined && !Number.isNaN(value) ? value : null;
}

/** The relative error at the end of another run; undefined where there is none. */
export const lastError = ({ curves: { length, relativeError } }: OtherRun): number | undefined =>
  length > 0 ? relativeError[length - 1] : undefined;

/** Relative error that the best matrix of rank i has; null where ΔW*, or enough of its singular values, is not known. */
export function floorAt({ target }: Pick<Scene, 'target'>, i: number): number | null {
  if (!target) return null;
  return target.floor[i] ?? (target.how === 'leading' ? null : 0);
}

/** The floor that holds for the run. */
export const floorOf = ({ ownFloor }: Pick<Scene, 'ownFloor'>) => ownFloor.value;

/** By how much the floor at rank i may lie too high. */
export const openAt = ({ target }: Pick<Scene, 'target'>, i: number): number => target?.open?.[i] ?? 0;

/** By how much the floor that holds for the run may lie too high. */
export function openOf({ target, ownFloor, rank }: Pick<Scene, 'target' | 'ownFloor' | 'rank'>): number {
  return ownFloor.by === 'rank' ? openAt({ target }, rank) : (ownFloor.open ?? 0);
}

/** "0.978", or "0.978, at most 4·10⁻³ too high" where what is open shows in the printed digits. */
export function floorWords(floor: number, open: number): string {
  const shows = open > 0 && number(floor) !== number(Math.max(0, floor - open));
  return shows ? `${number(floor)} (at most ${number(open, 1)} too high)` : number(floor);
}

/** Where the floor that holds is not that of the rank of the run: what decides it, in words; else null. */
export function ownFloorWords({ ownFloor }: Pick<Scene, 'ownFloor'>): string | null {
  switch (ownFloor.by) {
    case 'rank':
      return null;
    case 'moved':
      return ownFloor.of ?? 'this initialisation';
    case 'frozen':
      return 'a frozen factor';
  }
}

/** The short line across the rule of the run, at the height of a floor that is not that of its rank, in px along the axis. */
export function ownFloorReach({ ownFloor: { value, by }, rank }: Scene, x: Scale) {
  return value === null || by === 'rank' ? null : { value, from: x(rank) - 12, to: x(rank) + 12 };
}
