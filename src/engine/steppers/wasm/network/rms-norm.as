/** Rows divided by the root of their mean square; rows are a multiple of four numbers wide. */

import { high, low, plusProduct32, total } from '../module/vectors';

/** ⟨x, y⟩ of `bytes` bytes in float64. */
@inline
function dot64(x: usize, y: usize, bytes: usize): f64 {
  let sums = f64x2.splat(0);
  for (let l: usize = 0; l < bytes; l += 16) {
    const a = v128.load(x + l);
    const b = v128.load(y + l);
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(low(a), low(b)), f64x2.mul(high(a), high(b))));
  }
  return total(sums);
}

/** By row y = x·inverse with inverse = 1/√(mean x² + ε), which is kept in float64. */
export function normalise(y: usize, inverse: usize, x: usize, rows: i32, width: i32, epsilon: f64): void {
  const bytes = <usize>width << 2;
  for (let i: i32 = 0; i < rows; i++) {
    const factor = 1 / sqrt<f64>(dot64(x, x, bytes) / <f64>width + epsilon);
    store<f64>(inverse, factor);
    const s = f32x4.splat(<f32>factor);
    for (let l: usize = 0; l < bytes; l += 16) v128.store(y + l, f32x4.mul(v128.load(x + l), s));
    inverse += 8;
    x += bytes;
    y += bytes;
  }
}

/** Adds (δ − y·⟨δ, y⟩/width)·inverse to g. */
export function normaliseBackward(g: usize, delta: usize, y: usize, inverse: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let i: i32 = 0; i < rows; i++) {
    const share = f32x4.splat(<f32>(-dot64(delta, y, bytes) / <f64>width));
    const s = f32x4.splat(<f32>load<f64>(inverse));
    for (let l: usize = 0; l < bytes; l += 16) {
      const part = plusProduct32(v128.load(delta + l), v128.load(y + l), share);
      v128.store(g + l, plusProduct32(v128.load(g + l), part, s));
    }
    inverse += 8;
    g += bytes;
    delta += bytes;
    y += bytes;
  }
}
