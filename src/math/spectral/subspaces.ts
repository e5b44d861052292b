import type { Svd } from '../factor/svd.ts';
import { type AnyMatrix, leadingColumns, type Matrix64, multiply, transpose } from '../matrix.ts';

/** Neighbours this close have no subspace between them: any rotation of the two vectors would do as well. */
const CLOSE = 1e-3;
/** Values below σ₁ · rows · this are rounding, and the direction of their vectors is arbitrary. */
const ROUNDING = 2 ** -52;

/**
 * Agreement of the leading left (or right) singular subspaces of two matrices: entry i − 1 is ‖U_iᵀÛ_i‖²_F/i for i = 1
 * … n, n the smaller number of columns. 0 is orthogonal, 1 the same subspace. U (d × q) and sigma belong to one matrix,
 * Uhat (d × q̂) and sigmaHat to the other.
 *
 * NaN where σ_i and σ_{i+1} of either agree within 0.1% (σ beyond the last counts as 0, and so does one at the level of
 * rounding); 0 everywhere if a matrix is zero, which spans nothing. Throws RangeError if rows differ.
 */
export function subspaceAlignment(
  U: Matrix64,
  sigma: Float64Array,
  Uhat: Matrix64,
  sigmaHat: Float64Array,
): Float64Array {
  const n = Math.min(U.cols, Uhat.cols);
  const result = new Float64Array(n);
  if (n === 0 || !(sigma[0] > 0) || !(sigmaHat[0] > 0)) return result;
  // With a full set of vectors only the leading n are compared.
  const G = multiply(transpose(leadingColumns(U, n)), leadingColumns(Uhat, n));
  let total = 0;
  for (let i = 0; i < n; i++) {
    // The block of i + 1 rows and columns adds one row and one column to the block before.
    for (let j = 0; j < i; j++) {
      const row = G.data[i * G.cols + j];
      const column = G.data[j * G.cols + i];
      total += row * row + column * column;
    }
    const corner = G.data[i * G.cols + i];
    total += corner * corner;
    const open = separated(sigma, i, U.rows) && separated(sigmaHat, i, U.rows);
    result[i] = open ? Math.min(1, total / (i + 1)) : Number.NaN;
  }
  return result;
}

/** Whether the first i + 1 values are separated from the next. */
function separated(sigma: Float64Array, i: number, d: number): boolean {
  const rounding = sigma[0] * d * ROUNDING;
  const here = sigma[i] > rounding ? sigma[i] : 0;
  const next = i + 1 < sigma.length && sigma[i + 1] > rounding ? sigma[i + 1] : 0;
  return here - next > CLOSE * here;
}

/**
 * For each of the `top` leading left singular vectors of a matrix, the largest |cosine| with any left singular vector
 * of the original matrix; fewer entries if the matrix has fewer singular values above rounding. `before` and `after`
 * are thin SVDs of matrices with the same number of rows.
 */
export function closestCosines(before: Pick<Svd, 'U'>, after: Pick<Svd, 'U' | 'S'>, top = 10): Float64Array {
  const rounding = after.S.length === 0 ? 0 : after.S[0] * after.U.rows * ROUNDING;
  const real = after.S.filter((value) => value > rounding).length;
  const count = Math.min(top, real);
  const cosines = multiply(transpose(before.U), leadingColumns(after.U, count));
  const closest = new Float64Array(count);
  for (let i = 0; i < cosines.data.length; i++) {
    closest[i % count] = Math.max(closest[i % count], Math.abs(cosines.data[i]));
  }
  return closest;
}

/**
 * Intruder dimensions (arXiv 2410.21228): how many of the top k left singular vectors of W₀ + ΔW have a largest |cosine|
 * with all left singular vectors of W₀ below ε. `before` is the thin SVD of W₀, `after` that of W₀ + ΔW.
 */
export function intruderDimensions(
  before: Pick<Svd, 'U'>,
  after: Pick<Svd, 'U' | 'S'>,
  { top = 10, epsilon = 0.5 }: { readonly top?: number; readonly epsilon?: number } = {},
): number {
  return closestCosines(before, after, top).filter((cosine) => cosine < epsilon).length;
}

/**
 * uᵢᵀ·(s·L·R)·vᵢ for the first `count` columns of U (d × n) and V (k × n): how far a product of L (d × r) and R (r × k)
 * reaches along each pair.
 */
export function along(
  { U, V }: Pick<Svd, 'U' | 'V'>,
  count: number,
  left: AnyMatrix,
  right: AnyMatrix,
  s: number,
): Float64Array {
  const inner = left.cols;
  return Float64Array.from({ length: Math.min(count, U.cols) }, (_, i) => {
    let sum = 0;
    for (let p = 0; p < inner; p++) {
      let [u, v] = [0, 0];
      for (let row = 0; row < left.rows; row++) u += U.data[row * U.cols + i] * left.data[row * inner + p];
      for (let j = 0; j < right.cols; j++) v += V.data[j * V.cols + i] * right.data[p * right.cols + j];
      sum += u * v;
    }
    return s * sum;
  });
}
