/** Loss and gradients of the present factors: the twin of tasks/matrix.ts. */

import { spreadToA, spreadToB } from './gradients';
import {
  columns,
  D,
  gradient,
  length,
  lengthA,
  panel64,
  panels,
  panelT,
  R,
  STRIDE,
  STRIDE64,
  scaledB,
  TILE,
  target,
  theta,
  tile,
} from './layout';
import { load2, residual } from './residual';

/** s·B in float64, where its product is rounded once, in blocks of four rows: the four numbers of a rank are neighbours. */
function packB(s: f64): void {
  const B = theta + (<usize>lengthA << 2);
  let to = scaledB;
  for (let i: i32 = 0; i < D; i += 4) {
    for (let p: i32 = 0; p < R; p++) {
      const from = B + (<usize>(i * R + p) << 2);
      for (let row: i32 = 0; row < 4; row++) store<f64>(to + (<usize>row << 3), s * <f64>load<f32>(from + (<usize>(row * R) << 2)));
      to += 32;
    }
  }
}

/** A panel of A in float64, in strips of four columns, and transposed. */
function packA(panel: usize): void {
  const end = panel + <usize>R * STRIDE;
  let strip = panel64;
  let column = panelT;
  for (let j: usize = 0; j < STRIDE; j += 16) {
    for (let at = panel + j; at < end; at += STRIDE) {
      v128.store(strip, load2(at));
      v128.store(strip, load2(at + 8), 16);
      strip += 32;
    }
  }
  for (let j: usize = 0; j < STRIDE; j += 4) {
    for (let at = panel + j; at < end; at += STRIDE) {
      store<f32>(column, load<f32>(at));
      column += 4;
    }
  }
}

/** Fills the gradients, divided by s, and returns ‖E‖²_F. */
export function measure(s: f64): f64 {
  memory.fill(gradient, 0, <usize>length << 3);
  packB(s);
  const B = theta + (<usize>lengthA << 2);
  const gradientB = gradient + (<usize>lengthA << 3);
  const rows = <usize>R << 2;
  let sum: f64 = 0;
  for (let c: i32 = 0; c < panels; c++) {
    const width = min(TILE, (columns - c * TILE + 7) & ~7);
    const gradientA = gradient + <usize>(c * R) * STRIDE64;
    packA(theta + <usize>(c * R) * STRIDE);
    for (let i: i32 = 0; i < D; i += TILE) {
      const height = min(TILE, D - i);
      const t = target + <usize>(c * D + i) * STRIDE;
      sum += residual(tile, panel64, scaledB + <usize>i * rows * 2, t, height, width, R);
      spreadToB(gradientB + <usize>i * rows * 2, tile, panelT, height, width, R);
      spreadToA(gradientA, tile, B + <usize>i * rows, height, width, R);
    }
  }
  return sum;
}

/** g ← s·g over some numbers, and the sum of their squares. */
export function scaleGradient(g: usize, numbers: i32, s: f64): f64 {
  const scale = f64x2.splat(s);
  let sums = f64x2.splat(0);
  const end = g + (<usize>numbers << 3);
  while (g < end) {
    const x = f64x2.mul(v128.load(g), scale);
    v128.store(g, x);
    sums = f64x2.add(sums, f64x2.mul(x, x));
    g += 16;
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
