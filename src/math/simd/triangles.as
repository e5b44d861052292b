/** Small triangles, row by row, n numbers a row. */

import { dot, minusProduct } from './layout';

/**
 * L with C = L·Lᵀ, entries right of the diagonal 0, where C is g (rows of `stride` numbers, its lower triangle) with its
 * rows and columns divided by `sizes`. The numbers of L's row i are those of unit columns. Returns the smallest pivot
 * before its root, at most 1; not positive if C is not positive definite.
 */
export function cholesky(L: usize, g: usize, sizes: usize, n: i32, stride: i32): f64 {
  const row = <usize>n << 3;
  let least: f64 = 1;
  for (let i: i32 = 0; i < n; i++) {
    const li = L + <usize>i * row;
    const gi = g + ((<usize>i * <usize>stride) << 3);
    const size = load<f64>(sizes + (<usize>i << 3));
    for (let j: i32 = 0; j < i; j++) {
      const lj = L + <usize>j * row;
      const at = <usize>j << 3;
      const c = load<f64>(gi + at) / (size * load<f64>(sizes + at));
      store<f64>(li + at, (c - dot(li, lj, j)) / load<f64>(lj + at));
    }
    const at = <usize>i << 3;
    const pivot = load<f64>(gi + at) / (size * size) - dot(li, li, i);
    least = min(least, pivot);
    if (!(pivot > 0)) return pivot;
    store<f64>(li + at, sqrt<f64>(pivot));
    memory.fill(li + at + 8, 0, row - at - 8);
  }
  return least;
}

/** X = L⁻¹, lower like L. */
export function invert(X: usize, L: usize, n: i32): void {
  const row = <usize>n << 3;
  memory.fill(X, 0, <usize>n * row);
  for (let i: i32 = 0; i < n; i++) {
    const x = X + <usize>i * row;
    const l = L + <usize>i * row;
    for (let p: i32 = 0; p < i; p++) subtract(x, X + <usize>p * row, load<f64>(l + (<usize>p << 3)), p + 1);
    const d = 1 / load<f64>(l + (<usize>i << 3));
    for (let j: i32 = 0; j < i; j++) store<f64>(x + (<usize>j << 3), load<f64>(x + (<usize>j << 3)) * d);
    store<f64>(x + (<usize>i << 3), d);
  }
}

/** x −= s·y, n numbers. */
@inline
function subtract(x: usize, y: usize, s: f64, n: i32): void {
  const v = f64x2.splat(s);
  const end = x + (<usize>(n & ~1) << 3);
  for (; x < end; x += 16) {
    v128.store(x, minusProduct(v128.load(x), v128.load(y), v));
    y += 16;
  }
  if (n & 1) store<f64>(x, load<f64>(x) - s * load<f64>(y));
}

/** C = R·Sᵀ of two upper triangles. */
export function core(C: usize, R: usize, S: usize, n: i32): void {
  const row = <usize>n << 3;
  for (let i: i32 = 0; i < n; i++)
    for (let j: i32 = 0; j < n; j++) {
      const first = max(i, j);
      const at = <usize>first << 3;
      store<f64>(C + <usize>i * row + (<usize>j << 3), dot(R + <usize>i * row + at, S + <usize>j * row + at, n - first));
    }
}
