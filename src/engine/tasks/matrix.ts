/**
 * The matrix target in TypeScript: L = ½‖E‖² with E = s·B·A − ΔW*, ∂L/∂B = s·E·Aᵀ, ∂L/∂A = s·Bᵀ·E. E is made row by
 * row and never kept. Sums are taken in float64. Four terms a pass, so that running sums stay in registers.
 */
export interface MatrixTask {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
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
  const e = new Float64Array(k);
  gradA.fill(0);
  let sum = 0;
  for (let i = 0; i < d; i++) {
    const b = B.subarray(i * rank, (i + 1) * rank);
    combineRows(A, b, k, e);
    const row = i * k;
    for (let j = 0; j < k; j++) {
      const x = scaling * e[j] - target[row + j];
      sum += x * x;
      e[j] = scaling * x;
    }
    spreadRow(A, b, e, k, gradA, gradB.subarray(i * rank, (i + 1) * rank));
  }
  return sum;
}

/** e ← Σ_p b_p·A_p, with A_p the rows of A. */
function combineRows(A: Float32Array, b: Float32Array, k: number, e: Float64Array): void {
  const rank = b.length;
  const rank4 = rank - (rank % 4);
  e.fill(0);
  for (let p = 0; p < rank4; p += 4) {
    const [b0, b1, b2, b3] = [b[p], b[p + 1], b[p + 2], b[p + 3]];
    const p0 = p * k;
    const p1 = p0 + k;
    const p2 = p1 + k;
    const p3 = p2 + k;
    for (let j = 0; j < k; j++) e[j] += b0 * A[p0 + j] + b1 * A[p1 + j] + b2 * A[p2 + j] + b3 * A[p3 + j];
  }
  for (let p = rank4; p < rank; p++) {
    const b0 = b[p];
    const p0 = p * k;
    for (let j = 0; j < k; j++) e[j] += b0 * A[p0 + j];
  }
}

/** One row e of s·E: gradA_p += b_p·e for every row p, and this row's gradB_p = e·A_p. */
function spreadRow(
  A: Float32Array,
  b: Float32Array,
  e: Float64Array,
  k: number,
  gradA: Float64Array,
  gradB: Float64Array,
): void {
  const rank = b.length;
  const rank2 = rank - (rank % 2);
  for (let p = 0; p < rank2; p += 2) {
    const [b0, b1] = [b[p], b[p + 1]];
    const p0 = p * k;
    const p1 = p0 + k;
    let [sum0, sum1] = [0, 0];
    for (let j = 0; j < k; j++) {
      const x = e[j];
      sum0 += x * A[p0 + j];
      sum1 += x * A[p1 + j];
      gradA[p0 + j] += b0 * x;
      gradA[p1 + j] += b1 * x;
    }
    gradB[p] = sum0;
    gradB[p + 1] = sum1;
  }
  if (rank2 < rank) {
    const b0 = b[rank2];
    const p0 = rank2 * k;
    let sum0 = 0;
    for (let j = 0; j < k; j++) {
      sum0 += e[j] * A[p0 + j];
      gradA[p0 + j] += b0 * e[j];
    }
    gradB[rank2] = sum0;
  }
}
