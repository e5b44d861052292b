/**
 * When float32 is enough for E. Its entries are off by about 2⁻²⁴ of what they are sums of, together by
 * 2⁻²⁴·M with M² = ‖ΔW*‖² + s²·Σ_p ‖A_p‖²·‖B_p‖². The loss is then off by about 2·2⁻²⁴·M/(‖E‖·√(d·k)), since roundings go either
 * way: at ENOUGH·M² = ‖E‖² and 128 × 128 entries 1e-7 of itself. Below, and for smaller layers, E is formed in float64.
 */

import { columns, D, lengthA, panels, R, STRIDE, target, theta } from './layout';
import { high, low, total } from './vectors';

const ENOUGH: f64 = 1e-4;
const ENTRIES: i32 = 128 * 128;

let squaredTarget: f64 = -1;

/** Σ x² over float32 numbers, four at a time. */
function squared(at: usize, bytes: usize): f64 {
  let sums = f64x2.splat(0);
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    const first = low(x);
    const last = high(x);
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(first, first), f64x2.mul(last, last)));
  }
  return total(sums);
}

/** ‖A_p‖²·‖B_p‖², with A_p a row of A and B_p a column of B. */
function squaredTerm(p: i32): f64 {
  let a: f64 = 0;
  for (let c: i32 = 0; c < panels; c++) a += squared(theta + <usize>(c * R + p) * STRIDE, STRIDE);
  let b: f64 = 0;
  const row = <usize>R << 2;
  const B = theta + (<usize>lengthA << 2);
  for (let at = B + (<usize>p << 2), end = B + <usize>D * row; at < end; at += row) {
    const x = <f64>load<f32>(at);
    b += x * x;
  }
  return a * b;
}

/** The least ‖E‖² at which float32 is enough, for the present factors; ∞ where it never is. */
export function leastFor32(s: f64): f64 {
  if (D * columns < ENTRIES) return Infinity;
  if (squaredTarget < 0) squaredTarget = squared(target, <usize>(panels * D) * STRIDE);
  let terms: f64 = 0;
  for (let p: i32 = 0; p < R; p++) terms += squaredTerm(p);
  return ENOUGH * (squaredTarget + s * s * terms);
}
