import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Factors, Settings, StepEntries } from '../stepper.ts';

export interface BackEndTraits {
  /** tfjs-wasm multiplies transposed operands four times more slowly than it transposes them first. */
  readonly transposeFirst: boolean;
  /** True if many threads sum in a tree; else long float32 sums drift. */
  readonly treeSums: boolean;
}

export type TensorFactor = 'A' | 'B';

/** All trained factors lie in one tensor of this many rows and columns, each row of one factor; so do gradients and moments. */
export interface TensorLayout {
  readonly rows: number;
  readonly columns: number;
  /** Rows for each sum of squares. */
  readonly rowsPerSum: number;
  readonly pack: (modules: readonly Factors[]) => Float32Array;
  /** A factor that is not in the tensor, since it never moves, is that of `absent`; default: zeros. */
  readonly unpack: (data: Float32Array, absent?: readonly Factors[]) => Factors[];
  /** A number for each row. */
  readonly rowValues: (of: (module: number, factor: TensorFactor) => number) => Float32Array;
}

/** Of the errors, of the gradient, of the update that led here and, with samples, of the residual. */
export type RowSums = [Tensor, Tensor, Tensor, ...Tensor[]];

/** All that changes from step to step. Factors, gradient and moments have the layout of the task. */
export type TensorState = {
  readonly factors: Tensor;
  readonly gradient: Tensor;
  readonly squared: Tensor;
  readonly moments: Tensor[];
  readonly rows: RowSums;
};

/** What TfjsStepper trains. */
export interface DeviceTask {
  readonly layout: TensorLayout;
  /** Factors that are not in the tensor. */
  readonly absent?: readonly Factors[];
  readonly scalingOf: (settings: readonly Settings[]) => Scalar | Tensor;
  /** All measurements of factors at a step. `update`: the sums of the update that led there. Inside a tidy. */
  readonly evaluate: (factors: Tensor, update: Tensor, scaling: Tensor, step: number) => Omit<TensorState, 'moments'>;
  /** Numbers that are read back for each step. */
  readonly sumsPerStep: number;
  /** Adds up in float64, step by step, the device's sums. */
  readonly entriesOf: (data: Float32Array, n: number) => StepEntries;
  /** Uploads what the next steps read. */
  readonly ahead: (from: number, count: number) => void;
  readonly release: () => void;
  readonly dispose: () => void;
}
