/** Products and updates of a network in SIMD WebAssembly, float32; addresses are in bytes, sizes and strides in numbers. */

import { load2, plusProduct32, total } from '../module/vectors';

export { adam, momentum, sgd } from '../module/updates';

let top: usize = 64;

/** The address of `bytes` fresh bytes, zeros; 0 if there is no memory for them: it never grows. */
export function take(bytes: usize): usize {
  const at = top;
  if (at + bytes > <usize>memory.size() << 16) return 0;
  top = (at + bytes + 63) & ~63;
  return at;
}

@inline
function put(at: usize, sum: v128, s: v128, adds: bool): void {
  v128.store(at, adds ? plusProduct32(v128.load(at), sum, s) : f32x4.mul(sum, s));
}

/**
 * C (n × m) = s·X·Y, or C + s·X·Y. X is n × l with strides from row to row and from column to column, so that it may be
 * transposed; Y is l × m row by row.
 */
export function product(
  C: usize,
  X: usize,
  Y: usize,
  n: i32,
  m: i32,
  l: i32,
  rowX: i32,
  columnX: i32,
  s: f32,
  adds: bool,
): void {
  const row = <usize>rowX << 2;
  const column = <usize>columnX << 2;
  const wide = <usize>m << 2;
  const whole = m & ~7;
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4) {
    const x = X + <usize>i * row;
    const c = C + <usize>i * wide;
    for (let j: i32 = 0; j < whole; j += 8) block(c + (<usize>j << 2), x, Y + (<usize>j << 2), l, row, column, wide, s, adds);
    for (let r: usize = 0; r < 4; r++) rest(c + r * wide, x + r * row, Y, whole, m, l, column, wide, s, adds);
  }
  for (; i < n; i++) rest(C + <usize>i * wide, X + <usize>i * row, Y, 0, m, l, column, wide, s, adds);
}

/** Four rows and eight columns of C: eight sums in registers. */
@inline
function block(c: usize, x: usize, y: usize, l: i32, row: usize, column: usize, wide: usize, s: f32, adds: bool): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const row2 = row << 1;
  const row3 = row + row2;
  for (let p: i32 = 0; p < l; p++) {
    const y0 = v128.load(y);
    const y1 = v128.load(y, 16);
    let v = v128.load32_splat(x);
    a0 = plusProduct32(a0, v, y0);
    a1 = plusProduct32(a1, v, y1);
    v = v128.load32_splat(x + row);
    b0 = plusProduct32(b0, v, y0);
    b1 = plusProduct32(b1, v, y1);
    v = v128.load32_splat(x + row2);
    c0 = plusProduct32(c0, v, y0);
    c1 = plusProduct32(c1, v, y1);
    v = v128.load32_splat(x + row3);
    d0 = plusProduct32(d0, v, y0);
    d1 = plusProduct32(d1, v, y1);
    x += column;
    y += wide;
  }
  const scale = f32x4.splat(s);
  put(c, a0, scale, adds);
  put(c + 16, a1, scale, adds);
  c += wide;
  put(c, b0, scale, adds);
  put(c + 16, b1, scale, adds);
  c += wide;
  put(c, c0, scale, adds);
  put(c + 16, c1, scale, adds);
  c += wide;
  put(c, d0, scale, adds);
  put(c + 16, d1, scale, adds);
}

/** One row of C from column `from` on: four columns at a time, then one. */
function rest(c: usize, x: usize, Y: usize, from: i32, m: i32, l: i32, column: usize, wide: usize, s: f32, adds: bool): void {
  let j = from;
  for (; j + 4 <= m; j += 4) {
    let sum = f32x4.splat(0);
    let y = Y + (<usize>j << 2);
    for (let p: i32 = 0, at = x; p < l; p++) {
      sum = plusProduct32(sum, v128.load32_splat(at), v128.load(y));
      at += column;
      y += wide;
    }
    put(c + (<usize>j << 2), sum, f32x4.splat(s), adds);
  }
  for (; j < m; j++) {
    let sum: f32 = 0;
    let y = Y + (<usize>j << 2);
    for (let p: i32 = 0, at = x; p < l; p++) {
      sum += load<f32>(at) * load<f32>(y);
      at += column;
      y += wide;
    }
    const at = c + (<usize>j << 2);
    store<f32>(at, (adds ? load<f32>(at) : 0) + s * sum);
  }
}

/** Numbers in float64, for updates, and the sum of their squares. */
export function widen(to: usize, from: usize, numbers: i32): f64 {
  let sums = f64x2.splat(0);
  const end = from + (<usize>numbers << 2);
  while (from < end) {
    const x = load2(from);
    v128.store(to, x);
    sums = f64x2.add(sums, f64x2.mul(x, x));
    from += 8;
    to += 16;
  }
  return total(sums);
}

/** Y (k × d) = Xᵀ of X (d × k). */
export function transpose(Y: usize, X: usize, d: i32, k: i32): void {
  for (let i: i32 = 0; i < d; i++)
    for (let j: i32 = 0; j < k; j++)
      store<f32>(Y + (<usize>(j * d + i) << 2), load<f32>(X + (<usize>(i * k + j) << 2)));
}
