import { type BidiagonalRoom, denseLoops, type Fill } from '../dense/loops.ts';
import { makeReflector, NEGLIGIBLE_SQUARE } from '../factor/qr.ts';
import type { AnyMatrix } from '../matrix.ts';
import { drain, type OnProgress } from '../progress.ts';

/** An upper bidiagonal matrix: diagonal d (n entries) and superdiagonal e (n − 1 used). */
interface Bidiagonal {
  readonly d: Float64Array;
  readonly e: Float64Array;
}

/** A reflection I − τ·v·vᵀ of rows `from` …: the entries of v before that row mean nothing. */
type Reflected = (v: Float64Array, from: number, tau: number) => void;

/** What a QR iteration does to rows and columns of the bidiagonal matrix, in its order. */
export interface Turns {
  /** Columns i and i + 1 turn by the first angle, rows i and i + 1 by the second; each as cos and sin. */
  turn(i: number, colCos: number, colSin: number, rowCos: number, rowSin: number): void;
  /** The block low … high is transposed and its order reversed. */
  reverse(low: number, high: number): void;
}

/** Row after row of an n × n matrix. */
export const rowsOfSquare =
  (matrix: AnyMatrix['data'], n: number): Fill =>
  (A, stride) => {
    for (let i = 0; i < n; i++) A.set(matrix.subarray(i * n, (i + 1) * n), i * stride);
  };

/**
 * Reduces the n × n matrix that `fill` writes to upper bidiagonal form by reflections from both sides, which keeps its
 * singular values. Entries are expected to be at most about 1 in size.
 *
 * The reflections are held back: those of one step, A − v·wᵀ − z·uᵀ, are applied in the pass that also gathers the
 * next w = τ·Aᵀv, so that a step reads A twice instead of four times (Howell et al., ACM TOMS 34, 2008).
 */
export function bidiagonalise(n: number, fill: Fill, progress?: OnProgress): Bidiagonal {
  return drain(bidiagonaliseInSlices(n, fill, progress));
}

/** As bidiagonalise, a step a slice; `reflected` is told each reflection of rows. */
export function* bidiagonaliseInSlices(
  n: number,
  fill: Fill,
  progress?: OnProgress,
  reflected?: Reflected,
): Generator<void, Bidiagonal> {
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  const room = denseLoops(n * n)?.bidiagonal(n, fill) ?? plainRoom(n, fill);
  const { A, stride, column, v, nextV, w, nextW, u, z } = room;
  for (let k = 0; k < n; k++) {
    for (let i = k; i < n; i++) nextV[i] = column[i] - v[i] * w[k] - z[i] * u[k];
    const tauLeft = makeReflector(nextV, k, n);
    d[k] = nextV[k];
    nextV[k] = 1;
    reflected?.(nextV, k, tauLeft);
    nextW.fill(0);
    room.gather(k);
    for (let j = k + 1; j < n; j++) nextW[j] *= tauLeft;
    v.set(nextV);
    w.set(nextW);
    if (k + 1 === n) break;

    for (let j = k + 1; j < n; j++) u[j] = A[k * stride + j] - w[j];
    const tauRight = makeReflector(u, k + 1, n);
    e[k] = u[k + 1];
    u[k] = 0;
    u[k + 1] = 1;
    let wu = 0;
    for (let j = k + 1; j < n; j++) wu += w[j] * u[j];
    room.times(k + 1);
    for (let i = k + 1; i < n; i++) z[i] = tauRight * (z[i] - v[i] * wu);
    const left = 1 - (k + 1) / n;
    progress?.(1 - left * left * left);
    yield;
  }
  return { d, e };
}

function plainRoom(n: number, fill: Fill): BidiagonalRoom {
  const A = new Float64Array(n * n);
  fill(A, n);
  const vector = () => new Float64Array(n);
  const [v, w, u, z, nextV, nextW] = [vector(), vector(), vector(), vector(), vector(), vector()];
  const column = vector();
  const take = (k: number) => {
    for (let i = k; i < n; i++) column[i] = A[i * n + k];
  };
  take(0);
  return {
    ...{ A, stride: n, column, v, w, u, z, nextV, nextW },
    gather(k) {
      updateAndGather(A, n, k, v, w, z, u, nextV, nextW);
      take(k + 1);
    },
    times: (first) => timesVector(A, n, first, u, z),
  };
}

