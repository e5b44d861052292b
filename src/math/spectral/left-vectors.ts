import type { Fill } from '../dense/loops.ts';
import { applyReflector, qrROfTransposed, thinQr } from '../factor/qr.ts';
import { svdInSlices } from '../factor/svd.ts';
import {
  type AnyMatrix,
  leadingColumns,
  type Matrix32,
  type Matrix64,
  multiply,
  rangeScale,
  transpose,
} from '../matrix.ts';
import { bidiagonaliseInSlices, bidiagonalValues, rowsOfSquare, type Turns } from './bidiagonal.ts';
import { golubKahan, openPart, stepsMatrix } from './leading-values.ts';

/**
 * Intruder dimensions (arXiv 2410.21228): of the ten leading left singular vectors of W₀ + ΔW those whose |cosine| with
 * every left singular vector of W₀ is below ε.
 */
export interface IntruderCount {
  /** null: the leading vectors of W₀ + ΔW cannot be told apart. */
  readonly count: number | null;
  /** Fewer than ten if W₀ + ΔW has fewer singular values above rounding. */
  readonly top: number;
  readonly epsilon: number;
}

const TOP = 10;
const EPSILON = 0.5;
/** Leading vectors that are less exact, as a share of σ₁, lie too close to tell them apart. */
const EXACT = 1e-6;

/** Counts them without a whole decomposition of either, a part at a time. */
export function* intrudersInSlices(before: AnyMatrix, after: Matrix32): Generator<void, IntruderCount> {
  const { U, open } = yield* leadingLeftVectors(after, TOP);
  const found = { top: U.cols, epsilon: EPSILON };
  if (open > EXACT) return { ...found, count: null };
  const cosines = yield* closestLeftCosines(before, U);
  return { ...found, count: cosines.filter((x) => x < EPSILON).length };
}

/**
 * For each column of Y (rows × p, of length 1) its largest |cosine| with any left singular vector of M (rows × cols). No vector
 * of M is formed: what makes M bidiagonal and then diagonal acts on the few columns of Y instead (as in LAPACK's dbdsqr), so
 * that it takes about as long as the singular values alone. Of a tall M the min(rows, cols) vectors of its thin SVD count.
 */
export function* closestLeftCosines(M: AnyMatrix, Y: Matrix64): Generator<void, Float64Array> {
  const { square, y } = squared(M, Y);
  const n = square.rows;
  const p = rangeScale(square);
  const columns = transpose(y);
  const fill: Fill = (A, stride) => {
    rowsOfSquare(square.data, n)(A, stride);
    for (let i = 0; i < A.length; i++) A[i] *= p;
  };
  const form = yield* bidiagonaliseInSlices(n, fill, undefined, (v, from, tau) => {
    applyReflector(v, from, tau, columns.data, n, from, 0, columns.rows);
  });
  const { cols, data } = transpose(columns);
  const rows = Array.from({ length: n }, (_, i) => data.subarray(i * cols, (i + 1) * cols));
  bidiagonalValues(form, turned(rows));
  const closest = new Float64Array(cols);
  for (const row of rows) for (let j = 0; j < cols; j++) closest[j] = Math.max(closest[j], Math.abs(row[j]));
  return closest;
}

/** A square matrix with the singular values of M, and Y along what takes its left vectors to those of M. */
function squared(M: AnyMatrix, Y: Matrix64): { readonly square: AnyMatrix; readonly y: Matrix64 } {
  if (M.rows === M.cols) return { square: M, y: Y };
  if (M.rows < M.cols) return { square: transpose(qrROfTransposed(M)), y: Y };
  const { Q, R } = thinQr(M);
  return { square: R, y: multiply(transpose(Q), Y) };
}

/** Turns rows as the left vectors turn: in a transposed block these are what turns its columns. */
function turned(rows: Float64Array[]): Turns {
  const transposed = rows.map(() => false);
  return {
    turn(i, colCos, colSin, rowCos, rowSin) {
      const [cos, sin] = transposed[i] ? [colCos, colSin] : [rowCos, rowSin];
      const [a, b] = [rows[i], rows[i + 1]];
      for (let j = 0; j < a.length; j++) {
        const x = a[j];
        a[j] = cos * x + sin * b[j];
        b[j] = cos * b[j] - sin * x;
      }
    },
    reverse(low, high) {
      const block = rows.slice(low, high + 1);
      for (let i = low; i <= high; i++) {
        rows[i] = block[high - i];
        transposed[i] = !transposed[i];
      }
    },
  };
}

/** Steps of Lanczos at the first look, and by how much more until the next. */
const FIRST_LOOK = 32;
const MORE = 1.5;
/** Steps that are made at most, and the open part of a direction that counts as found, as a share of σ₁. */
const MOST = 600;
const FOUND = 1e-9;

/** The leading left singular vectors of a matrix, as columns. */
export interface LeftVectors {
  readonly U: Matrix64;
  /** max ‖Mᵀuᵢ − σᵢ·vᵢ‖/σ₁: 0 if all of the matrix has been gone through. */
  readonly open: number;
}

/**
 * The n leading left singular vectors, fewer if M has not as many σ above rounding, by Golub–Kahan–Lanczos: until each is found
 * to 10⁻⁹ of σ₁, or after `limit` steps.
 */
export function* leadingLeftVectors(M: Matrix32, n: number, limit = MOST): Generator<void, LeftVectors> {
  const size = Math.min(M.rows, M.cols);
  const most = Math.min(size, limit);
  const found = golubKahan(M, most);
  for (let look = Math.min(most, Math.max(FIRST_LOOK, 2 * n)); ; look = Math.min(most, Math.ceil(MORE * look))) {
    let ended = false;
    while (!ended && found.d.length < look) {
      ended = !found.step();
      yield;
    }
    const k = found.d.length;
    const { U, S, V } = yield* svdInSlices(stepsMatrix(found));
    const real = S.filter((sigma) => sigma > S[0] * M.rows * Number.EPSILON).length;
    const count = Math.min(n, real);
    const open = ended || k === size ? 0 : openPart(found, U, count) / S[0];
    if (open > FOUND && k < most) continue;
    const [basis, inner] = M.rows >= M.cols ? [found.U, U] : [found.V, V];
    const columns = { rows: k, cols: M.rows, data: basis.subarray(0, k * M.rows) };
    return { U: transpose(multiply(transpose(leadingColumns(inner, count)), columns)), open };
  }
}
