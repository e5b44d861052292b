import { leadingValues } from '../../math/leading-values.ts';
import {
  type AnyMatrix,
  leadingColumns,
  type Matrix64,
  multiply,
  subtract,
  toFloat32,
  toFloat64,
  transpose,
} from '../../math/matrix.ts';
import { thinQr } from '../../math/qr.ts';
import { singularValues } from '../../math/singular-values.ts';
import { numericalRank } from '../../math/spectra.ts';
import { svd } from '../../math/svd.ts';
import { allComputed, LEADING } from '../spectrum.ts';
import { type Covariance, colour } from './covariance.ts';

/** Both floors are lists by rank, r = 0 … min(d, k); in a large layer r = 0 … 64, where only leading values are found. */

/**
 * Entry r: the smallest expected loss on new samples of any update of rank r, r = 0 … min(d, k):
 * ½·Σ_{i>r} σ_i²(ΔW*·C^½) + ½·d·noise². `update` is ΔW*, d × k; noise the standard deviation of a label's entry.
 * Where part of W₀ moved into the adapter, ΔW* + W₀ − W_frozen in its place gives the floor of the adapter s·B·A.
 */
export function heldOutFloors(update: AnyMatrix, covariance: Covariance, noise: number): Float64Array {
  const weighted = colour(covariance, transpose(toFloat64(update)));
  const rest = update.rows * noise * noise;
  return tails(weighted, Math.min(update.rows, update.cols)).map((tail) => (tail + rest) / 2);
}

/**
 * Entry r: the smallest training loss of any update of rank r, r = 0 … min(d, k) (reduced-rank regression, Izenman, J.
 * Multivariate Analysis 5, 1975): ½‖R − R·P‖²/n + ½·Σ_{i>r} σ_i²(R·P)/n. X is k × n; R = Y − W·X, d × n, the residual labels
 * of the frozen weight W; P = X⁺·X projects on the row space of X. X has the rank of the rule for float32 matrices: as
 * many as there are σ_i > σ₁·max(k, n)·2⁻²³.
 */
export function trainingFloors(R: Matrix64, X: AnyMatrix): Float64Array {
  const { inside, outside } = onRowSpace(R, X);
  return tails(inside, Math.min(R.rows, X.rows)).map((tail) => (tail + outside) / (2 * X.cols));
}

/** R·V for orthonormal columns V that span the rows of X, so that R·P = R·V·Vᵀ, and ‖R − R·P‖². No n × n matrix is formed. */
export function onRowSpace(R: Matrix64, X: AnyMatrix): { readonly inside: Matrix64; readonly outside: number } {
  const basis = rowSpace(X);
  if (!basis) return { inside: R, outside: 0 };
  const inside = multiply(R, basis);
  return { inside, outside: squaredNorm(subtract(R, multiply(inside, transpose(basis)))) };
}

/**
 * Orthonormal columns, n × rank, that span the rows of X; null where they span everything, so that P = I. With
 * Xᵀ = Q·T the columns of Q do, or, where X lacks rank, Q times the leading left singular vectors of the smaller T.
 */
function rowSpace(X: AnyMatrix): Matrix64 | null {
  const { Q, R: T } = thinQr(transpose(toFloat64(X)));
  const rank = numericalRank(singularValues(T), X.rows, X.cols);
  if (rank === X.cols) return null;
  return rank === X.rows ? Q : multiply(Q, leadingColumns(svd(T).U, rank));
}

/**
 * Entry r = 0 … last: Σ_{i>r} σ_i²(M), summed from the smallest value. Where M is too large for all its values, the list
 * ends with the leading ones, and the others count as what they make up of ‖M‖².
 */
function tails(M: Matrix64, last: number): Float64Array {
  const all = allComputed(M.rows, M.cols);
  const values = all ? singularValues(M) : leadingValues(toFloat32(M), LEADING).values;
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
