/**
 * The treatment of E, decided from the current factors alone. Each way is off by a share of its subtracted terms,
 * M² = ‖ΔW*‖² + s²·Σ_p ‖A_p‖²·‖B_p‖²:
 *
 * - ALGEBRAIC, E is not formed (algebraic.as). The loss is off by about 2e-7·M²/(‖E‖²·√(max(d, k)·r)), measured: 1e-7 of itself
 *   where ‖E‖² = 2·M²/√(max(d, k)·r). Not if the r × r matrices would cost more than E.
 * - SINGLE, E in float32. Its entries are off by about 2⁻²⁴ of their terms, together by 2⁻²⁴·M. The loss is then
 *   off by about 2·2⁻²⁴·M/(‖E‖·√(d·k)), since roundings go either way: at ENOUGH·M² = ‖E‖² and 128 × 128 entries 1e-7 of itself.
 * - DOUBLE, E in float64: below, and for smaller layers.
 */

import { columns, D, lengthA, panels, R, STRIDE, target, theta } from './layout';
import { high, low, plusProduct64, total } from './vectors';

export const ALGEBRAIC: i32 = 0;
export const SINGLE: i32 = 1;
export const DOUBLE: i32 = 2;

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
    sums = plusProduct64(plusProduct64(sums, first, first), last, last);
  }
  return total(sums);
}

/** ‖ΔW*‖²_F. */
export function targetSquared(): f64 {
  if (squaredTarget < 0) squaredTarget = squared(target, <usize>(panels * D) * STRIDE);
  return squaredTarget;
}

/** ‖A_p‖², with A_p a row of A. */
function rowOfA(p: i32): f64 {
  let sum: f64 = 0;
  for (let c: i32 = 0; c < panels; c++) sum += squared(theta + <usize>(c * R + p) * STRIDE, STRIDE);
  return sum;
}

/** M² of the current factors. */
export function magnitude(s: f64): f64 {
  const row = <usize>R << 2;
  const B = theta + (<usize>lengthA << 2);
  const end = B + <usize>D * row;
  let terms: f64 = 0;
  for (let p: i32 = 0; p < R; p += 4) {
    // ‖B_p‖² of four columns of B.
    let first = f64x2.splat(0);
    let last = f64x2.splat(0);
    for (let at = B + (<usize>p << 2); at < end; at += row) {
      const x = v128.load(at);
      const l = low(x);
      const h = high(x);
      first = plusProduct64(first, l, l);
      last = plusProduct64(last, h, h);
    }
    terms += rowOfA(p) * f64x2.extract_lane(first, 0) + rowOfA(p + 1) * f64x2.extract_lane(first, 1);
    terms += rowOfA(p + 2) * f64x2.extract_lane(last, 0) + rowOfA(p + 3) * f64x2.extract_lane(last, 1);
  }
  return targetSquared() + s * s * terms;
}

/** The treatment of E if ‖E‖² is `sum`; DOUBLE if it is NaN. */
export function precisionFor(sum: f64, M2: f64): i32 {
  if (D * columns < ENTRIES) return DOUBLE;
  if (!(sum >= ENOUGH * M2)) return DOUBLE;
  const pays = 6 * (D + columns) * R < D * columns;
  return pays && sum * Math.sqrt(<f64>(max(D, columns) * R)) >= 2 * M2 ? ALGEBRAIC : SINGLE;
}
