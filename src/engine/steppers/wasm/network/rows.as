/**
 * Passes over matrices of a layer's size for methods beside LoRA, whose rows have any number of numbers. Four rows, or
 * four stretches of one row, at a time: a sum waits for its last product, and four sums do not wait for each other.
 */

import { high, low, plusProduct32, total } from '../module/vectors';

/** Bytes after which a float32 sum is taken over into float64. */
const STRETCH: usize = 1024;

@inline
function wide(sums: v128): f64 {
  return total(f64x2.add(low(sums), high(sums)));
}

@inline
function lesser(a: usize, b: usize): usize {
  return a < b ? a : b;
}

/** The whole vectors of a row. */
@inline
function wholeOf(bytes: usize): usize {
  return bytes & ~15;
}

/** E_i = c_i·V_i − T_i; returns the sum of squares of E. */
export function residual(E: usize, V: usize, T: usize, c: usize, rows: i32, k: i32): f64 {
  const bytes = <usize>k << 2;
  const four = bytes << 2;
  let square: f64 = 0;
  for (; rows >= 4; rows -= 4) {
    square += residual4(E, V, T, c, bytes);
    c += 16;
    E += four;
    V += four;
    T += four;
  }
  for (; rows > 0; rows--) {
    square += residual1(E, V, T, load<f32>(c), bytes);
    c += 4;
    E += bytes;
    V += bytes;
    T += bytes;
  }
  return square;
}

@inline
function difference4(E: usize, s: v128, V: usize, T: usize): v128 {
  const e = f32x4.sub(f32x4.mul(s, v128.load(V)), v128.load(T));
  v128.store(E, e);
  return e;
}

function residual4(E: usize, V: usize, T: usize, c: usize, bytes: usize): f64 {
  const s0 = v128.load32_splat(c);
  const s1 = v128.load32_splat(c, 4);
  const s2 = v128.load32_splat(c, 8);
  const s3 = v128.load32_splat(c, 12);
  const whole = wholeOf(bytes);
  let square: f64 = 0;
  let l: usize = 0;
  while (l < whole) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
      let at = l;
      let e = difference4(E + at, s0, V + at, T + at);
      sum0 = plusProduct32(sum0, e, e);
      at += bytes;
      e = difference4(E + at, s1, V + at, T + at);
      sum1 = plusProduct32(sum1, e, e);
      at += bytes;
      e = difference4(E + at, s2, V + at, T + at);
      sum2 = plusProduct32(sum2, e, e);
      at += bytes;
      e = difference4(E + at, s3, V + at, T + at);
      sum3 = plusProduct32(sum3, e, e);
    }
    square += wide(sum0) + wide(sum1) + wide(sum2) + wide(sum3);
  }
  if (l < bytes)
    for (let i: usize = 0; i < 16; i += 4) {
      square += residualEnd(E, V, T, load<f32>(c + i), l, bytes);
      E += bytes;
      V += bytes;
      T += bytes;
    }
  return square;
}

function residual1(E: usize, V: usize, T: usize, factor: f32, bytes: usize): f64 {
  const s = f32x4.splat(factor);
  const whole = wholeOf(bytes);
  let square: f64 = 0;
  let l: usize = 0;
  while (l < whole) {
    let sums = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
      const e = difference4(E + l, s, V + l, T + l);
      sums = plusProduct32(sums, e, e);
    }
    square += wide(sums);
  }
  return square + residualEnd(E, V, T, factor, l, bytes);
}

/** The numbers behind the last whole vector of a row. */
function residualEnd(E: usize, V: usize, T: usize, factor: f32, l: usize, bytes: usize): f64 {
  let square: f64 = 0;
  for (; l < bytes; l += 4) {
    const e = factor * load<f32>(V + l) - load<f32>(T + l);
    store<f32>(E + l, e);
    square += <f64>e * <f64>e;
  }
  return square;
}

/** out_i = ⟨X_i, Y_i⟩, in float64. */
export function rowDots(out: usize, X: usize, Y: usize, rows: i32, k: i32): void {
  const bytes = <usize>k << 2;
  const four = bytes << 2;
  for (; rows >= 4; rows -= 4) {
    rowDots4(out, X, Y, bytes);
    out += 32;
    X += four;
    Y += four;
  }
  for (; rows > 0; rows--) {
    store<f64>(out, dot(X, Y, 0, bytes));
    out += 8;
    X += bytes;
    Y += bytes;
  }
}

