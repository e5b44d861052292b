import { goalOf } from '../experiment/goal.ts';
import type { Layer } from '../experiment/layer.ts';
import type { LayerData } from '../experiment/layer-data.ts';
import type { Start } from './steppers/stepper.ts';
import { type RegressionTask, regressionData } from './tasks/regression.ts';

/** What of a start stays the same throughout a run. */
export type Task = Pick<Start, 'd' | 'k' | 'rank' | 'target' | 'frozen' | 'samples'>;

/** The training task of a layer: the residual of s·B·A to its goal, or its samples. */
export function taskOf(layer: Layer): Task {
  const { d, k, rank, frozenFactor, data } = layer;
  const training = trainingOf(layer);
  const samples = data && training && { inputs: training.inputs, labels: training.labels, batches: data.batches };
  return { d, k, rank, target: goalOf(layer).data, frozen: frozenFactor, samples };
}

/** Trained on and measured: the residual labels of a layer, which take d·k·n multiply-adds, are made once. */
const made = new WeakMap<LayerData, RegressionTask>();

/** All training samples, as a task to be measured; null where there are none. */
export function trainingOf({ d, k, rank, frozen, data }: Layer): RegressionTask | null {
  if (!data) return null;
  const task = made.get(data) ?? { d, k, rank, ...regressionData(frozen, data) };
  made.set(data, task);
  return task;
}

/** The samples held out of training, as a task to be measured; null where there are none. */
export function heldOutOf({ d, k, rank, frozen, data }: Layer): RegressionTask | null {
  return data && { d, k, rank, ...regressionData(frozen, data.heldOut) };
}
