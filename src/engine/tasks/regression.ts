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

/** What one pair of samples adds to loss and gradients: the inner loops of the regression task. Sums are taken in float64. */

/** One sample with A·x; `g` gathers s·Bᵀ·e/n, what its inputs' gradient is multiplied with. */
export interface Sample {
  readonly x: Float32Array;
  readonly label: Float32Array;
  readonly z: Float64Array;
  readonly g: Float64Array;
}

/** z ← A·x for both samples. */
function project(A: Float32Array, { x, z }: Sample, { x: y, z: w }: Sample): void {
  const k = x.length;
  const rank = z.length;
  const rank2 = rank - (rank % 2);
  for (let p = 0; p < rank2; p += 2) {
    const p0 = p * k;
    const p1 = p0 + k;
    let [z0, z1, w0, w1] = [0, 0, 0, 0];
    for (let j = 0; j < k; j++) {
      const a0 = A[p0 + j];
      const a1 = A[p1 + j];
      z0 += a0 * x[j];
      z1 += a1 * x[j];
      w0 += a0 * y[j];
      w1 += a1 * y[j];
    }
    z[p] = z0;
    z[p + 1] = z1;
    w[p] = w0;
    w[p + 1] = w1;
  }
  if (rank2 < rank) {
    const p0 = rank2 * k;
    let [z0, w0] = [0, 0];
    for (let j = 0; j < k; j++) {
      z0 += A[p0 + j] * x[j];
      w0 += A[p0 + j] * y[j];
    }
    z[rank2] = z0;
    w[rank2] = w0;
  }
}

/** Row by row of B: the errors e of both samples, their parts of gradB, and g ← s·Bᵀ·e/n. Returns Σ e². */
function spreadOutputs(
  B: Float32Array,
  { label, z, g }: Sample,
  { label: label2, z: w, g: g2 }: Sample,
  scaling: number,
  n: number,
  gradB: Float64Array,
): number {
  const rank = z.length;
  const share = scaling / n;
  g.fill(0);
  g2.fill(0);
  let sum = 0;
  for (let i = 0, row = 0; i < label.length; i++, row += rank) {
    let [u, v] = [0, 0];
    for (let p = 0; p < rank; p++) {
      u += B[row + p] * z[p];
      v += B[row + p] * w[p];
    }
    const e = scaling * u - label[i];
    const f = scaling * v - label2[i];
    sum += e * e + f * f;
    const [eShare, fShare] = [share * e, share * f];
    for (let p = 0; p < rank; p++) {
      const b = B[row + p];
      g[p] += b * eShare;
      g2[p] += b * fShare;
      gradB[row + p] += eShare * z[p] + fShare * w[p];
    }
  }
  return sum;
}

/** gradA += g·xᵀ for both samples. */
function spreadInputs({ x, g }: Sample, { x: y, g: g2 }: Sample, gradA: Float64Array): void {
  const k = x.length;
  for (let p = 0; p < g.length; p++) {
    const [u, v, row] = [g[p], g2[p], p * k];
    for (let j = 0; j < k; j++) gradA[row + j] += u * x[j] + v * y[j];
  }
}

/** Σ e² of one sample, for the loss alone. */
function squaredErrors(B: Float32Array, { label, z }: Sample, scaling: number): number {
  const rank = z.length;
  let sum = 0;
  for (let i = 0, row = 0; i < label.length; i++, row += rank) {
    let u = 0;
    for (let p = 0; p < rank; p++) u += B[row + p] * z[p];
    const e = scaling * u - label[i];
    sum += e * e;
  }
  return sum;
}