function rowDots4(out: usize, X: usize, Y: usize, bytes: usize): void {
  const whole = wholeOf(bytes);
  let dot0: f64 = 0;
  let dot1: f64 = 0;
  let dot2: f64 = 0;
  let dot3: f64 = 0;
  let l: usize = 0;
  while (l < whole) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
      let at = l;
      sum0 = plusProduct32(sum0, v128.load(X + at), v128.load(Y + at));
      at += bytes;
      sum1 = plusProduct32(sum1, v128.load(X + at), v128.load(Y + at));
      at += bytes;
      sum2 = plusProduct32(sum2, v128.load(X + at), v128.load(Y + at));
      at += bytes;
      sum3 = plusProduct32(sum3, v128.load(X + at), v128.load(Y + at));
    }
    dot0 += wide(sum0);
    dot1 += wide(sum1);
    dot2 += wide(sum2);
    dot3 += wide(sum3);
  }
  store<f64>(out, dot0 + dot(X, Y, l, bytes));
  X += bytes;
  Y += bytes;
  store<f64>(out, dot1 + dot(X, Y, l, bytes), 8);
  X += bytes;
  Y += bytes;
  store<f64>(out, dot2 + dot(X, Y, l, bytes), 16);
  X += bytes;
  Y += bytes;
  store<f64>(out, dot3 + dot(X, Y, l, bytes), 24);
}

/** ⟨X, Y⟩ of one row from byte l on. */
function dot(X: usize, Y: usize, l: usize, bytes: usize): f64 {
  const whole = wholeOf(bytes);
  let dot: f64 = 0;
  while (l < whole) {
    let sums = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16)
      sums = plusProduct32(sums, v128.load(X + l), v128.load(Y + l));
    dot += wide(sums);
  }
  for (; l < bytes; l += 4) dot += <f64>load<f32>(X + l) * <f64>load<f32>(Y + l);
  return dot;
}

/** E_i ← a_i·E_i + b_i·V_i. */
export function mixRows(E: usize, V: usize, a: usize, b: usize, rows: i32, k: i32): void {
  const bytes = <usize>k << 2;
  const whole = wholeOf(bytes);
  for (let i: i32 = 0; i < rows; i++) {
    const x = load<f32>(a);
    const y = load<f32>(b);
    const s = f32x4.splat(x);
    const t = f32x4.splat(y);
    let l: usize = 0;
    for (; l < whole; l += 16) v128.store(E + l, plusProduct32(f32x4.mul(s, v128.load(E + l)), t, v128.load(V + l)));
    for (; l < bytes; l += 4) store<f32>(E + l, x * load<f32>(E + l) + y * load<f32>(V + l));
    a += 4;
    b += 4;
    E += bytes;
    V += bytes;
  }
}

@inline
function weighted(P: usize, W: usize, M: usize, sum: v128): v128 {
  const w = v128.load(W);
  const e = f32x4.sub(f32x4.mul(w, v128.load(P)), v128.load(M));
  v128.store(P, f32x4.mul(e, w));
  return plusProduct32(sum, e, e);
}

/** P ← (W∘P − M)∘W; returns the sum of squares of W∘P − M. */
export function weightedResidual(P: usize, W: usize, M: usize, numbers: i32): f64 {
  const end = P + (<usize>numbers << 2);
  let square: f64 = 0;
  for (; P + 4 * STRETCH <= end; P += 3 * STRETCH) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (const next = P + STRETCH; P < next; P += 16) {
      sum0 = weighted(P, W, M, sum0);
      sum1 = weighted(P + STRETCH, W + STRETCH, M + STRETCH, sum1);
      sum2 = weighted(P + 2 * STRETCH, W + 2 * STRETCH, M + 2 * STRETCH, sum2);
      sum3 = weighted(P + 3 * STRETCH, W + 3 * STRETCH, M + 3 * STRETCH, sum3);
      W += 16;
      M += 16;
    }
    W += 3 * STRETCH;
    M += 3 * STRETCH;
    square += wide(sum0) + wide(sum1) + wide(sum2) + wide(sum3);
  }
  while (P + 16 <= end) {
    let sums = f32x4.splat(0);
    for (const next = lesser(P + STRETCH, P + wholeOf(end - P)); P < next; P += 16) {
      sums = weighted(P, W, M, sums);
      W += 16;
      M += 16;
    }
    square += wide(sums);
  }
  for (; P < end; P += 4) {
    const w = load<f32>(W);
    const e = w * load<f32>(P) - load<f32>(M);
    store<f32>(P, e * w);
    square += <f64>e * <f64>e;
    W += 4;
    M += 4;
  }
  return square;
}

/** E = X − Y; returns the sum of squares of E, in float64. */
export function difference(E: usize, X: usize, Y: usize, numbers: i32): f64 {
  const end = E + (<usize>numbers << 2);
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  for (; E + 16 <= end; E += 16) {
    const e = f32x4.sub(v128.load(X), v128.load(Y));
    v128.store(E, e);
    const e0 = low(e);
    const e1 = high(e);
    sum0 = f64x2.add(sum0, f64x2.mul(e0, e0));
    sum1 = f64x2.add(sum1, f64x2.mul(e1, e1));
    X += 16;
    Y += 16;
  }
  let square = total(f64x2.add(sum0, sum1));
  for (; E < end; E += 4) {
    const e = load<f32>(X) - load<f32>(Y);
    store<f32>(E, e);
    square += <f64>e * <f64>e;
    X += 4;
    Y += 4;
  }
  return square;
}

