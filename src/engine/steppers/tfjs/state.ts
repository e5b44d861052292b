import { clone, dispose, scalar, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Settings } from '../stepper.ts';
import { type Constants, makeConstants } from './optimisers.ts';

/** Of the errors, of the gradient, of the update that led here and, where there are samples, of the residual. */
export type Rows = [Tensor, Tensor, Tensor, ...Tensor[]];

/** All that changes from step to step. Factors, gradient and moments are (k + d) × r, packed as [Aᵀ; B]. */
export type State = {
  readonly factors: Tensor;
  readonly gradient: Tensor;
  readonly squared: Tensor;
  readonly moments: Tensor[];
  /** Sums of squares over rows, as they are read. */
  readonly rows: Rows;
};

/** What a change of settings makes anew. */
export type Tuned = {
  readonly scaling: Tensor;
  readonly constants: Constants;
  /** 1 for the rows of Aᵀ, the ratio for those of B, 0 for those of a frozen factor; null where all are 1. */
  readonly ratios: Tensor | null;
};

export function tunedTo({ scaling, lr, ratio }: Settings, d: number, k: number, frozen: 'A' | 'B' | null): Tuned {
  const ofA = frozen === 'A' ? 0 : 1;
  const ofB = frozen === 'B' ? 0 : ratio;
  const ratios =
    ofA === 1 && ofB === 1 ? null : tensor(new Float32Array(k + d).fill(ofA, 0, k).fill(ofB, k), [k + d, 1]);
  return { scaling: scalar(scaling), constants: makeConstants(lr), ratios };
}

export function disposeTuned({ scaling, constants, ratios }: Tuned): void {
  dispose([scaling, ...Object.values(constants)]);
  ratios?.dispose();
}

export function disposeState({ factors, gradient, squared, moments, rows }: State): void {
  dispose([factors, gradient, squared, ...moments, ...rows]);
}

/** The same data under new handles: nothing is copied on the device, since tensors never change. */
export function cloned(state: State): State {
  const [errors, gradient, update, ...residual] = state.rows;
  return {
    factors: clone(state.factors),
    gradient: clone(state.gradient),
    squared: clone(state.squared),
    moments: state.moments.map((m) => clone(m)),
    rows: [clone(errors), clone(gradient), clone(update), ...residual.map((sums) => clone(sums))],
  };
}
