import type { Matrix32 } from '../matrix.ts';
import { times, transposeTimes } from '../products/times.ts';
import { dot } from '../products/vector.ts';
import { stream } from '../random.ts';

/** A new direction shorter than this share of the largest entry of B so far is rounding error. */
const NOTHING = 1e-13;

/** M·V = U·B after some steps, with B upper bidiagonal: diagonal d, superdiagonal e. */
export interface GolubKahan {
  /** One entry a step. The last of e leads out of the space: Mᵀ·U = V·Bᵀ + e_k·v_{k+1}·(last unit vector)ᵀ. */
  readonly d: readonly number[];
  readonly e: readonly number[];
  /** Orthonormal columns one after another, one a step: `left` entries each in U, `right` in V. */
  readonly U: Float64Array;
  readonly V: Float64Array;
  readonly left: number;
  readonly right: number;
  /** One step more; false where all that is not zero has been met, or after `most` steps. */
  readonly step: () => boolean;
}

/**
 * Bidiagonalisation of M, or of Mᵀ where M has fewer rows than columns, by Golub, Kahan and Lanczos with full
 * reorthogonalisation, up to `most` steps (Golub and Van Loan, section 10.4). The start is fixed. Where the vectors
 * span a space that the matrix maps into itself, a fresh one begins: so values that occur several times are met again.
 */
export function golubKahan(M: Matrix32, most: number): GolubKahan {
  const tall = M.rows >= M.cols;
  const [left, right] = tall ? [M.rows, M.cols] : [M.cols, M.rows];
  const forth = tall ? times : transposeTimes;
  const back = tall ? transposeTimes : times;
  const U = new Float64Array(left * most);
  const V = new Float64Array(right * most);
  const d: number[] = [];
  const e: number[] = [];
  const source = stream(0, 'lanczos');
  let largest = 0;
  let fresh = true;

  /** A random direction orthogonal to the first `count` columns. */
  function anew(basis: Float64Array, n: number, count: number): Float64Array {
    const x = Float64Array.from({ length: n }, () => source.normal());
    direction(x, basis, count);
    return x;
  }

  let v = anew(V, right, 0);
  function step(): boolean {
    const k = d.length;
    if (k === Math.min(most, right)) return false;
    let u = forth(M, v);
    if (k > 0) subtract(u, e[k - 1], U, (k - 1) * left);
    let length = direction(u, U, k);
    if (length <= NOTHING * largest) {
      // A random direction that M takes to zero: so is all that is left.
      if (fresh) return false;
      u = anew(U, left, k);
      length = 0;
    }
    U.set(u, k * left);
    V.set(v, k * right);
    d.push(length);
    largest = Math.max(largest, length);

    v = back(M, u);
    subtract(v, length, V, k * right);
    const out = direction(v, V, k + 1);
    fresh = out <= NOTHING * largest;
    e.push(fresh ? 0 : out);
    largest = Math.max(largest, out);
    if (fresh && k + 1 < right) v = anew(V, right, k + 1);
    return true;
  }

  return { d, e, U, V, left, right, step };
}

/** x −= share·column, the column beginning at `start`. */
function subtract(x: Float64Array, share: number, columns: Float64Array, start: number): void {
  for (let i = 0; i < x.length; i++) x[i] -= share * columns[start + i];
}

/** Makes x orthogonal to the first `count` columns and of length 1, unless it is zero; returns the length it had then. */
function direction(x: Float64Array, columns: Float64Array, count: number): number {
  const before = norm(x);
  orthogonalise(x, columns, count);
  let length = norm(x);
  // Where most of a vector cancels, what is left has to be made orthogonal again; twice is enough.
  if (length < 0.7 * before) {
    orthogonalise(x, columns, count);
    length = norm(x);
  }
  if (length > 0) for (let i = 0; i < x.length; i++) x[i] /= length;
  return length;
}

const norm = (x: Float64Array) => Math.sqrt(dot(x, 0, 0, x.length));

/** x −= Q·Qᵀx for the first `count` columns of Q, four at a time. */
function orthogonalise(x: Float64Array, Q: Float64Array, count: number): void {
  const n = x.length;
  let j = 0;
  for (; j + 3 < count; j += 4) {
    const a = j * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const xi = x[i];
      s0 += Q[a + i] * xi;
      s1 += Q[b + i] * xi;
      s2 += Q[c + i] * xi;
      s3 += Q[d + i] * xi;
    }
    for (let i = 0; i < n; i++) x[i] -= s0 * Q[a + i] + s1 * Q[b + i] + s2 * Q[c + i] + s3 * Q[d + i];
  }
  for (; j < count; j++) {
    let s = 0;
    for (let i = 0; i < n; i++) s += Q[j * n + i] * x[i];
    subtract(x, s, Q, j * n);
  }
}
