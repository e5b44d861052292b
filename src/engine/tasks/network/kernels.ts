import type { OptimiserName } from '../../../experiment/optimisers.ts';
import { updates } from '../../steppers/typescript.ts';
import { type AttentionOutput, attentionLoops, type Projections, type SequenceShape } from './attention.ts';
import { rmsNormLoops } from './rms-norm.ts';

export type FloatArray = Float32Array | Float64Array;

export interface ProductSize {
  /** C is n × m, X is n × l, Y is l × m. */
  readonly n: number;
  readonly m: number;
  readonly l: number;
  /** X is stored as its transpose, l × n. */
  readonly transposed?: boolean;
  /** Default 1. */
  readonly s?: number;
  /** Adds to C in the place of writing it. */
  readonly adds?: boolean;
}

/** One update of one factor: θ after gradient g, update t ≥ 1 (docs/model.md, "The optimisers"). */
export interface FactorUpdate {
  readonly opt: OptimiserName;
  readonly rate: number;
  readonly t: number;
}

/** Memory and arithmetic of one run on arrays of `buffer`; matrices lie row by row. */
export interface NetworkKernels {
  /** Zeros. */
  buffer(length: number): FloatArray;
  buffer64(length: number): Float64Array;
  /** C = s·X·Y, or C + s·X·Y. */
  product(C: FloatArray, X: FloatArray, Y: FloatArray, size: ProductSize): void;
  /** Y (k × d) = Xᵀ of X (d × k). */
  transpose(Y: FloatArray, X: FloatArray, d: number, k: number): void;
  /** Negative numbers become 0. */
  relu(H: FloatArray): void;
  /** A gradient passes a ReLU if the output h is above 0. */
  reluBackward(delta: FloatArray, H: FloatArray): void;
  /** Z = X + Y. */
  sum(Z: FloatArray, X: FloatArray, Y: FloatArray): void;
  /** ‖X‖. */
  norm(X: FloatArray): number;
  /** Causal attention: weights softmax(q·kᵀ/√(width/heads)) over the positions up to one's own. */
  attend(out: AttentionOutput, of: Projections<FloatArray>, shape: SequenceShape): void;
  /** Writes the gradients of q, k and v for the gradient δ of `mixed`. */
  attendBackward(
    delta: FloatArray,
    weights: FloatArray,
    of: Projections<FloatArray>,
    gradients: Projections<FloatArray>,
    shape: SequenceShape,
  ): void;
  /** By row y = x·inverse with inverse = 1/√(mean x² + ε). */
  normalise(y: FloatArray, inverse: Float64Array, x: FloatArray, width: number, epsilon: number): void;
  /** Adds ∂L/∂x = (δ − y·⟨δ, y⟩/width)·inverse to `gradient`. */
  normaliseBackward(gradient: FloatArray, delta: FloatArray, y: FloatArray, inverse: Float64Array, width: number): void;
  /** In place. Returns ‖Δθ‖. */
  update(theta: FloatArray, gradient: FloatArray, moments: readonly FloatArray[], by: FactorUpdate): number;
}

/** Plain loops; sums are in float64 whatever the arrays hold. */
const loops = (make: (length: number) => FloatArray): NetworkKernels => ({
  buffer: make,
  buffer64: (length) => new Float64Array(length),
  ...attentionLoops,
  ...rmsNormLoops,
  product(C, X, Y, { n, m, l, transposed = false, s = 1, adds = false }) {
    const [row, column] = transposed ? [1, n] : [l, 1];
    const sums = new Float64Array(m);
    for (let i = 0; i < n; i++) {
      sums.fill(0);
      for (let p = 0; p < l; p++) {
        const x = X[i * row + p * column];
        if (x !== 0) for (let j = 0; j < m; j++) sums[j] += x * Y[p * m + j];
      }
      for (let j = 0; j < m; j++) C[i * m + j] = (adds ? C[i * m + j] : 0) + s * sums[j];
    }
  },
  transpose(Y, X, d, k) {
    for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) Y[j * d + i] = X[i * k + j];
  },
  relu(H) {
    for (let i = 0; i < H.length; i++) if (H[i] < 0) H[i] = 0;
  },
  reluBackward(delta, H) {
    for (let i = 0; i < H.length; i++) if (!(H[i] > 0)) delta[i] = 0;
  },
  sum(Z, X, Y) {
    for (let i = 0; i < X.length; i++) Z[i] = X[i] + Y[i];
  },
  norm(X) {
    let sum = 0;
    for (let i = 0; i < X.length; i++) sum += X[i] * X[i];
    return Math.sqrt(sum);
  },
  update: (theta, gradient, moments, { opt, rate, t }) => Math.sqrt(updates[opt](theta, gradient, moments, rate, t)),
});

/** The float64 reference, and its twin that keeps float32. */
export const loops64 = loops((length) => new Float64Array(length));
export const loops32 = loops((length) => new Float32Array(length));
