import { concat, matMul, mul, slice, sub, type Tensor, transpose } from '@tensorflow/tfjs-core';
import type { Measured, TensorShape } from './matrix-tfjs.ts';

/** The samples of one step, a row each: n × k inputs and n × d labels, and 1/n. */
export interface TensorBatch {
  readonly inputs: Tensor;
  readonly labels: Tensor;
  readonly share: Tensor;
}

/**
 * The regression target as tensors: what tasks/regression.ts says in loops. With samples as rows, Z = X·Aᵀ (n × r) and
 * E = (s·Z)·Bᵀ − Y′ (n × d): ∂L/∂Aᵀ = Xᵀ·(E·(s·B))/n above ∂L/∂B = Eᵀ·(s·Z)/n. Only n × r, n × d and the factors
 * themselves appear. Runs inside a tidy.
 */
export function errorsAndGradient(
  { d, k, rank, transposeFirst }: TensorShape,
  factors: Tensor,
  scaling: Tensor,
  { inputs, labels, share }: TensorBatch,
): Measured {
  const At = slice(factors, [0, 0], [k, rank]);
  const B = slice(factors, [k, 0], [d, rank]);
  const sZ = mul(matMul(inputs, At), scaling);
  const outputs = transposeFirst ? matMul(sZ, transpose(B)) : matMul(sZ, B, false, true);
  const errors = sub(outputs, labels);
  const back = matMul(errors, mul(B, scaling));
  const transposedTimes = (x: Tensor, y: Tensor) =>
    transposeFirst ? transpose(matMul(transpose(y), x)) : matMul(x, y, true, false);
  const sum = concat([transposedTimes(inputs, back), transposedTimes(errors, sZ)], 0);
  return { errors, gradient: mul(sum, share) };
}
