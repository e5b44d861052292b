import { reshape, square, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import {
  errorsAndGradient,
  type Measured,
  residualAndGradient,
  residualOf,
  type TensorShape,
} from '../../tasks/tfjs.ts';
import { onlyModule, type Start } from '../stepper.ts';
import { BY_ROW, fewGroups, type Layout } from './packing.ts';
import { tensorBatches } from './samples.ts';
import type { State } from './state.ts';

/** What is different between back ends. */
export interface BackEndTraits {
  /** See TensorShape. */
  readonly transposeFirst: boolean;
  /** True where sums are made by many threads in a tree; else long float32 sums drift. */
  readonly treeSums: boolean;
}

/** What a run trains on, on the device. */
export interface DeviceTask {
  readonly layout: Layout;
  /** All that is measured of factors at a step, whose batch it is. `update`: the sums of the update that led there. Inside a tidy. */
  readonly evaluate: (factors: Tensor, update: Tensor, scaling: Tensor, step: number) => Omit<State, 'moments'>;
  /** Says which steps are evaluated next: `count` from `from` on, in order. */
  readonly ahead: (from: number, count: number) => void;
  /** Says that the steps of `ahead` have been evaluated. */
  readonly release: () => void;
  readonly dispose: () => void;
}

export function deviceTask(start: Start, { transposeFirst, treeSums }: BackEndTraits): DeviceTask {
  const { samples } = start;
  const { d, k, rank, target: goal } = onlyModule(start);
  const shape: TensorShape = { d, k, rank, transposeFirst };
  const target = tensor(goal, [d, k]);
  const batches = samples ? tensorBatches(d, k, samples) : null;
  const batch = batches?.size ?? null;
  const grouping = treeSums ? fewGroups(d, k, batch) : BY_ROW;

  const measured = (factors: Tensor, scaling: Tensor, step: number): Measured =>
    batches
      ? errorsAndGradient(shape, factors, scaling, batches.at(step))
      : residualAndGradient(shape, factors, scaling, target);

  return {
    layout: { d, k, batch, grouping },
    evaluate(factors, update, scaling, step) {
      const { errors, gradient } = measured(factors, scaling, step);
      const squared = square(gradient);
      const ofErrors = sums(square(errors), batches ? grouping.samples : grouping.residual);
      const ofGradient = sums(squared, grouping.factors);
      if (!batches) return { factors, gradient, squared, rows: [ofErrors, ofGradient, update] };
      const residual = square(residualOf(shape, factors, scaling, target));
      return { factors, gradient, squared, rows: [ofErrors, ofGradient, update, sums(residual, grouping.residual)] };
    },
    ahead: (from, count) => batches?.ahead(from, count),
    release: () => batches?.release(),
    dispose() {
      target.dispose();
      batches?.dispose();
    },
  };
}

/** Sums over so many rows at a time. */
export function sums(m: Tensor, rows: number): Tensor {
  return sum(reshape(m, [m.shape[0] / rows, m.size / (m.shape[0] / rows)]), 1);
}
