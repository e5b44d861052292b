/** Products and updates of a network in SIMD WebAssembly, float32; addresses are in bytes, sizes and strides in numbers. */

import { plusProduct32 } from '../module/vectors';

export { attend, attendBackward } from './attention';
export { normalise, normaliseBackward } from './rms-norm';
export { difference, mixRows, rankOne, residual, rowDots, weightedResidual } from './rows';
export { adam, momentum, sgd, signsgd, squares } from './updates';

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
    let j: i32 = 0;
    for (; j < whole; j += 8) block(c + (<usize>j << 2), x, Y + (<usize>j << 2), l, row, column, wide, s, adds);
    for (; j + 4 <= m; j += 4) narrow(c + (<usize>j << 2), x, Y + (<usize>j << 2), l, row, column, wide, s, adds);
    for (; j < m; j++) single(c + (<usize>j << 2), x, Y + (<usize>j << 2), l, row, column, wide, s, adds);
  }
  for (; i < n; i++) rest(C + <usize>i * wide, X + <usize>i * row, Y, m, l, column, wide, s, adds);
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

/** Four rows and four columns of C. */
@inline
function narrow(c: usize, x: usize, y: usize, l: i32, row: usize, column: usize, wide: usize, s: f32, adds: bool): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let d = f32x4.splat(0);
  let e = f32x4.splat(0);
  const row2 = row << 1;
  const row3 = row + row2;
  for (let p: i32 = 0; p < l; p++) {
    const v = v128.load(y);
    a = plusProduct32(a, v128.load32_splat(x), v);
    b = plusProduct32(b, v128.load32_splat(x + row), v);
    d = plusProduct32(d, v128.load32_splat(x + row2), v);
    e = plusProduct32(e, v128.load32_splat(x + row3), v);
    x += column;
    y += wide;
  }
  const scale = f32x4.splat(s);
  put(c, a, scale, adds);
  put(c + wide, b, scale, adds);
  c += wide << 1;
  put(c, d, scale, adds);
  put(c + wide, e, scale, adds);
}

/** Four rows of one column of C. */
@inline
function single(c: usize, x: usize, y: usize, l: i32, row: usize, column: usize, wide: usize, s: f32, adds: bool): void {
  let a: f32 = 0;
  let b: f32 = 0;
  let d: f32 = 0;
  let e: f32 = 0;
  const row2 = row << 1;
  const row3 = row + row2;
  for (let p: i32 = 0; p < l; p++) {
    const v = load<f32>(y);
    a += load<f32>(x) * v;
    b += load<f32>(x + row) * v;
    d += load<f32>(x + row2) * v;
    e += load<f32>(x + row3) * v;
    x += column;
    y += wide;
  }
  putOne(c, a, s, adds);
  putOne(c + wide, b, s, adds);
  c += wide << 1;
  putOne(c, d, s, adds);
  putOne(c + wide, e, s, adds);
}

@inline
function putOne(at: usize, sum: f32, s: f32, adds: bool): void {
  store<f32>(at, (adds ? load<f32>(at) : 0) + s * sum);
}

/** One row of C: four columns at a time, then one. */
function rest(c: usize, x: usize, Y: usize, m: i32, l: i32, column: usize, wide: usize, s: f32, adds: bool): void {
  let j: i32 = 0;
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
    putOne(c + (<usize>j << 2), sum, s, adds);
  }
}

/** Y (k × d) = Xᵀ of X (d × k). */
export function transpose(Y: usize, X: usize, d: i32, k: i32): void {
  for (let i: i32 = 0; i < d; i++)
    for (let j: i32 = 0; j < k; j++)
      store<f32>(Y + (<usize>(j * d + i) << 2), load<f32>(X + (<usize>(i * k + j) << 2)));
}

/** Negative numbers become 0. */
export function relu(H: usize, numbers: i32): void {
  const zero = f32x4.splat(0);
  for (const end = H + (<usize>numbers << 2); H < end; H += 16) v128.store(H, f32x4.pmax(v128.load(H), zero));
}

/** δ becomes 0 unless h is above 0. */
export function reluBackward(delta: usize, H: usize, numbers: i32): void {
  const zero = f32x4.splat(0);
  for (const end = H + (<usize>numbers << 2); H < end; H += 16) {
    v128.store(delta, v128.and(v128.load(delta), f32x4.gt(v128.load(H), zero)));
    delta += 16;
  }
}

/** Z = X + Y. */
export function sum(Z: usize, X: usize, Y: usize, numbers: i32): void {
  for (const end = X + (<usize>numbers << 2); X < end; X += 16) {
    v128.store(Z, f32x4.add(v128.load(X), v128.load(Y)));
    Y += 16;
    Z += 16;
  }
}
