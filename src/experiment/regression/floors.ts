import { pow } from '../../math/elementary.ts';
import { orthonormal, thinQr } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import {
  type AnyMatrix,
  frobenius,
  leadingColumns,
  type Matrix64,
  multiply,
  rowsOf,
  scale,
  subtract,
  toFloat32,
  toFloat64,
  transpose,
  zeros,
} from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { permutation, type Stream } from '../../math/random.ts';
import { leadingValues } from '../../math/spectral/leading-values.ts';
import { largestSingularValue, singularValues } from '../../math/spectral/singular-values.ts';
import { numericalRank } from '../../math/spectral/spectra.ts';
import type { InputFacts } from '../settings/rate.ts';
import { compose, visitBlocks } from '../targets/draws.ts';
import { canComputeAll, LEADING_COUNT } from '../targets/spectrum.ts';

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

/** Both floors are lists by rank, r = 0 … min(d, k); in a large layer, with leading values only, r = 0 … 64. */

/**
 * Entry r: the smallest expected loss on new samples of any update of rank r, r = 0 … min(d, k): ½·Σ_{i>r}
 * σ_i²(ΔW*·C^½) + ½·d·noise². `update` is ΔW*, d × k; noise the standard deviation of a label's entry. If part of W₀
 * moved into the adapter, ΔW* + W₀ − W_frozen in its place gives the floor of the adapter s·B·A.
 */
export function heldOutFloors(
  update: AnyMatrix,
  covariance: Covariance,
  noise: number,
  progress?: OnProgress,
): Float64Array {
  const weighted = colourColumns(covariance, transpose(toFloat64(update)));
  const rest = update.rows * noise * noise;
  return tails(weighted, Math.min(update.rows, update.cols), progress).map((tail) => (tail + rest) / 2);
}

/**
 * Entry r: the smallest training loss of any update of rank r, r = 0 … min(d, k) (reduced-rank regression, Izenman, J.
 * Multivariate Analysis 5, 1975): ½‖R − R·P‖²/n + ½·Σ_{i>r} σ_i²(R·P)/n. `k` is the number of inputs; R = Y − W·X,
 * d × n, the residual labels of the frozen weight W; P = X⁺·X projects on the row space of X.
 */
export function trainingFloors({ inside, outside, n }: Projection, k: number, progress?: OnProgress): Float64Array {
  return tails(inside, Math.min(inside.rows, k), progress).map((tail) => (tail + outside) / (2 * n));
}

/** Orthonormal columns, n × rank, that span the rows of X (k × n); 'all' if they span everything, so that P = I. */
export type RowSpace = Matrix64 | 'all';

export interface Projection {
  /** R·V for its columns V, so that R·P = R·V·Vᵀ. No n × n matrix is formed. */
  readonly inside: Matrix64;
  /** ‖R − R·P‖². */
  readonly outside: number;
  readonly n: number;
}

export function projectOnRowSpace(R: Matrix64, space: RowSpace, progress?: OnProgress): Projection {
  if (space === 'all') return { inside: R, outside: 0, n: R.cols };
  const inside = zeros(R.rows, space.cols);
  const back = transpose(space);
  let outside = 0;
  const project = (first: number, count: number) => {
    const rows = rowsOf(R, first, count);
    const part = multiply(rows, space);
    inside.data.set(part.data, first * space.cols);
    outside += squaredNorm(subtract(rows, multiply(part, back)));
  };
  visitBlocks(R.rows, project, progress);
  return { inside, outside, n: R.cols };
}

/**
 * With Xᵀ = Q·T the columns of Q span the rows of X, or, if X lacks rank, Q times the leading left singular vectors of
 * the smaller T. Rank by the rule for float32 matrices: the number of σ_i > σ₁·max(k, n)·2⁻²³.
 */
export function rowSpace(X: AnyMatrix, progress?: OnProgress): RowSpace {
  const { Q, R: T } = thinQr(transpose(toFloat64(X)), progress);
  const rank = numericalRank(singularValues(T), X.rows, X.cols);
  if (rank === X.cols) return 'all';
  return rank === X.rows ? Q : multiply(Q, leadingColumns(svd(T).U, rank));
}

/** Entry r = 0 … last: Σ_{i>r} σ_i²(M), summed from the smallest value; in a large M the rest of ‖M‖² counts as one. */
function tails(M: Matrix64, last: number, progress?: OnProgress): Float64Array {
  const all = canComputeAll(M.rows, M.cols);
  const values = all ? singularValues(M, progress) : leadingValues(toFloat32(M), LEADING_COUNT, progress).values;
  const found = new Float64Array((all ? last : values.length) + 1);
  const known = values.reduce((sum, value) => sum + value * value, 0);
  let sum = all ? 0 : Math.max(0, squaredNorm(M) - known);
  if (!all) found[values.length] = sum;
  for (let i = values.length - 1; i >= 0; i--) {
    sum += values[i] * values[i];
    if (i < found.length) found[i] = sum;
  }
  return found;
}

function squaredNorm({ data }: Matrix64): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return sum;
}

/**
 * Floors if B is frozen and only A trains, as in mica: the updates are those whose columns lie in the span of B (d × r,
 * of rank r), so that the part of the target outside it stays whatever A does. With Q·T = B: ½‖(I − Q·Qᵀ)·ΔW*·C^½‖² +
 * ½·d·noise² for the expected loss on new samples.
 */
export function heldOutFloorOfSpan(B: AnyMatrix, update: AnyMatrix, covariance: Covariance, noise: number): number {
  const weighted = transpose(colourColumns(covariance, transpose(toFloat64(update))));
  return 0.5 * outsideSpan(B, weighted) + 0.5 * update.rows * noise * noise;
}

/** The floor of the training loss if B is frozen: ½‖R − R·P‖²/n + ½‖(I − Q·Qᵀ)·R·P‖²/n. */
export function trainingFloorOfSpan(B: AnyMatrix, { inside, outside, n }: Projection): number {
  return (outside + outsideSpan(B, inside)) / (2 * n);
}

/** ‖(I − Q·Qᵀ)·M‖². */
function outsideSpan(B: AnyMatrix, M: Matrix64): number {
  const { Q } = thinQr(B);
  const norm = frobenius(subtract(M, multiply(Q, multiply(transpose(Q), M))));
  return norm * norm;
}