/** Rows k …, columns k + 1 …: A −= v·wᵀ + z·uᵀ, then out += Aᵀ·next. Two rows at a time. */
function updateAndGather(
  A: Float64Array,
  n: number,
  k: number,
  v: Float64Array,
  w: Float64Array,
  z: Float64Array,
  u: Float64Array,
  next: Float64Array,
  out: Float64Array,
): void {
  let i = k;
  for (; i + 1 < n; i += 2) {
    const a = i * n;
    const b = a + n;
    const v0 = v[i];
    const v1 = v[i + 1];
    const z0 = z[i];
    const z1 = z[i + 1];
    const n0 = next[i];
    const n1 = next[i + 1];
    for (let j = k + 1; j < n; j++) {
      const wj = w[j];
      const uj = u[j];
      const x0 = A[a + j] - (v0 * wj + z0 * uj);
      const x1 = A[b + j] - (v1 * wj + z1 * uj);
      A[a + j] = x0;
      A[b + j] = x1;
      out[j] += n0 * x0 + n1 * x1;
    }
  }
  if (i < n) {
    for (let j = k + 1; j < n; j++) {
      const x = A[i * n + j] - (v[i] * w[j] + z[i] * u[j]);
      A[i * n + j] = x;
      out[j] += next[i] * x;
    }
  }
}

/** out_i = Σ_j A_ij·u_j for rows and columns from `first` on. Four rows at a time. */
function timesVector(A: Float64Array, n: number, first: number, u: Float64Array, out: Float64Array): void {
  let i = first;
  for (; i + 3 < n; i += 4) {
    const a = i * n;
    const b = a + n;
    const c = b + n;
    const d = c + n;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = first; j < n; j++) {
      const x = u[j];
      s0 += A[a + j] * x;
      s1 += A[b + j] * x;
      s2 += A[c + j] * x;
      s3 += A[d + j] * x;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
  }
  for (; i < n; i++) {
    let s = 0;
    for (let j = first; j < n; j++) s += A[i * n + j] * u[j];
    out[i] = s;
  }
}

const EPSILON = 1.1102230246251565e-16; // 2^-53
const TINY = 8.673617379884035e-19; // 2^-60

/**
 * Singular values of an upper bidiagonal matrix (overwritten), the largest first, to an absolute accuracy of a few
 * 2^-53·σ₁. Implicit QR with the shift of the last 2 × 2 block, and without a shift if that would cost accuracy
 * (Demmel and Kahan, SIAM J. Sci. Stat. Comput. 11, 1990). Should it not settle in 12 sweeps a value, bisection
 * finishes the work, which always ends; `turns` is told the sweeps alone.
 */
export function bidiagonalValues({ d, e }: Bidiagonal, turns?: Turns): Float64Array {
  const n = d.length;
  const copy = { d: d.slice(), e: e.slice() };
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]), i + 1 < n ? Math.abs(e[i]) : 0);
  let high = n - 1;
  for (let left = 12 * n + 20; high > 0; left--) {
    if (left === 0) return bisectValues(copy);
    for (let i = 0; i < high; i++) {
      const size = Math.abs(e[i]);
      if (size <= EPSILON * (Math.abs(d[i]) + Math.abs(d[i + 1])) || size <= TINY * norm) e[i] = 0;
    }
    if (e[high - 1] === 0) {
      high--;
      continue;
    }
    let low = high - 1;
    while (low > 0 && e[low - 1] !== 0) low--;
    sweep(d, e, low, high, turns);
  }
  const values = d.map(Math.abs).sort();
  return values.reverse();
}

/** One sweep over the block low … high, reversed first if its small end is on top. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number, turns?: Turns): void {
  if (Math.abs(d[low]) < Math.abs(d[high])) {
    d.subarray(low, high + 1).reverse();
    e.subarray(low, high).reverse();
    turns?.reverse(low, high);
  }
  const shift = smallerValue(d[high - 1], e[high - 1], d[high]);
  const ratio = shift / Math.abs(d[low]);
  if (ratio * ratio <= EPSILON || d[low] === 0) zeroShiftSweep(d, e, low, high, turns);
  else shiftedSweep(d, e, low, high, shift, turns);
}

/** The smaller singular value of [f g; 0 h]. */
function smallerValue(f: number, g: number, h: number): number {
  const sum = Math.abs(f) + Math.abs(h);
  const difference = Math.abs(f) - Math.abs(h);
  const larger = (Math.sqrt(sum * sum + g * g) + Math.sqrt(difference * difference + g * g)) / 2;
  return larger === 0 ? 0 : (Math.abs(f) / larger) * Math.abs(h);
}

