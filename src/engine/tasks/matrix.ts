import type { LayerSize } from '../../experiment/settings/kinds.ts';
/**
 * The matrix target in TypeScript: L = ½‖E‖² with E = s·B·A − ΔW*, ∂L/∂B = s·E·Aᵀ, ∂L/∂A = s·Bᵀ·E. Two rows of E at a
 * time, which are never kept, and two or four terms per pass: each load is used several times. Sums are taken in
 * float64.
 */
export interface MatrixTask extends LayerSize {
  /** ΔW*, d × k row by row. */
  readonly target: Float32Array;
}

/** Fills gradA (r × k) and gradB (d × r) and returns ‖E‖²_F. */
export function measureMatrix(
  { d, k, rank, target }: MatrixTask,
  scaling: number,
  A: Float32Array,
  B: Float32Array,
  gradA: Float64Array,
  gradB: Float64Array,
): number {
  gradA.fill(0);
  let sum = 0;
  forRows(B, d, k, rank, gradB, (i, first, second) => {
    combineRows(A, first, second, k, rank);
    sum += takeTarget(first.e, target, i * k, scaling);
    if (i + 1 < d) sum += takeTarget(second.e, target, (i + 1) * k, scaling);
    spreadRows(A, first, second, k, rank, gradA);
  });
  return sum;
}

/** ‖s·B·A − ΔW*‖²_F alone. */
export function squaredDistance(task: MatrixTask, scaling: number, A: Float32Array, B: Float32Array): number {
  const { d, k, rank, target } = task;
  let sum = 0;
  forRows(B, d, k, rank, new Float64Array(0), (i, first, second) => {
    combineRows(A, first, second, k, rank);
    sum += takeTarget(first.e, target, i * k, scaling);
    if (i + 1 < d) sum += takeTarget(second.e, target, (i + 1) * k, scaling);
  });
  return sum;
}

/** Calls `visit` with pairs of rows, and the index of the first. */
function forRows(
  B: Float32Array,
  d: number,
  k: number,
  rank: number,
  gradB: Float64Array,
  visit: (i: number, first: FactorRow, second: FactorRow) => void,
): void {
  const row = (): FactorRow => ({ b: B, at: 0, e: new Float64Array(k), grad: gradB });
  const [first, second] = [row(), row()];
  for (let i = 0; i < d; i += 2) {
    first.at = i * rank;
    second.at = first.at + rank;
    if (i + 1 < d) visit(i, first, second);
    // Dummy second row of the last pair if d is odd: it adds nothing.
    else visit(i, first, { b: new Float32Array(rank), at: 0, e: second.e, grad: new Float64Array(rank) });
  }
}

/** One row of E, and the offsets of that of B and of ∂L/∂B. */
export interface FactorRow {
  readonly b: Float32Array;
  at: number;
  readonly e: Float64Array;
  readonly grad: Float64Array;
}

/** e ← Σ_p b_p·A_p for both rows, with A_p the rows of A. */
function combineRows(A: Float32Array, first: FactorRow, second: FactorRow, k: number, rank: number): void {
  const { b, at: s, e } = first;
  const { b: c, at: t, e: f } = second;
  const rank4 = rank - (rank % 4);
  e.fill(0);
  f.fill(0);
  for (let p = 0; p < rank4; p += 4) {
    const [b0, b1, b2, b3] = [b[s + p], b[s + p + 1], b[s + p + 2], b[s + p + 3]];
    const [c0, c1, c2, c3] = [c[t + p], c[t + p + 1], c[t + p + 2], c[t + p + 3]];
    const p0 = p * k;
    const p1 = p0 + k;
    const p2 = p1 + k;
    const p3 = p2 + k;
    for (let j = 0; j < k; j++) {
      const a0 = A[p0 + j];
      const a1 = A[p1 + j];
      const a2 = A[p2 + j];
      const a3 = A[p3 + j];
      e[j] += b0 * a0 + b1 * a1 + b2 * a2 + b3 * a3;
      f[j] += c0 * a0 + c1 * a1 + c2 * a2 + c3 * a3;
    }
  }
  for (let p = rank4; p < rank; p++) {
    const b0 = b[s + p];
    const c0 = c[t + p];
    const p0 = p * k;
    for (let j = 0; j < k; j++) {
      e[j] += b0 * A[p0 + j];
      f[j] += c0 * A[p0 + j];
    }
  }
}

/** e ← s·(s·e − ΔW*'s row); returns the squared norm of the residual, the bracket. */
function takeTarget(e: Float64Array, target: Float32Array, at: number, scaling: number): number {
  let sum = 0;
  for (let j = 0; j < e.length; j++) {
    const x = scaling * e[j] - target[at + j];
    sum += x * x;
    e[j] = scaling * x;
  }
  return sum;
}

/** Two rows of s·E: gradA_p += b_p·e for every row p, and these rows of gradB: e·A_p. */
function spreadRows(
  A: Float32Array,
  { b, at: s, e, grad }: FactorRow,
  { b: c, at: t, e: f, grad: grad2 }: FactorRow,
  k: number,
  rank: number,
  gradA: Float64Array,
): void {
  const rank2 = rank - (rank % 2);
  for (let p = 0; p < rank2; p += 2) {
    const [b0, b1, c0, c1] = [b[s + p], b[s + p + 1], c[t + p], c[t + p + 1]];
    const p0 = p * k;
    const p1 = p0 + k;
    let [e0, e1, f0, f1] = [0, 0, 0, 0];
    for (let j = 0; j < k; j++) {
      const x = e[j];
      const y = f[j];
      const a0 = A[p0 + j];
      const a1 = A[p1 + j];
      e0 += x * a0;
      e1 += x * a1;
      f0 += y * a0;
      f1 += y * a1;
      gradA[p0 + j] += b0 * x + c0 * y;
      gradA[p1 + j] += b1 * x + c1 * y;
    }
    grad[s + p] = e0;
    grad[s + p + 1] = e1;
    grad2[t + p] = f0;
    grad2[t + p + 1] = f1;
  }
  if (rank2 < rank) {
    const [b0, c0] = [b[s + rank2], c[t + rank2]];
    const p0 = rank2 * k;
    let [e0, f0] = [0, 0];
    for (let j = 0; j < k; j++) {
      e0 += e[j] * A[p0 + j];
      f0 += f[j] * A[p0 + j];
      gradA[p0 + j] += b0 * e[j] + c0 * f[j];
    }
    grad[s + rank2] = e0;
    grad2[t + rank2] = f0;
  }
}
