import type { AdaptationName, PointAdaptation, SequenceAdaptation } from './adaptations.ts';
import { isPointTask, isSequenceTask } from './adaptations.ts';
import type { PointTaskName } from './points.ts';
import type { SequenceTaskName } from './sequences.ts';
import type { WeightsName } from './weights.ts';

interface Adaptation<Task> {
  /** The pretrained network, and the tasks before and after. */
  readonly weights: WeightsName;
  readonly old: Task;
  readonly new: Task;
}

export const SEQUENCE_TASKS: Readonly<Record<SequenceAdaptation, Adaptation<SequenceTaskName>>> = {
  'sort-down': { weights: 'sort', old: 'sort', new: 'sort-down' },
  'copy-reverse': { weights: 'copy', old: 'copy', new: 'copy-reverse' },
  'base-6': { weights: 'base-5', old: 'base-5', new: 'base-6' },
};

export const POINT_TASKS: Readonly<Record<PointAdaptation, Adaptation<PointTaskName>>> = {
  'circles-spirals': { weights: 'circles', old: 'circles', new: 'spirals' },
  'moons-rotated': { weights: 'moons', old: 'moons', new: 'moons-rotated' },
  'spirals-rotated': { weights: 'spirals', old: 'spirals', new: 'spirals-rotated' },
  'spirals-relabelled': { weights: 'spirals', old: 'spirals', new: 'spirals-relabelled' },
};

/** The weights that an adaptation may start from; those of digits are small and come together. */
export function weightsFor(adapt: AdaptationName): readonly WeightsName[] {
  if (isSequenceTask(adapt)) return [SEQUENCE_TASKS[adapt].weights];
  if (isPointTask(adapt)) return [POINT_TASKS[adapt].weights];
  return ['digits', 'digits-low'];
}