/** The rotation that takes (f, g) to (r, 0), as [cos, sin, r] in `out`. */
function rotation(f: number, g: number, out: Float64Array): void {
  const square = f * f + g * g;
  if (square < NEGLIGIBLE_SQUARE) {
    out[0] = 1;
    out[1] = 0;
    out[2] = f;
    return;
  }
  const r = Math.sqrt(square);
  out[0] = f / r;
  out[1] = g / r;
  out[2] = r;
}

const turn = new Float64Array(3);

function shiftedSweep(d: Float64Array, e: Float64Array, low: number, high: number, shift: number, turns?: Turns): void {
  let f = (Math.abs(d[low]) - shift) * ((d[low] < 0 ? -1 : 1) + shift / d[low]);
  let g = e[low];
  for (let i = low; i < high; i++) {
    rotation(f, g, turn);
    if (i > low) e[i - 1] = turn[2];
    f = turn[0] * d[i] + turn[1] * e[i];
    e[i] = turn[0] * e[i] - turn[1] * d[i];
    g = turn[1] * d[i + 1];
    d[i + 1] *= turn[0];
    const cos = turn[0];
    const sin = turn[1];
    rotation(f, g, turn);
    turns?.turn(i, cos, sin, turn[0], turn[1]);
    d[i] = turn[2];
    f = turn[0] * e[i] + turn[1] * d[i + 1];
    d[i + 1] = turn[0] * d[i + 1] - turn[1] * e[i];
    if (i + 1 < high) {
      g = turn[1] * e[i + 1];
      e[i + 1] *= turn[0];
    }
  }
  e[high - 1] = f;
}

function zeroShiftSweep(d: Float64Array, e: Float64Array, low: number, high: number, turns?: Turns): void {
  let cos = 1;
  let oldCos = 1;
  let oldSin = 0;
  for (let i = low; i < high; i++) {
    rotation(d[i] * cos, e[i], turn);
    cos = turn[0];
    const sin = turn[1];
    const r = turn[2];
    if (i > low) e[i - 1] = oldSin * r;
    rotation(oldCos * r, d[i + 1] * sin, turn);
    oldCos = turn[0];
    oldSin = turn[1];
    turns?.turn(i, cos, sin, oldCos, oldSin);
    d[i] = turn[2];
  }
  const last = d[high] * cos;
  e[high - 1] = last * oldSin;
  d[high] = last * oldCos;
}

/**
 * Singular values of an upper bidiagonal matrix, the largest first, by bisection: slower than QR, and certain to end
 * after a known number of steps. Accurate to about 2^-52·σ₁.
 */
export function bisectValues({ d, e }: Bidiagonal): Float64Array {
  const n = d.length;
  // The squared entries d₁, e₁, d₂, e₂ … are the squared off-diagonal of a tridiagonal matrix of size 2n with a zero
  // diagonal, whose eigenvalues are ±σ (Golub and Kahan, 1965).
  const squares = new Float64Array(2 * n - 1);
  let bound = 0;
  for (let i = 0; i < n; i++) {
    squares[2 * i] = d[i] * d[i];
    if (i + 1 < n) squares[2 * i + 1] = e[i] * e[i];
    const before = i > 0 ? Math.abs(e[i - 1]) : 0;
    const after = i + 1 < n ? Math.abs(e[i]) : 0;
    bound = Math.max(bound, Math.abs(d[i]) + before, Math.abs(d[i]) + after);
  }
  const values = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    let low = 0;
    let high = j === 0 ? bound : values[j - 1];
    for (let step = 0; step < 60 && high - low > 1e-16 * bound; step++) {
      const middle = low + (high - low) / 2;
      if (countAbove(squares, middle) > j) low = middle;
      else high = middle;
    }
    values[j] = high;
  }
  return values;
}

/** Number of singular values larger than x > 0: the positive pivots of T − x (Sturm's theorem). */
function countAbove(squares: Float64Array, x: number): number {
  let pivot = -x;
  let count = 0;
  for (let i = 0; i < squares.length; i++) {
    // A pivot of zero is moved by less than any rounding error.
    if (Math.abs(pivot) < 1e-290) pivot = -1e-290;
    pivot = -x - squares[i] / pivot;
    if (pivot > 0) count++;
  }
  return count;
}
