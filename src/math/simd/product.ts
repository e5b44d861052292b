import { factorPivoted, lowerFromUpper, NEGLIGIBLE_SQUARE } from '../factor/qr.ts';
import { frobenius, type Matrix64, multiply, rangeScale, scale, transpose, zeros } from '../matrix.ts';
import { dot } from '../products.ts';
import { bidiagonalValues } from '../spectral/bidiagonal.ts';
import { singularValues } from '../spectral/singular-values.ts';
import { layOut, numbersAt } from '../wasm-memory.ts';
import type { SimdKernel } from './kernel.ts';
import {
  coreOf,
  gramsOf,
  type PackedMatrix,
  type PackedType,
  stackedTriangle,
  timesSmall,
  triangleOf,
} from './tall.ts';

/**
 * An update s·B·A as tall matrices of r columns: `left` is B (d × r), `right` is Aᵀ (k × r). The twins of the functions
 * here, for any matrix, are in ../spectral/product-svd.ts.
 */
export interface PackedProduct {
  readonly left: PackedMatrix;
  readonly right: PackedMatrix;
}

/** Whether the functions here take it: neither factor is wide. */
export const isTall = ({ left, right }: PackedProduct) => left.rows >= left.cols && right.rows >= right.cols;

/** The r singular values of s·B·A, the largest first; `leftZero`: B is 0. null if an entry is not finite. */
export function packedSpectrum(
  kernel: SimdKernel,
  { left, right }: PackedProduct,
  s: number,
): { readonly sigma: Float64Array; readonly leftZero: boolean } | null {
  const [b, a] = [triangleOf(kernel, left), triangleOf(kernel, right)];
  if (b === null || a === null) return null;
  const leftZero = b === 'zero';
  if (leftZero || a === 'zero') return { sigma: new Float64Array(left.cols), leftZero };
  return { sigma: squareSpectrum(kernel, scale(coreOf(kernel, b, a), s)), leftZero };
}

/** Up to this size singularValues keeps small values of a graded matrix to many digits of their own. */
const SMALL = 32;

/** singularValues of a square matrix: what takes longest of a larger one is done by the kernel. */
function squareSpectrum(kernel: SimdKernel, M: Matrix64): Float64Array {
  const n = M.rows;
  if (n <= SMALL) return singularValues(M);
  const p = rangeScale(M);
  const at = layOut(kernel, { A: n * n, d: n, e: n, room: 6 * n });
  const A = numbersAt(kernel, at.A, n * n);
  for (let i = 0; i < A.length; i++) A[i] = p * M.data[i];
  kernel.bidiagonalise(at.A, n, at.d, at.e, at.room);
  const [d, e] = [numbersAt(kernel, at.d, n).slice(), numbersAt(kernel, at.e, n).slice()];
  return bidiagonalValues({ d, e }).map((sigma) => sigma / p);
}

export interface PackedFactors {
  readonly left: Uint8Array<ArrayBuffer>;
  readonly right: Uint8Array<ArrayBuffer>;
}

/** How σ is shared: its root in each factor, or all of it in the left one. */
export type SigmaSplit = 'both' | 'up';

/** Smallest σ, as a share of σ₁, whose direction is still one of the product. */
const SMALLEST = 1e-12;
const LARGEST: Readonly<Record<PackedType, number>> = { F32: 3e38, F16: 65504, BF16: 3e38 };

/**
 * The factors of c times the best approximation of B·A of a rank, as numbers of the files' order. null if that needs the
 * general way: a factor is zero or not finite, both have dependent columns, a kept direction is rounding, or a number
 * could be too large for its type.
 *
 * With the left singular vectors U of R_B·R_Aᵀ alone: B·R_B⁻¹·U has orthonormal columns, and what is left of B·A in their
 * space is Uᵀ·R_B·A. If Aᵀ has the more independent columns, both change places.
 */
export function packedCut(
  kernel: SimdKernel,
  { left, right }: PackedProduct,
  rank: number,
  c: number,
  split: SigmaSplit,
  types: { readonly left: PackedType; readonly right: PackedType },
): PackedFactors | null {
  const [b, a] = [triangleOf(kernel, left), triangleOf(kernel, right)];
  if (b === null || a === null || b === 'zero' || a === 'zero' || !(c > 0)) return null;
  const turned = a.slant < b.slant;
  const [q, o] = turned ? [a, b] : [b, a];
  if (!q.inverse) return null;
  const { U, S } = leftVectors(kernel, coreOf(kernel, q, o), rank);
  if (!(S[rank - 1] > SMALLEST * S[0])) return null;
  const inLeft = Float64Array.from(S, (sigma) => (split === 'both' ? Math.sqrt(c * sigma) : c * sigma));
  const inRight = Float64Array.from(S, (sigma, j) => (c * sigma) / inLeft[j]);
  // Columns of length 1 have no larger entry, and those of the others a rounding more.
  if (inLeft[0] > LARGEST[types.left] / 2 || inRight[0] > LARGEST[types.right] / 2) return null;
  const ofQ = (by: Float64Array) => scaledColumns(multiply(q.inverse ?? q.R, U), by);
  const ofO = (by: Float64Array) =>
    scaledColumns(
      multiply(transpose(q.R), U),
      by.map((x, j) => x / S[j]),
    );
  const [W, V] = turned ? [ofO(inLeft), ofQ(inRight)] : [ofQ(inLeft), ofO(inRight)];
  return { left: timesSmall(kernel, left, W, types.left), right: timesSmall(kernel, right, V, types.right) };
}

