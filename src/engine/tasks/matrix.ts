import { combineRows, type Row, spreadRows, takeTarget } from './matrix-rows.ts';

/**
 * The matrix target in TypeScript: L = ½‖E‖² with E = s·B·A − ΔW*, ∂L/∂B = s·E·Aᵀ, ∂L/∂A = s·Bᵀ·E. Two rows of E at a
 * time, which are never kept, and two or four terms a pass: what is loaded once is used several times. Sums are taken in
 * float64.
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
  const errors = [new Float64Array(k), new Float64Array(k)];
  const row = (i: number): Row => ({
    b: B.subarray(i * rank, (i + 1) * rank),
    e: errors[i % 2],
    grad: gradB.subarray(i * rank, (i + 1) * rank),
  });
  // Stands in for the second row of the last pair where d is odd: it adds nothing.
  const none: Row = { b: new Float32Array(rank), e: new Float64Array(k), grad: new Float64Array(rank) };
  gradA.fill(0);
  let sum = 0;
  for (let i = 0; i < d; i += 2) {
    const first = row(i);
    const second = i + 1 < d ? row(i + 1) : none;
    combineRows(A, first, second, k);
    sum += takeTarget(first.e, target, i * k, scaling);
    if (second !== none) sum += takeTarget(second.e, target, (i + 1) * k, scaling);
    spreadRows(A, first, second, k, gradA);
  }
  return sum;
}

/** ‖s·B·A − ΔW*‖²_F alone. */
export function squaredDistance(task: MatrixTask, scaling: number, A: Float32Array, B: Float32Array): number {
  const { d, k, rank, target } = task;
  const row = (i: number): Row => ({
    b: B.subarray(i * rank, (i + 1) * rank),
    e: new Float64Array(k),
    grad: new Float64Array(0),
  });
  const none: Row = { b: new Float32Array(rank), e: new Float64Array(k), grad: new Float64Array(0) };
  let sum = 0;
  for (let i = 0; i < d; i += 2) {
    const [first, second] = [row(i), i + 1 < d ? row(i + 1) : none];
    combineRows(A, first, second, k);
    sum += takeTarget(first.e, target, i * k, scaling);
    if (second !== none) sum += takeTarget(second.e, target, (i + 1) * k, scaling);
  }
  return sum;
}
