/** The updates of ../module/updates.as on gradients in float32, and norms. */

import * as updates from '../module/updates';
import { load2, total } from '../module/vectors';

export function sgd(theta: usize, g: usize, numbers: i32, rate: f64): f64 {
  return updates.sgd<f32>(theta, g, numbers, rate);
}

export function signsgd(theta: usize, g: usize, numbers: i32, rate: f64): f64 {
  return updates.signsgd<f32>(theta, g, numbers, rate);
}

export function momentum(theta: usize, g: usize, v: usize, numbers: i32, rate: f64): f64 {
  return updates.momentum<f32>(theta, g, v, numbers, rate);
}

export function adam(
  theta: usize,
  g: usize,
  m: usize,
  v: usize,
  numbers: i32,
  rate: f64,
  decay: f64,
  c1: f64,
  c2: f64,
  epsilon: f64,
): f64 {
  return updates.adam<f32>(theta, g, m, v, numbers, rate, decay, c1, c2, epsilon);
}

/** Σx², in float64. */
export function squares(x: usize, numbers: i32): f64 {
  let sums = f64x2.splat(0);
  for (const end = x + (<usize>numbers << 2); x < end; x += 8) {
    const two = load2(x);
    sums = f64x2.add(sums, f64x2.mul(two, two));
  }
  return total(sums);
}
