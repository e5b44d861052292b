import type { Bidiagonal } from '../factor/bidiagonal.ts';
import { NEGLIGIBLE_SQUARE } from '../factor/reflector.ts';

const EPSILON = 1.1102230246251565e-16; // 2^-53
const TINY = 8.673617379884035e-19; // 2^-60

/**
 * Singular values of an upper bidiagonal matrix (overwritten), the largest first, to an absolute accuracy of a few
 * 2^-53·σ₁. Implicit QR with the shift of the last 2 × 2 block, and without a shift where that would cost accuracy
 * (Demmel and Kahan, SIAM J. Sci. Stat. Comput. 11, 1990). Should it not settle in 12 sweeps a value, bisection
 * finishes the work, which always ends.
 */
export function bidiagonalValues({ d, e }: Bidiagonal): Float64Array {
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
    sweep(d, e, low, high);
  }
  const values = d.map(Math.abs).sort();
  return values.reverse();
}

/** One sweep over the block low … high, which is turned round first where its small end lies on top. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
  if (Math.abs(d[low]) < Math.abs(d[high])) {
    d.subarray(low, high + 1).reverse();
    e.subarray(low, high).reverse();
  }
  const shift = smallerValue(d[high - 1], e[high - 1], d[high]);
  const ratio = shift / Math.abs(d[low]);
  if (ratio * ratio <= EPSILON || d[low] === 0) zeroShiftSweep(d, e, low, high);
  else shiftedSweep(d, e, low, high, shift);
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

function shiftedSweep(d: Float64Array, e: Float64Array, low: number, high: number, shift: number): void {
  let f = (Math.abs(d[low]) - shift) * ((d[low] < 0 ? -1 : 1) + shift / d[low]);
  let g = e[low];
  for (let i = low; i < high; i++) {
    rotation(f, g, turn);
    if (i > low) e[i - 1] = turn[2];
    f = turn[0] * d[i] + turn[1] * e[i];
    e[i] = turn[0] * e[i] - turn[1] * d[i];
    g = turn[1] * d[i + 1];
    d[i + 1] *= turn[0];
    rotation(f, g, turn);
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

function zeroShiftSweep(d: Float64Array, e: Float64Array, low: number, high: number): void {
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

/** How many singular values are larger than x > 0: the positive pivots of T − x (Sturm's theorem). */
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