/** For E = c·wᵀ − M (rows × k): dc = E·w and dw = Eᵀ·c; returns the sum of squares of E, which is never stored. */
export function rankOne(c: usize, w: usize, M: usize, dc: usize, dw: usize, rows: i32, k: i32): f64 {
  const bytes = <usize>k << 2;
  memory.fill(dw, 0, bytes);
  let square: f64 = 0;
  for (; rows >= 4; rows -= 4) {
    square += rankOne4(c, w, M, dc, dw, bytes);
    c += 16;
    dc += 16;
    M += bytes << 2;
  }
  for (; rows > 0; rows--) {
    square += rankOne1(c, w, M, dc, dw, 0, 0, bytes);
    c += 4;
    dc += 4;
    M += bytes;
  }
  return square;
}

function rankOne4(c: usize, w: usize, M: usize, dc: usize, dw: usize, bytes: usize): f64 {
  const s0 = v128.load32_splat(c);
  const s1 = v128.load32_splat(c, 4);
  const s2 = v128.load32_splat(c, 8);
  const s3 = v128.load32_splat(c, 12);
  const M1 = M + bytes;
  const M2 = M1 + bytes;
  const M3 = M2 + bytes;
  const whole = wholeOf(bytes);
  let square: f64 = 0;
  let dot0: f64 = 0;
  let dot1: f64 = 0;
  let dot2: f64 = 0;
  let dot3: f64 = 0;
  let l: usize = 0;
  while (l < whole) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let product0 = f32x4.splat(0);
    let product1 = f32x4.splat(0);
    let product2 = f32x4.splat(0);
    let product3 = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
      const x = v128.load(w + l);
      let sums = v128.load(dw + l);
      let e = f32x4.sub(f32x4.mul(s0, x), v128.load(M + l));
      sum0 = plusProduct32(sum0, e, e);
      product0 = plusProduct32(product0, e, x);
      sums = plusProduct32(sums, s0, e);
      e = f32x4.sub(f32x4.mul(s1, x), v128.load(M1 + l));
      sum1 = plusProduct32(sum1, e, e);
      product1 = plusProduct32(product1, e, x);
      sums = plusProduct32(sums, s1, e);
      e = f32x4.sub(f32x4.mul(s2, x), v128.load(M2 + l));
      sum0 = plusProduct32(sum0, e, e);
      product2 = plusProduct32(product2, e, x);
      sums = plusProduct32(sums, s2, e);
      e = f32x4.sub(f32x4.mul(s3, x), v128.load(M3 + l));
      sum1 = plusProduct32(sum1, e, e);
      product3 = plusProduct32(product3, e, x);
      v128.store(dw + l, plusProduct32(sums, s3, e));
    }
    square += wide(sum0) + wide(sum1);
    dot0 += wide(product0);
    dot1 += wide(product1);
    dot2 += wide(product2);
    dot3 += wide(product3);
  }
  square += rankOne1(c, w, M, dc, dw, dot0, l, bytes);
  square += rankOne1(c + 4, w, M1, dc + 4, dw, dot1, l, bytes);
  square += rankOne1(c + 8, w, M2, dc + 8, dw, dot2, l, bytes);
  return square + rankOne1(c + 12, w, M3, dc + 12, dw, dot3, l, bytes);
}

/** One row from byte l on; `dot` is its part of dc before. */
function rankOne1(c: usize, w: usize, M: usize, dc: usize, dw: usize, dot: f64, l: usize, bytes: usize): f64 {
  const factor = load<f32>(c);
  const s = f32x4.splat(factor);
  const whole = wholeOf(bytes);
  let square: f64 = 0;
  while (l < whole) {
    let squares = f32x4.splat(0);
    let dots = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
      const x = v128.load(w + l);
      const e = f32x4.sub(f32x4.mul(s, x), v128.load(M + l));
      squares = plusProduct32(squares, e, e);
      dots = plusProduct32(dots, e, x);
      v128.store(dw + l, plusProduct32(v128.load(dw + l), s, e));
    }
    square += wide(squares);
    dot += wide(dots);
  }
  for (; l < bytes; l += 4) {
    const x = load<f32>(w + l);
    const e = factor * x - load<f32>(M + l);
    square += <f64>e * <f64>e;
    dot += <f64>e * <f64>x;
    store<f32>(dw + l, load<f32>(dw + l) + factor * e);
  }
  store<f32>(dc, <f32>dot);
  return square;
}
