import type { LayerSize } from '../../experiment/settings/kinds.ts';
/**
 * The regression target in TypeScript: L = 1/(2n)·‖E‖² with E = s·B·A·X − Y′ over the n samples of a batch, ∂L/∂B =
 * s·E·(A·X)ᵀ/n, ∂L/∂A = s·Bᵀ·E·Xᵀ/n. Two samples at a time, O(r·(d + k)) each: no d × k matrix appears. Sums are taken
 * in float64.
 */
export interface RegressionTask extends LayerSize {
  readonly inputs: Float32Array;
  readonly labels: Float32Array;
}

/** Fills gradA (r × k) and gradB (d × r) from the samples with those indices, at least one, and returns their L. */
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
  inPairs(task, columns, (first, second) => {
    project(A, first, second);
    sum += spreadOutputs(B, first, second, scaling, n, gradB);
    spreadInputs(first, second, gradA);
  });
  return sum / (2 * n);
}

/** L of all samples of the task: the full training loss, or that of a held-out set. */
export function regressionLoss(task: RegressionTask, scaling: number, A: Float32Array, B: Float32Array): number {
  const n = task.inputs.length / task.k;
  let sum = 0;
  inPairs(task, { length: n }, (first, second) => {
    project(A, first, second);
    sum += squaredErrors(B, first, scaling) + squaredErrors(B, second, scaling);
  });
  return sum / (2 * n);
}

/** Calls `visit` with pairs of the samples with those indices, or of the first ones if there is only a length. */
function inPairs(
  { d, k, rank, inputs, labels }: RegressionTask,
  columns: { readonly length: number; readonly [i: number]: number | undefined },
  visit: (first: SampleLoop, second: SampleLoop) => void,
): void {
  const sample = (): SampleLoop => ({
    ...{ k, d, rank, inputs, x: 0, labels, label: 0 },
    ...{ z: new Float64Array(rank), g: new Float64Array(rank) },
  });
  const [first, second] = [sample(), sample()];
  const show = (one: SampleLoop, i: number) => {
    const at = columns[i] ?? i;
    one.x = at * k;
    one.label = at * d;
  };
  for (let i = 0; i < columns.length; i += 2) {
    show(first, i);
    if (i + 1 < columns.length) {
      show(second, i + 1);
      visit(first, second);
    } else {
      // Dummy second sample of the last pair if n is odd: its error is zero, so it adds nothing.
      visit(first, { ...second, inputs: new Float32Array(k), x: 0, labels: new Float32Array(d), label: 0 });
    }
  }
}

/** One sample: the offsets of its inputs and labels, and A·x; `g` gathers s·Bᵀ·e/n. */
export interface SampleLoop extends LayerSize {
  readonly inputs: Float32Array;
  x: number;
  readonly labels: Float32Array;
  label: number;
  readonly z: Float64Array;
  readonly g: Float64Array;
}

/** z ← A·x for both samples. */
function project(A: Float32Array, first: SampleLoop, second: SampleLoop): void {
  const { k, rank, inputs: X, x, z } = first;
  const { inputs: Y, x: y, z: w } = second;
  const rank2 = rank - (rank % 2);
  for (let p = 0; p < rank2; p += 2) {
    const p0 = p * k;
    const p1 = p0 + k;
    let [z0, z1, w0, w1] = [0, 0, 0, 0];
    for (let j = 0; j < k; j++) {
      const a0 = A[p0 + j];
      const a1 = A[p1 + j];
      const xj = X[x + j];
      const yj = Y[y + j];
      z0 += a0 * xj;
      z1 += a1 * xj;
      w0 += a0 * yj;
      w1 += a1 * yj;
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
      z0 += A[p0 + j] * X[x + j];
      w0 += A[p0 + j] * Y[y + j];
    }
    z[rank2] = z0;
    w[rank2] = w0;
  }
}

/** Two rows of B at a time: the errors e of both samples, their parts of gradB, and g ← s·Bᵀ·e/n. Returns Σ e². */
function spreadOutputs(
  B: Float32Array,
  { d, rank, labels, label, z, g }: SampleLoop,
  { labels: labels2, label: label2, z: w, g: g2 }: SampleLoop,
  scaling: number,
  n: number,
  gradB: Float64Array,
): number {
  const share = scaling / n;
  g.fill(0);
  g2.fill(0);
  let sum = 0;
  const d2 = d - (d % 2);
  for (let i = 0; i < d2; i += 2) {
    const row = i * rank;
    const next = row + rank;
    let u0 = 0;
    let u1 = 0;
    let v0 = 0;
    let v1 = 0;
    for (let p = 0; p < rank; p++) {
      const b0 = B[row + p];
      const b1 = B[next + p];
      const zp = z[p];
      const wp = w[p];
      u0 += b0 * zp;
      u1 += b1 * zp;
      v0 += b0 * wp;
      v1 += b1 * wp;
    }
    const e0 = scaling * u0 - labels[label + i];
    const e1 = scaling * u1 - labels[label + i + 1];
    const f0 = scaling * v0 - labels2[label2 + i];
    const f1 = scaling * v1 - labels2[label2 + i + 1];
    sum += e0 * e0 + f0 * f0;
    sum += e1 * e1 + f1 * f1;
    const eShare0 = share * e0;
    const eShare1 = share * e1;
    const fShare0 = share * f0;
    const fShare1 = share * f1;
    for (let p = 0; p < rank; p++) {
      const b0 = B[row + p];
      const b1 = B[next + p];
      const zp = z[p];
      const wp = w[p];
      g[p] = g[p] + b0 * eShare0 + b1 * eShare1;
      g2[p] = g2[p] + b0 * fShare0 + b1 * fShare1;
      gradB[row + p] += eShare0 * zp + fShare0 * wp;
      gradB[next + p] += eShare1 * zp + fShare1 * wp;
    }
  }
  if (d2 < d) {
    const row = d2 * rank;
    let u = 0;
    let v = 0;
    for (let p = 0; p < rank; p++) {
      u += B[row + p] * z[p];
      v += B[row + p] * w[p];
    }
    const e = scaling * u - labels[label + d2];
    const f = scaling * v - labels2[label2 + d2];
    sum += e * e + f * f;
    const eShare = share * e;
    const fShare = share * f;
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
function spreadInputs(first: SampleLoop, second: SampleLoop, gradA: Float64Array): void {
  const { k, rank, inputs: X, x, g } = first;
  const { inputs: Y, x: y, g: g2 } = second;
  for (let p = 0; p < rank; p++) {
    const u = g[p];
    const v = g2[p];
    const row = p * k;
    for (let j = 0; j < k; j++) gradA[row + j] += u * X[x + j] + v * Y[y + j];
  }
}

/** Σ e² of one sample, for the loss alone. */
function squaredErrors(B: Float32Array, { d, rank, labels, label, z }: SampleLoop, scaling: number): number {
  let sum = 0;
  for (let i = 0, row = 0; i < d; i++, row += rank) {
    let u = 0;
    for (let p = 0; p < rank; p++) u += B[row + p] * z[p];
    const e = scaling * u - labels[label + i];
    sum += e * e;
  }
  return sum;
}
