import type { FactorRule } from '../../../experiment/optimisers.ts';
import type { UpdateSettings } from '../../steppers/move.ts';

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

export interface SequenceShape {
  /** Sequences of a batch. */
  readonly count: number;
  readonly length: number;
  readonly heads: number;
  readonly width: number;
}

/** Of queries, keys and values, sequence by sequence and position by position. */
export type Projections<T> = Readonly<Record<'q' | 'k' | 'v', T>>;

export interface AttentionOutput {
  /** By sequence, head, row and column; those above the diagonal stay as they are. */
  readonly weights: FloatArray;
  /** Σ weight·v, of the heads side by side. */
  readonly mixed: FloatArray;
}

/** One update of one factor: θ after gradient g (docs/model.md, "The optimisers"). */
export interface FactorUpdate extends UpdateSettings {
  readonly opt: FactorRule;
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
  /** By row Eᵢ = cᵢ·Vᵢ − Tᵢ, with as many rows as c has numbers. Returns ‖E‖². E may be V. */
  residual(E: FloatArray, V: FloatArray, T: FloatArray, c: FloatArray): number;
  /** By row ⟨Xᵢ, Yᵢ⟩, with as many rows as `out` has numbers. */
  rowDots(out: Float64Array, X: FloatArray, Y: FloatArray): void;
  /** By row Eᵢ ← aᵢ·Eᵢ + bᵢ·Vᵢ. */
  mixRows(E: FloatArray, V: FloatArray, a: FloatArray, b: FloatArray): void;
  /** P ← (W ∘ P − M) ∘ W. Returns ‖W ∘ P − M‖². */
  weightedResidual(P: FloatArray, W: FloatArray, M: FloatArray): number;
  /** E = X − Y. Returns ‖E‖². */
  difference(E: FloatArray, X: FloatArray, Y: FloatArray): number;
  /** For E = c·wᵀ − M: writes ∂c = E·w and ∂w = Eᵀ·c, and returns ‖E‖². */
  rankOne(c: FloatArray, w: FloatArray, M: FloatArray, dc: FloatArray, dw: FloatArray): number;
  /** In place. Returns ‖Δθ‖. */
  update(theta: FloatArray, gradient: FloatArray, moments: readonly FloatArray[], by: FactorUpdate): number;
}
