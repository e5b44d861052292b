import { shownStep } from './columns.ts';
import type { Scene } from './scene.ts';

/** The top of the error axis: a little more than 1, where a run that has learned nothing stands. */
export const TOP = 1.04;

/** Rank above which LoRA trains more numbers than full fine-tuning: dk/(d + k). */
export const breakEven = ({ d, k }: Pick<Scene, 'd' | 'k'>) => (d * k) / (d + k);

/** The relative error at the step on show; null before there is one. */
export function errorOf(scene: Scene): number | null {
  const value = scene.curves.relativeError[shownStep(scene)];
  return scene.curves.length > 0 && value !== undefined && !Number.isNaN(value) ? value : null;
}

/** Relative error that the best matrix of rank i has; null where ΔW*, or enough of its singular values, is not known. */
export function floorAt({ target }: Pick<Scene, 'target'>, i: number): number | null {
  if (!target) return null;
  return target.floor[i] ?? (target.how === 'leading' ? null : 0);
}

/** The same at the rank of the run. */
export const floorOf = (scene: Pick<Scene, 'target' | 'rank'>) => floorAt(scene, scene.rank);
