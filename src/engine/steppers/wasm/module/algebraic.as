/**
 * Loss and gradients without E: with the square multiplied out, E·Aᵀ = s·B·(A·Aᵀ) − ΔW*·Aᵀ, Bᵀ·E = s·(Bᵀ·B)·A − Bᵀ·ΔW* and
 * ‖E‖² = ‖ΔW*‖² − 2s·⟨ΔW*·Aᵀ, B⟩ + s²·⟨Bᵀ·B, A·Aᵀ⟩. Two products with a large matrix instead of three, while the
 * difference of large numbers does not show (precision.as).
 */

import {
  D,
  gradient,
  gramA,
  gramA32,
  gramB,
  gramB32,
  length,
  lengthA,
  panelA,
  panels,
  panelT,
  R,
  STRIDE,
  STRIDE64,
  TILE,
  target,
  theta,
  tile,
  widthOf,
} from './layout';
import { gram } from './gram';
import { transpose } from './packing';
import { targetSquared } from './precision';
import { spreadToA } from './spread-to-a';
import { spreadToB } from './spread-to-b';
import { high, load2, low, plusProduct64, total } from './vectors';

/** Fills the gradients, divided by s, and returns ‖E‖²_F. */
export function algebraic(s: f64): f64 {
  memory.fill(gradient, 0, <usize>length << 3);
  memory.fill(gramA, 0, <usize>(R * R) << 3);
  memory.fill(gramB, 0, <usize>(R * R) << 3);
  const B = theta + (<usize>lengthA << 2);
  const gradientB = gradient + (<usize>lengthA << 3);
  const row = <usize>R << 2;
  for (let i: i32 = 0; i < D; i += TILE) {
    columnsToRows(B + <usize>i * row, min(TILE, D - i));
    gram(gramB, panelA, R);
  }
  // With −ΔW* instead of E.
  for (let c: i32 = 0; c < panels; c++) {
    const width = widthOf(c);
    const A = theta + <usize>(c * R) * STRIDE;
    widen(A);
    gram(gramA, panelA, R);
    transpose(A);
    for (let i: i32 = 0; i < D; i += TILE) {
      const height = min(TILE, D - i);
      const t = target + <usize>(c * D + i) * STRIDE;
      spreadToB(gradientB + <usize>i * row * 2, t, panelT, height, width, R);
      spreadToA(gradient + <usize>(c * R) * STRIDE64, t, B + <usize>i * row, height, width, R);
    }
  }
  const mixed = inner(gradient, theta, length);
  const squared = targetSquared() + s * (mixed + s * narrow(s));
  for (let c: i32 = 0; c < panels; c++) {
    const width = widthOf(c);
    spreadToA(gradient + <usize>(c * R) * STRIDE64, theta + <usize>(c * R) * STRIDE, gramB32, R, width, R);
  }
  for (let i: i32 = 0; i < D; i += TILE) {
    const height = min(TILE, D - i);
    for (let q: i32 = 0; q < R; q += TILE) {
      const width = min(TILE, R - q);
      copyToTile(B + <usize>i * row + (<usize>q << 2), height, width);
      spreadToB(gradientB + <usize>i * row * 2, tile, gramA32 + <usize>q * row, height, width, R);
    }
  }
  return squared;
}

/** A panel of A in float64: R rows of 64. */
export function widen(panel: usize): void {
  let to = panelA;
  for (const end = panel + <usize>R * STRIDE; panel < end; panel += 16) {
    const x = v128.load(panel);
    v128.store(to, low(x));
    v128.store(to, high(x), 16);
    to += 32;
  }
}

/** Some rows of B, 64 at most, as R rows of 64 in float64, with zeros behind. */
export function columnsToRows(rows: usize, height: i32): void {
  const row = <usize>R << 2;
  if (height < TILE) memory.fill(panelA, 0, <usize>R * STRIDE64);
  for (let p: usize = 0; p < row; p += 4) {
    let to = panelA + p * (STRIDE64 >> 2);
    for (let at = rows + p, end = at + <usize>height * row; at < end; at += row) {
      store<f64>(to, load<f32>(at));
      to += 8;
    }
  }
}

/** Rows of B, some of their ranks, as a tile. */
function copyToTile(from: usize, height: i32, width: i32): void {
  const row = <usize>R << 2;
  for (let to = tile, end = tile + <usize>height * STRIDE; to < end; to += STRIDE) {
    memory.copy(to, from, <usize>width << 2);
    from += row;
  }
}

/** Σ x·y, with x in float64 and y in float32. */
function inner(x: usize, y: usize, numbers: i32): f64 {
  let sums = f64x2.splat(0);
  for (const end = y + (<usize>numbers << 2); y < end; y += 8) {
    sums = plusProduct64(sums, v128.load(x), load2(y));
    x += 16;
  }
  return total(sums);
}

/** Both Gram matrices whole and in float32, times s; returns their inner product. */
function narrow(s: f64): f64 {
  let sum: f64 = 0;
  for (let p: i32 = 0; p < R; p++) {
    for (let q: i32 = 0; q <= p; q++) {
      const below = <usize>(p * R + q);
      const above = <usize>(q * R + p);
      const a = load<f64>(gramA + (below << 3));
      const b = load<f64>(gramB + (below << 3));
      sum += p === q ? a * b : 2 * a * b;
      store<f32>(gramA32 + (below << 2), <f32>(s * a));
      store<f32>(gramA32 + (above << 2), <f32>(s * a));
      store<f32>(gramB32 + (below << 2), <f32>(s * b));
      store<f32>(gramB32 + (above << 2), <f32>(s * b));
    }
  }
  return sum;
}
