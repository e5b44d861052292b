import { goalOf } from '../experiment/goal.ts';
import type { Layer } from '../experiment/layer.ts';
import type { Start } from './steppers/stepper.ts';
import { type RegressionTask, regressionData } from './tasks/regression.ts';

/** What of a start stays the same throughout a run. */
export type Task = Pick<Start, 'd' | 'k' | 'rank' | 'target' | 'frozen' | 'samples'>;

/** The training task of a layer: the residual of s·B·A to its goal, or its samples. */
export function taskOf(layer: Layer): Task {
  const { d, k, rank, frozen, frozenFactor, data } = layer;
  const samples = data && { ...regressionData(frozen, data), batches: data.batches };
  return { d, k, rank, target: goalOf(layer).data, frozen: frozenFactor, samples };
}

/** All training samples, as a task to be measured; null where there are none. */
export function trainingOf({ d, k, rank, frozen, data }: Layer): RegressionTask | null {
  return data && { d, k, rank, ...regressionData(frozen, data) };
}

/** The samples held out of training, as a task to be measured; null where there are none. */
export function heldOutOf({ d, k, rank, frozen, data }: Layer): RegressionTask | null {
  return data && { d, k, rank, ...regressionData(frozen, data.heldOut) };
}
