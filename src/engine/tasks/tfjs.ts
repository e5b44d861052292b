import { concat, matMul, mul, slice, sub, type Tensor, transpose } from '@tensorflow/tfjs-core';

/** Sizes of the factors, and how they are best multiplied. */
export interface TensorShape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /**
   * tfjs-wasm multiplies transposed operands four times more slowly: there the smaller operand is transposed first, and
   * never the d × k residual.
   */
  readonly transposeFirst: boolean;
}

/** What is off, and the gradient of half its squared norm (or of its mean over a batch), packed as the factors are. */
export interface Measured {
  readonly errors: Tensor;
  readonly gradient: Tensor;
}

/** E = s·B·A − ΔW*, d × k, alone. The factors travel as one tensor P = [Aᵀ; B], (k + d) × r. Runs inside a tidy. */
export function residualOf(shape: TensorShape, factors: Tensor, scaling: Tensor, target: Tensor): Tensor {
  const { d, k, rank } = shape;
  const At = slice(factors, [0, 0], [k, rank]);
  return residual(shape, mul(slice(factors, [k, 0], [d, rank]), scaling), At, target);
}

/**
 * The matrix target as tensors: what tasks/matrix.ts says in loops. The gradient is packed like the factors, so that an
 * optimiser has one tensor to update: ∂L/∂Aᵀ = Eᵀ·(s·B) above ∂L/∂B = E·(s·A)ᵀ. Runs inside a tidy.
 */
export function residualAndGradient(shape: TensorShape, factors: Tensor, scaling: Tensor, target: Tensor): Measured {
  const { d, k, rank, transposeFirst } = shape;
  const scaled = mul(factors, scaling);
  const At = slice(factors, [0, 0], [k, rank]);
  const sAt = slice(scaled, [0, 0], [k, rank]);
  const sB = slice(scaled, [k, 0], [d, rank]);
  const errors = residual(shape, sB, At, target);
  const gradAt = transposeFirst ? transpose(matMul(transpose(sB), errors)) : matMul(errors, sB, true, false);
  return { errors, gradient: concat([gradAt, matMul(errors, sAt)], 0) };
}

function residual({ transposeFirst }: TensorShape, sB: Tensor, At: Tensor, target: Tensor): Tensor {
  return sub(transposeFirst ? matMul(sB, transpose(At)) : matMul(sB, At, false, true), target);
}

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
