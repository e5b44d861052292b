import { goalOf } from '../experiment/goal.ts';
import type { Layer } from '../experiment/layer.ts';
import { type Matrix32, transpose } from '../math/matrix.ts';
import type { Start } from './steppers/stepper.ts';
import type { RegressionTask } from './tasks/regression.ts';

/** What of a start stays the same throughout a run. */
export type Task = Pick<Start, 'd' | 'k' | 'rank' | 'target' | 'frozen' | 'samples'>;

/** The training task of a layer: the residual of s·B·A to its goal, or its samples. */
export function taskOf(layer: Layer): Task {
  const { d, k, rank, frozenFactor, data } = layer;
  const training = trainingOf(layer);
  const samples = data && training && { inputs: training.inputs, labels: training.labels, batches: data.batches };
  return { d, k, rank, target: goalOf(layer).data, frozen: frozenFactor, samples };
}

/** All training samples, as a task to be measured; null where there are none. */
export function trainingOf({ d, k, rank, data }: Layer): RegressionTask | null {
  return data && { d, k, rank, ...columnsOf(data.X, data.residuals.training) };
}

/** The samples held out of training, as a task to be measured; null where there are none. */
export function heldOutOf({ d, k, rank, data }: Layer): RegressionTask | null {
  return data && { d, k, rank, ...columnsOf(data.heldOut.X, data.residuals.heldOut) };
}

type Columns = Pick<RegressionTask, 'inputs' | 'labels'>;

/** By labels: trained on and measured, and the same for every rank of a layer. */
const made = new WeakMap<Matrix32, Columns>();

/** Inputs and residual labels sample by sample. */
function columnsOf(X: Matrix32, R: Matrix32): Columns {
  const columns = made.get(R) ?? { inputs: transpose(X).data, labels: transpose(R).data };
  made.set(R, columns);
  return columns;
}
