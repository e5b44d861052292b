import type { Bidiagonal } from './bidiagonal.ts';

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
