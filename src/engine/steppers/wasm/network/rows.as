/** Passes over matrices of a layer's size, row by row, for methods beside LoRA. Rows have any number of numbers. */

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

/** E_i = c_i·V_i − T_i; returns the sum of squares of E. */
export function residual(E: usize, V: usize, T: usize, c: usize, rows: i32, k: i32): f64 {
  const bytes = <usize>k << 2;
  const whole = bytes & ~15;
  let square: f64 = 0;
  for (let i: i32 = 0; i < rows; i++) {
    const factor = load<f32>(c);
    const s = f32x4.splat(factor);
    let l: usize = 0;
    while (l < whole) {
      let sums = f32x4.splat(0);
      for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
        const e = f32x4.sub(f32x4.mul(s, v128.load(V + l)), v128.load(T + l));
        v128.store(E + l, e);
        sums = plusProduct32(sums, e, e);
      }
      square += wide(sums);
    }
    for (; l < bytes; l += 4) {
      const e = factor * load<f32>(V + l) - load<f32>(T + l);
      store<f32>(E + l, e);
      square += <f64>e * <f64>e;
    }
    c += 4;
    E += bytes;
    V += bytes;
    T += bytes;
  }
  return square;
}

/** out_i = ⟨X_i, Y_i⟩, in float64. */
export function rowDots(out: usize, X: usize, Y: usize, rows: i32, k: i32): void {
  const bytes = <usize>k << 2;
  const whole = bytes & ~15;
  for (let i: i32 = 0; i < rows; i++) {
    let dot: f64 = 0;
    let l: usize = 0;
    while (l < whole) {
      let sums = f32x4.splat(0);
      for (const end = lesser(l + STRETCH, whole); l < end; l += 16)
        sums = plusProduct32(sums, v128.load(X + l), v128.load(Y + l));
      dot += wide(sums);
    }
    for (; l < bytes; l += 4) dot += <f64>load<f32>(X + l) * <f64>load<f32>(Y + l);
    store<f64>(out, dot);
    out += 8;
    X += bytes;
    Y += bytes;
  }
}

/** E_i ← a_i·E_i + b_i·V_i. */
export function mixRows(E: usize, V: usize, a: usize, b: usize, rows: i32, k: i32): void {
  const bytes = <usize>k << 2;
  const whole = bytes & ~15;
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

/** P ← (W∘P − M)∘W; returns the sum of squares of W∘P − M. */
export function weightedResidual(P: usize, W: usize, M: usize, numbers: i32): f64 {
  const bytes = <usize>numbers << 2;
  const whole = bytes & ~15;
  let square: f64 = 0;
  let l: usize = 0;
  while (l < whole) {
    let sums = f32x4.splat(0);
    for (const end = lesser(l + STRETCH, whole); l < end; l += 16) {
      const w = v128.load(W + l);
      const e = f32x4.sub(f32x4.mul(w, v128.load(P + l)), v128.load(M + l));
      v128.store(P + l, f32x4.mul(e, w));
      sums = plusProduct32(sums, e, e);
    }
    square += wide(sums);
  }
  for (; l < bytes; l += 4) {
    const w = load<f32>(W + l);
    const e = w * load<f32>(P + l) - load<f32>(M + l);
    store<f32>(P + l, e * w);
    square += <f64>e * <f64>e;
  }
  return square;
}

/** For E = c·wᵀ − M (rows × k): dc = E·w and dw = Eᵀ·c; returns the sum of squares of E, which is never stored. */
export function rankOne(c: usize, w: usize, M: usize, dc: usize, dw: usize, rows: i32, k: i32): f64 {
  const bytes = <usize>k << 2;
  const whole = bytes & ~15;
  memory.fill(dw, 0, bytes);
  let square: f64 = 0;
  for (let i: i32 = 0; i < rows; i++) {
    const factor = load<f32>(c);
    const s = f32x4.splat(factor);
    let dot: f64 = 0;
    let l: usize = 0;
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
    c += 4;
    dc += 4;
    M += bytes;
  }
  return square;
}
