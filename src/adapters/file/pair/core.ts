import { qrR, qrROfTransposed } from '../../../math/factor/qr.ts';
import { allFinite, leadingColumns, type Matrix64, multiply, scale, transpose, zeros } from '../../../math/matrix.ts';
import { productSvd } from '../../../math/spectral/product-svd.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import type { Factors } from '../model.ts';

/** Directions whose σ is below this share of σ₁ point nowhere in particular. */
const NOTHING = 1e-10;
/** So many directions of each adapter are compared. */
const COMPARED = 16;

/**
 * Two updates of one place in the coordinates of their common spaces: with QR of [B₁ B₂] = Q_B·R_B and
 * [A₁ᵀ A₂ᵀ] = Q_A·R_A both are Q_B·(a small matrix)·Q_Aᵀ, and so is every weighted sum of them.
 */
export interface PairCore {
  /** s₁·R_B₁·R_A₁ᵀ, its rows and columns beyond r₁ (all zero) left out. */
  readonly first: Matrix64;
  /** s₂·R_B₂·R_A₂ᵀ, up to (r₁ + r₂) × (r₁ + r₂). */
  readonly second: Matrix64;
  /** Singular values of both. */
  readonly sigma: readonly [Float64Array, Float64Array];
  readonly frobenius: readonly [number, number];
  /** ⟨ΔW₁, ΔW₂⟩. */
  readonly inner: number;
  /** φ(i, j) of the left and the right directions. */
  readonly left: Matrix64;
  readonly right: Matrix64;
  /** |s₁s₂|·‖B₁A₂‖², |s₁s₂|·‖B₂A₁‖² and s₁s₂·⟨B₁A₂, B₂A₁⟩; null where the ranks differ. */
  readonly cross: readonly [number, number, number] | null;
  /** Whether s is known of both: sums and ratios mean nothing without. */
  readonly scaled: boolean;
}

/**
 * The core of a pair, by (r₁ + r₂) × (r₁ + r₂) work after two QR decompositions. A scaling that is not known is null and
 * counts as 1, which leaves cosine and overlaps as they are. null where an entry is not finite.
 */
export function pairCore(fa: Factors, sa: number | null, fb: Factors, sb: number | null): PairCore | null {
  if (!finite(fa, sa) || !finite(fb, sb)) return null;
  const [s1, s2] = [sa ?? 1, sb ?? 1];
  const RB = qrR(beside(fa.B, fb.B));
  const RA = qrROfTransposed(above(fa.A, fb.A));
  const r1 = fa.B.cols;
  const [B1, B2] = [block(RB, 0, Math.min(r1, RB.rows), r1), block(RB, r1, RB.rows, fb.B.cols)];
  const [A1, A2] = [block(RA, 0, Math.min(r1, RA.rows), r1), block(RA, r1, RA.rows, fb.B.cols)];
  const first = scale(multiply(B1, transpose(A1)), s1);
  const second = scale(multiply(B2, transpose(A2)), s2);
  const [u, v] = [productSvd(B1, transpose(A1), s1), productSvd(B2, transpose(A2), s2)];
  return {
    first,
    second,
    sigma: [u.S, v.S],
    frobenius: [norm(u.S), norm(v.S)],
    inner: corner(first, second),
    left: overlaps(u.U, live(u.S), v.U, live(v.S)),
    right: overlaps(u.V, live(u.S), v.V, live(v.S)),
    cross: r1 === fb.B.cols ? cross(B1, A1, B2, A2, s1 * s2) : null,
    scaled: sa !== null && sb !== null,
  };
}

/** Singular values of w₁ΔW₁ + w₂ΔW₂, min(r₁ + r₂, d, k) of them; all 0 where the two cancel. */
export function sumSpectrum(core: PairCore, [w1, w2]: readonly [number, number]): Float64Array {
  const { first, second } = core;
  const sum = scale(second, w2);
  for (let i = 0; i < first.rows; i++) {
    for (let j = 0; j < first.cols; j++) sum.data[i * sum.cols + j] += w1 * first.data[i * first.cols + j];
  }
  const sigma = singularValues(sum);
  // What two equal updates leave of each other is rounding.
  const rounding = 1e-13 * (Math.abs(w1) * core.frobenius[0] + Math.abs(w2) * core.frobenius[1]);
  return sigma[0] > rounding ? sigma : new Float64Array(sigma.length);
}

