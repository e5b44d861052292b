import { pow } from '../../math/elementary.ts';
import { orthonormal } from '../../math/factor/qr.ts';
import {
  type AnyMatrix,
  frobenius,
  type Matrix64,
  multiply,
  scale,
  toFloat64,
  transpose,
  zeros,
} from '../../math/matrix.ts';
import { permutation, type Stream } from '../../math/random.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import type { InputFacts } from '../settings/rate.ts';
import { compose } from '../targets/draws.ts';

/** Above this size the eigenvectors are the axes: random ones take a QR of size k, and their root k² numbers. */
const ROTATED = 512;

/** The symmetric square root C^½, k × k. */
type Root =
  | { readonly kind: 'identity' }
  | { readonly kind: 'diagonal'; readonly entries: Float64Array }
  | { readonly kind: 'rotated'; readonly matrix: Matrix64 };

export interface Covariance {
  readonly k: number;
  /** k values, the largest first; their sum is k. */
  readonly eigenvalues: Float64Array;
  readonly root: Root;
}

/**
 * C with the condition number λmax/λmin ≥ 1, its eigenvalues geometric between the two. Scaled to tr C = k, so that
 * E‖x‖² = k and the outputs of W₀ keep their size whatever the condition number: 1 gives C = I and with it the loss of
 * a matrix target, and changing it neither raises nor lowers the worth of a random direction of ΔW*. With eigenvalues
 * from 1 downwards all losses would fall as the condition number rises. Random orthonormal eigenvectors up to k = 512;
 * above that the axes, in random order. Throws RangeError for a condition number below 1.
 */
export function covarianceOf(k: number, condition: number, source: Stream): Covariance {
  if (!(condition >= 1 && condition < Infinity)) throw new RangeError(`no covariance of condition number ${condition}`);
  const eigenvalues = geometricEigenvalues(k, condition);
  if (condition === 1 || k === 1) return { k, eigenvalues, root: { kind: 'identity' } };
  const roots = eigenvalues.map(Math.sqrt);
  if (k > ROTATED) {
    const order = permutation(k, source);
    return { k, eigenvalues, root: { kind: 'diagonal', entries: Float64Array.from(order, (place) => roots[place]) } };
  }
  const vectors = orthonormal(k, k, source);
  return { k, eigenvalues, root: { kind: 'rotated', matrix: compose(vectors, roots, vectors) } };
}

/** λ_i = c·condition^(−i/(k−1)), i = 0 … k − 1, with c such that they sum to k. */
function geometricEigenvalues(k: number, condition: number): Float64Array {
  const values = Float64Array.from({ length: k }, (_, i) => (k === 1 ? 1 : pow(condition, -i / (k - 1))));
  let sum = 0;
  for (let i = k - 1; i >= 0; i--) sum += values[i];
  return values.map((value) => (value * k) / sum);
}

/** C^½·m for m (k × n), in float64: white columns become columns of covariance C. */
export function colourColumns({ k, root }: Covariance, m: AnyMatrix): Matrix64 {
  if (m.rows !== k) throw new RangeError(`a covariance of ${k} inputs for columns of ${m.rows}`);
  switch (root.kind) {
    case 'identity':
      return toFloat64(m);
    case 'diagonal': {
      const out = zeros(m.rows, m.cols);
      for (let i = 0; i < out.data.length; i++) out.data[i] = root.entries[Math.floor(i / m.cols)] * m.data[i];
      return out;
    }
    case 'rotated':
      return multiply(root.matrix, m);
    default:
      return root satisfies never;
  }
}

/** X·Xᵀ/n, k × k, of inputs X (k × n). The mean is not subtracted. */
export function secondMoment(X: AnyMatrix): Matrix64 {
  return scale(multiply(X, transpose(toFloat64(X))), 1 / X.cols);
}

/** From X itself: λmax = σ₁(X)²/n and tr = ‖X‖²_F/n need no k × k matrix. */
export function inputFacts(X: AnyMatrix): InputFacts {
  const largest = largestSingularValue(X);
  const norm = frobenius(X);
  return { lambdaMax: (largest * largest) / X.cols, trace: (norm * norm) / X.cols };
}
