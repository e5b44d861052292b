import type { MethodSettings } from '../../../experiment/methods/method.ts';
import type { BesideLora, MethodStart } from '../../../experiment/methods/starts.ts';
import type { FloatArray, NetworkKernels } from '../network/kernels.ts';

/** A method on a matrix target, as a stepper gets it. */
export interface MethodTask extends Omit<MethodStart, 'own'> {
  readonly name: BesideLora;
  readonly settings: MethodSettings & { readonly norm: string };
  /** W₀, d × k row by row. */
  readonly base: Float32Array;
}

export interface PassGround {
  readonly kernels: NetworkKernels;
  readonly task: MethodTask;
  /** ΔW*, d × k row by row. */
  readonly target: Float32Array;
}

/** Trained numbers and ∂L/∂ of them. */
export interface TrainedArray {
  readonly values: FloatArray;
  readonly gradient: FloatArray;
  readonly stream: 'A' | 'B';
  /** Has λ times the rate, as B of LoRA+. */
  readonly fast?: true;
  /** As a matrix, for rules that look at one. */
  readonly cols: number;
}

/** L = ½‖ΔW − ΔW*‖² of a method, in the order of its own factors (experiment/methods/). */
export interface MethodPass {
  readonly trained: readonly TrainedArray[];
  /** Writes the gradients at the present values and returns L. `s`: α/r, where the method has it. */
  evaluate(s: number): number;
  /** ΔW of the present values, d × k. */
  update(into: Float32Array, s: number): void;
}

export type MakePass = (ground: PassGround) => MethodPass;

/** A trained array of a method, to be filled with its start. */
export function trainedArray(
  kernels: NetworkKernels,
  rows: number,
  cols: number,
  stream: TrainedArray['stream'],
  fast?: true,
): TrainedArray {
  const [values, gradient] = [kernels.buffer(rows * cols), kernels.buffer(rows * cols)];
  return { values, gradient, stream, cols, ...(fast && { fast }) };
}

/** A copy in the memory of the kernels. */
export function held(kernels: NetworkKernels, values: ArrayLike<number>): FloatArray {
  const buffer = kernels.buffer(values.length);
  buffer.set(values);
  return buffer;
}

/** Numbers of a panel of rows: the few arrays of its size stay in the second cache. */
const PANEL = 16_384;

/** Views of some rows of a matrix with so many columns. */
type RowsOf = (matrix: FloatArray, cols: number) => FloatArray;

/** The rows of a d × k matrix in panels of some whole number of four, each with its views, made once. */
export function panelsOf<Views>(d: number, k: number, views: (rows: RowsOf) => Views) {
  const most = Math.max(4, Math.floor(PANEL / k / 4) * 4);
  return Array.from({ length: Math.ceil(d / most) }, (_, panel) => {
    const first = panel * most;
    const rows = Math.min(most, d - first);
    return { first, rows, ...views((matrix, cols) => matrix.subarray(first * cols, (first + rows) * cols)) };
  });
}

/** ‖x‖² in float64. */
export function squareOf(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return sum;
}
