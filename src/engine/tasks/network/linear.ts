import type { FloatArray, NetworkKernels } from './kernels.ts';

/** A layer h = W·x + s·B·(A·x) without bias; rank 0: no adapter. */
export interface LinearShape {
  /** Outputs and inputs: W is d × k. */
  readonly d: number;
  readonly k: number;
  /** A is r × k, B is d × r. */
  readonly rank: number;
  /** Whether W itself trains, in the place of an adapter. */
  readonly full: boolean;
}

/** One layer for n inputs at a time: its numbers, and what the last pass through it left. */
export interface Linear extends LinearShape {
  readonly W: FloatArray;
  readonly A: FloatArray;
  readonly B: FloatArray;
  /** ∂L/∂ of what trains; without a number for what does not. */
  readonly gradients: { readonly W: FloatArray; readonly A: FloatArray; readonly B: FloatArray };
  /** Outputs, n × d. */
  readonly h: FloatArray;
  scaling: number;
  /** H = X·Wᵀ + s·(X·Aᵀ)·Bᵀ for the rows of X. */
  forward(X: FloatArray): void;
  /**
   * ∂L/∂W = δᵀX or ∂L/∂B = s·δᵀZ and ∂L/∂A = (s·δ·B)ᵀX for the gradient δ (n × d) of the outputs; adds
   * ∂L/∂X = δ·W + (s·δ·B)·A to `inputs`.
   */
  backward(X: FloatArray, delta: FloatArray, inputs: FloatArray | null): void;
  /** Call it after W has changed. */
  refresh(): void;
}

export function createLinear(kernels: NetworkKernels, shape: LinearShape, n: number): Linear {
  const { d, k, rank, full } = shape;
  const { buffer, product, transpose } = kernels;
  const [W, A, B] = [buffer(d * k), buffer(rank * k), buffer(d * rank)];
  const [turnedW, turnedA, turnedB] = [buffer(d * k), buffer(rank * k), buffer(d * rank)];
  const gradients = { W: buffer(full ? d * k : 0), A: buffer(rank * k), B: buffer(d * rank) };
  const [h, z, reduced] = [buffer(n * d), buffer(n * rank), buffer(n * rank)];
  return {
    ...shape,
    ...{ W, A, B, gradients, h, scaling: 1 },
    refresh: () => transpose(turnedW, W, d, k),
    forward(X) {
      product(h, X, turnedW, { n, m: d, l: k });
      if (rank === 0) return;
      transpose(turnedA, A, rank, k);
      transpose(turnedB, B, d, rank);
      product(z, X, turnedA, { n, m: rank, l: k });
      product(h, z, turnedB, { n, m: d, l: rank, s: this.scaling, adds: true });
    },
    backward(X, delta, inputs) {
      if (full) product(gradients.W, delta, X, { n: d, m: k, l: n, transposed: true });
      if (inputs) product(inputs, delta, W, { n, m: k, l: d, adds: true });
      if (rank === 0) return;
      const s = this.scaling;
      product(gradients.B, delta, z, { n: d, m: rank, l: n, transposed: true, s });
      product(reduced, delta, B, { n, m: rank, l: d, s });
      product(gradients.A, reduced, X, { n: rank, m: k, l: n, transposed: true });
      if (inputs) product(inputs, reduced, A, { n, m: k, l: rank, adds: true });
    },
  };
}