/** √Σσ². */
export function norm(sigma: Float64Array): number {
  let sum = 0;
  for (let i = sigma.length - 1; i >= 0; i--) sum += sigma[i] * sigma[i];
  return Math.sqrt(sum);
}

/** [x y], row by row. */
export function beside(x: Matrix64, y: Matrix64): Matrix64 {
  const out = zeros(x.rows, x.cols + y.cols);
  for (let i = 0; i < x.rows; i++) {
    out.data.set(x.data.subarray(i * x.cols, (i + 1) * x.cols), i * out.cols);
    out.data.set(y.data.subarray(i * y.cols, (i + 1) * y.cols), i * out.cols + x.cols);
  }
  return out;
}

/** x above y. */
export function above(x: Matrix64, y: Matrix64): Matrix64 {
  const out = zeros(x.rows + y.rows, x.cols);
  out.data.set(x.data);
  out.data.set(y.data, x.data.length);
  return out;
}

function finite({ B, A }: Factors, s: number | null): boolean {
  return allFinite(B) && allFinite(A) && (s === null || Number.isFinite(s));
}

/** The first `rows` rows of columns `from` … `from + cols` − 1. */
function block(m: Matrix64, from: number, rows: number, cols: number): Matrix64 {
  const out = zeros(rows, cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out.data[i * cols + j] = m.data[i * m.cols + from + j];
  return out;
}

/** The scalar product of a matrix with the corner of a larger one. */
function corner(small: Matrix64, large: Matrix64): number {
  let sum = 0;
  for (let i = 0; i < small.rows; i++) {
    for (let j = 0; j < small.cols; j++) sum += small.data[i * small.cols + j] * large.data[i * large.cols + j];
  }
  return sum;
}

function cross(B1: Matrix64, A1: Matrix64, B2: Matrix64, A2: Matrix64, s: number): readonly [number, number, number] {
  // B₁A₂ has B₁'s rows alone and B₂A₁ has A₁'s columns alone.
  const x = multiply(B1, transpose(A2));
  const y = multiply(B2, transpose(A1));
  let common = 0;
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < y.cols; j++) common += x.data[i * x.cols + j] * y.data[i * y.cols + j];
  }
  return [Math.abs(s) * square(x), Math.abs(s) * square(y), s * common];
}

function square(m: Matrix64): number {
  let sum = 0;
  for (const x of m.data) sum += x * x;
  return sum;
}

function live(sigma: Float64Array): number {
  let n = 0;
  while (n < sigma.length && n < COMPARED && sigma[n] > NOTHING * sigma[0]) n++;
  return n;
}

/** φ(i, j) = ‖U₁,ᵢᵀU₂,ⱼ‖²_F/min(i, j); U's rows beyond those of the smaller one are its zeros. */
function overlaps(U: Matrix64, rows: number, V: Matrix64, cols: number): Matrix64 {
  const out = zeros(rows, cols);
  if (rows === 0 || cols === 0) return out;
  const short = { rows: U.rows, cols: V.cols, data: V.data.subarray(0, U.rows * V.cols) };
  const G = multiply(transpose(leadingColumns(U, rows)), leadingColumns(short, cols));
  for (let i = 0; i < rows; i++) {
    let row = 0;
    for (let j = 0; j < cols; j++) {
      row += G.data[i * cols + j] ** 2;
      out.data[i * cols + j] = row + (i > 0 ? out.data[(i - 1) * cols + j] : 0);
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      out.data[i * cols + j] = Math.min(1, out.data[i * cols + j] / (Math.min(i, j) + 1));
    }
  }
  return out;
}
