import { type AnyMatrix, type Matrix64, multiply, scale, subtract } from '../../../math/matrix.ts';

export interface Factors {
  readonly A: AnyMatrix;
  readonly B: AnyMatrix;
  readonly scaling: number;
}

export function errors(R: Matrix64, X: AnyMatrix, { A, B, scaling }: Factors): Matrix64 {
  return subtract(scale(multiply(B, multiply(A, X)), scaling), R);
}

/** L = 1/(2n)·‖s·B·A·X − R‖²_F in float64, over all n columns of X (k × n) and R (d × n). */
export function meanLoss(R: Matrix64, X: AnyMatrix, factors: Factors): number {
  const { data } = errors(R, X, factors);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return sum / (2 * X.cols);
}