function scaledColumns(m: Matrix64, by: Float64Array): Matrix64 {
  for (let i = 0; i < m.data.length; i++) m.data[i] *= by[i % m.cols];
  return m;
}

/**
 * The leading left singular vectors and values of a square matrix, by one-sided Jacobi: Mᵀ·P = Q·R with pivoting, and
 * rotations that make the columns of Rᵀ orthogonal, which they nearly are, give Pᵀ·U·Σ (Drmač and Veselić, SIAM J.
 * Matrix Anal. 29, 2008).
 */
function leftVectors(
  kernel: SimdKernel,
  M: Matrix64,
  count: number,
): { readonly U: Matrix64; readonly S: Float64Array } {
  const n = M.rows;
  const p = rangeScale(M);
  const rows = M.data.map((x) => p * x);
  const { columns, order } = factorPivoted(rows, n, n);
  const lower = lowerFromUpper(columns, n, n);
  // Two numbers at a time: an odd column gets a zero.
  const height = n + (n % 2);
  const at = layOut(kernel, { W: height * n, squares: n });
  const W = numbersAt(kernel, at.W, height * n).fill(0);
  for (let j = 0; j < n; j++) W.set(lower.subarray(j * n, (j + 1) * n), j * height);
  kernel.orthogonalise(at.W, height, n, at.squares);
  const sizes = Float64Array.from({ length: n }, (_, j) => {
    const square = dot(W, j * height, j * height, n);
    return square < NEGLIGIBLE_SQUARE ? 0 : Math.sqrt(square);
  });
  const largest = Array.from(sizes.keys()).sort((i, j) => sizes[j] - sizes[i] || i - j);
  const U = zeros(n, count);
  for (let j = 0; j < count; j++) {
    const from = largest[j];
    const sign = signOf(W, from * height, n);
    for (let i = 0; i < n; i++) U.data[order[i] * count + j] = (sign * W[from * height + i]) / sizes[from];
  }
  return { U, S: Float64Array.from({ length: count }, (_, j) => sizes[largest[j]] / p) };
}

/** That of the largest entry, the first on ties. */
function signOf(W: Float64Array, from: number, n: number): number {
  let largest = 0;
  for (let i = from; i < from + n; i++) if (Math.abs(W[i]) > Math.abs(largest)) largest = W[i];
  return largest < 0 ? -1 : 1;
}

/** Smallest square of a difference, as a share of both squares, that scalar products give to some ten digits. */
const NEAR = 1e-6;

/**
 * ‖s₁B₁A₁‖ and ‖s₁B₁A₁ − s₂B₂A₂‖ by r × r work; null if an entry is not finite. By scalar products, ⟨B₁A₁, B₂A₂⟩ =
 * Σ (B₁ᵀB₂)∘(A₁A₂ᵀ), or, since a small difference of squares would lose its digits, by QR of [B₁ B₂] and [A₁ᵀ A₂ᵀ].
 */
export function packedDistance(
  kernel: SimdKernel,
  first: PackedProduct,
  s1: number,
  second: PackedProduct,
  s2: number,
): { readonly norm: number; readonly distance: number } | null {
  const b = gramsOf(kernel, first.left, second.left);
  const a = gramsOf(kernel, first.right, second.right);
  const [own, common, other] = b.map((G, i) => inner(G, a[i]));
  const [x, y] = [s1 * s1 * own, s2 * s2 * other];
  if (!Number.isFinite(x + y)) return null;
  const norm = Math.sqrt(Math.max(0, x));
  const square = x - 2 * s1 * s2 * common + y;
  if (square > NEAR * (x + y)) return { norm, distance: Math.sqrt(square) };
  if (x === 0 && y === 0) return { norm, distance: 0 };
  const R = stackedTriangle(kernel, first.left, second.left);
  const S = stackedTriangle(kernel, first.right, second.right);
  const n = first.left.cols;
  const weighed = { ...R, data: R.data.map((entry, i) => entry * (i % R.cols < n ? s1 : -s2)) };
  return { norm, distance: frobenius(multiply(weighed, transpose(S))) };
}

function inner({ data }: Matrix64, other: Matrix64): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * other.data[i];
  return sum;
}
