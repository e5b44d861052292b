import { project, type Sample, spreadInputs, spreadOutputs, squaredErrors } from './regression-pairs.ts';

/**
 * The regression target in TypeScript: L = 1/(2n)·‖E‖² with E = s·B·A·X − Y′ over the n samples of a batch,
 * ∂L/∂B = s·E·(A·X)ᵀ/n, ∂L/∂A = s·Bᵀ·E·Xᵀ/n. Two samples at a time, O(r·(d + k)) each: no d × k matrix appears. Sums
 * are taken in float64.
 */
export interface RegressionTask {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** All samples one after another: their k inputs, and what the adapter is to add to the d outputs of the frozen weight. */
  readonly inputs: Float32Array;
  readonly labels: Float32Array;
}

/** Fills gradA (r × k) and gradB (d × r) from the samples of those indices, at least one, and returns their loss L. */
export function measureRegression(
  task: RegressionTask,
  scaling: number,
  A: Float32Array,
  B: Float32Array,
  gradA: Float64Array,
  gradB: Float64Array,
  columns: ArrayLike<number>,
): number {
  const n = columns.length;
  gradA.fill(0);
  gradB.fill(0);
  let sum = 0;
  for (const [first, second] of pairs(task, columns)) {
    project(A, first, second);
    sum += spreadOutputs(B, first, second, scaling, n, gradB);
    spreadInputs(first, second, gradA);
  }
  return sum / (2 * n);
}

/** L of all samples of the task: the full training loss, or that of a held-out set. */
export function regressionLoss(task: RegressionTask, scaling: number, A: Float32Array, B: Float32Array): number {
  const n = task.inputs.length / task.k;
  let sum = 0;
  for (const [first, second] of pairs(task, { length: n })) {
    project(A, first, second);
    sum += squaredErrors(B, first, scaling) + squaredErrors(B, second, scaling);
  }
  return sum / (2 * n);
}

/** The samples of those indices two by two; of the first ones where there are no indices, only a length. */
function* pairs(
  { d, k, rank, inputs, labels }: RegressionTask,
  columns: { readonly length: number; readonly [i: number]: number | undefined },
): Generator<readonly [Sample, Sample]> {
  const [scratch, scratch2] = [0, 1].map(() => ({ z: new Float64Array(rank), g: new Float64Array(rank) }));
  const data = (i: number) => {
    const at = columns[i] ?? i;
    return { x: inputs.subarray(at * k, (at + 1) * k), label: labels.subarray(at * d, (at + 1) * d) };
  };
  // Stands in for the second sample of the last pair where n is odd: its error is zero, so it adds nothing.
  const none = { x: new Float32Array(k), label: new Float32Array(d) };
  for (let i = 0; i < columns.length; i += 2) {
    yield [
      { ...data(i), ...scratch },
      { ...(i + 1 < columns.length ? data(i + 1) : none), ...scratch2 },
    ];
  }
}
