import { concat, matMul, mul, slice, sub, type Tensor, transpose } from '@tensorflow/tfjs-core';

/** The matrix target as tensors: what tasks/matrix.ts says in loops. */
export interface TensorTask {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** ΔW*, d × k. */
  readonly target: Tensor;
  /**
   * tfjs-wasm multiplies transposed operands four times more slowly: there the small factors are transposed first, and
   * never the d × k residual.
   */
  readonly transposeFirst: boolean;
}

/**
 * The factors travel as one tensor P = [Aᵀ; B], (k + d) × r, so that an optimiser has one tensor to update. Returns
 * E = s·B·A − ΔW* and the gradient packed alike: ∂L/∂Aᵀ = Eᵀ·(s·B) above ∂L/∂B = E·(s·A)ᵀ. Runs inside a tidy.
 */
export function residualAndGradient(task: TensorTask, factors: Tensor, scaling: Tensor): [Tensor, Tensor] {
  const { d, k, rank, target, transposeFirst } = task;
  const scaled = mul(factors, scaling);
  const At = slice(factors, [0, 0], [k, rank]);
  const sAt = slice(scaled, [0, 0], [k, rank]);
  const sB = slice(scaled, [k, 0], [d, rank]);
  const product = transposeFirst ? matMul(sB, transpose(At)) : matMul(sB, At, false, true);
  const residual = sub(product, target);
  const gradAt = transposeFirst ? transpose(matMul(transpose(sB), residual)) : matMul(residual, sB, true, false);
  const gradB = matMul(residual, sAt);
  return [residual, concat([gradAt, gradB], 0)];
}
