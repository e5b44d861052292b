/** Loss and gradients of the current factors: the twin of tasks/matrix.ts. */

import { algebraic } from './algebraic';
import {
  D,
  gradient,
  length,
  lengthA,
  panelA,
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
  widthOf,
} from './layout';
import { packB, packStrips32, packStrips64, transpose } from './packing';
import { ALGEBRAIC, DOUBLE, magnitude, precisionFor, SINGLE } from './precision';
import { residual32 } from './residual32';
import { residual64 } from './residual64';
import { spreadToA } from './spread-to-a';
import { spreadToB } from './spread-to-b';
import { total } from './vectors';

/** The way of the last measurement: a guess for the next one. */
let guess: i32 = DOUBLE;

/**
 * Fills the gradients, divided by s, and returns ‖E‖²_F. The way depends on the current factors alone, not on how they
 * were reached: a wrong guess is measured again. Without `forB` nobody reads the gradient of B.
 */
export function measure(s: f64, forB: bool = true): f64 {
  const M2 = magnitude(s);
  let sum = measured(guess, s, forB);
  let wanted = precisionFor(sum, M2);
  if (guess === ALGEBRAIC && wanted === DOUBLE) {
    // Without E so small a loss is not accurate enough to decide the precision of E.
    guess = SINGLE;
    sum = measured(guess, s, forB);
    wanted = precisionFor(sum, M2) === DOUBLE ? DOUBLE : SINGLE;
  }
  if (wanted === guess) return sum;
  guess = wanted;
  return measured(guess, s, forB);
}

function measured(precision: i32, s: f64, forB: bool): f64 {
  // Here the loss needs both.
  if (precision === ALGEBRAIC) return algebraic(s);
  return precision === SINGLE ? pass<f32>(s, forB) : pass<f64>(s, forB);
}

/** T is the type of E, f32 or f64. */
function pass<T>(s: f64, forB: bool): f64 {
  memory.fill(gradient, 0, <usize>length << 3);
  packB<T>(s);
  const B = theta + (<usize>lengthA << 2);
  const gradientB = gradient + (<usize>lengthA << 3);
  const rows = <usize>R << 2;
  let sum: f64 = 0;
  for (let c: i32 = 0; c < panels; c++) {
    const width = widthOf(c);
    const gradientA = gradient + <usize>(c * R) * STRIDE64;
    const A = theta + <usize>(c * R) * STRIDE;
    if (sizeof<T>() === 8) packStrips64(A);
    else packStrips32(A);
    transpose(A);
    for (let i: i32 = 0; i < D; i += TILE) {
      const height = min(TILE, D - i);
      const t = target + <usize>(c * D + i) * STRIDE;
      const b = scaledB + <usize>(i * R) * sizeof<T>();
      if (sizeof<T>() === 8) sum += residual64(tile, panelA, b, t, height, width, R);
      else sum += residual32(tile, panelA, b, t, height, width, R);
      if (forB) spreadToB(gradientB + <usize>i * rows * 2, tile, panelT, height, width, R);
      spreadToA(gradientA, tile, B + <usize>i * rows, height, width, R);
    }
  }
  return sum;
}

/** g ← s·g, and the sum of the squares. */
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
  return total(sums);
}
