import { addTimes, addTimesTransposed, addTransposedTimes } from './products.ts';

export type Values = Float32Array | Float64Array;

/** A layer h = W·x + s·B·(A·x) without bias; rank 0: no adapter. */
export interface LinearLayer {
  /** Outputs and inputs: W is d × k, row by row. */
  readonly d: number;
  readonly k: number;
  readonly W: Values;
  readonly rank: number;
  /** r × k and d × r. */
  readonly A: Values;
  readonly B: Values;
  readonly scaling: number;
}

/** Gradients of one batch by matrix; those that nobody asks for are null. */
export interface LinearGradients {
  readonly W: Float64Array | null;
  readonly A: Float64Array | null;
  readonly B: Float64Array | null;
}

/** Outputs of a layer, n × d, and what its adapter has reduced its inputs to, n × r. */
export interface LinearPass {
  readonly h: Float64Array;
  readonly z: Float64Array;
}

/** H = X·Wᵀ + s·(X·Aᵀ)·Bᵀ for n inputs in the rows of X. */
export function linear({ d, k, W, rank, A, B, scaling }: LinearLayer, X: Values, n: number): LinearPass {
  const h = new Float64Array(n * d);
  addTimesTransposed(h, X, W, n, d, k);
  const z = new Float64Array(n * rank);
  addTimesTransposed(z, X, A, n, rank, k);
  addTimesTransposed(h, z, B, n, d, rank, scaling);
  return { h, z };
}

/**
 * Writes ∂L/∂W = δᵀX, ∂L/∂B = s·δᵀZ and ∂L/∂A = (s·δ·B)ᵀX, and adds ∂L/∂X = δ·W + (s·δ·B)·A to `inputs`, for the
 * gradient δ (n × d) of the outputs.
 */
export function linearBackward(
  { d, k, W, rank, A, B, scaling }: LinearLayer,
  X: Values,
  { z }: Pick<LinearPass, 'z'>,
  delta: Float64Array,
  n: number,
  gradients: LinearGradients,
  inputs: Float64Array | null,
): void {
  if (gradients.W) addTransposedTimes(gradients.W.fill(0), delta, X, n, d, k);
  if (gradients.B) addTransposedTimes(gradients.B.fill(0), delta, z, n, d, rank, scaling);
  const reduced = new Float64Array(n * rank);
  addTimes(reduced, delta, B, n, d, rank, scaling);
  if (gradients.A) addTransposedTimes(gradients.A.fill(0), reduced, X, n, rank, k);
  if (!inputs) return;
  addTimes(inputs, delta, W, n, d, k);
  addTimes(inputs, reduced, A, n, rank, k);
}
