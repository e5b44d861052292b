/** SIMD WebAssembly of one run on a matrix target; ../README.md says how it is built. */

import {
  corrections,
  entries,
  gradient,
  length,
  lengthA,
  moment1,
  moment2,
  theta,
  trainsA,
  trainsB,
} from './layout';
import { measure, scaleGradient } from './measure';
import { adam, momentum, sgd, signsgd } from './updates';
import { loraPro, scaledA, scaledB } from './pairs';
import { plusProduct32 } from './vectors';

export {
  corrections,
  D,
  entries,
  gradient,
  length,
  lengthA,
  moment1,
  moment2,
  open,
  PACK,
  R,
  stateEnd,
  target,
  theta,
  TILE,
} from './layout';

/** The optimisers' updates, as ../instance.ts numbers them; 2 is Adam. */
const SGD: i32 = 0;
const MOMENTUM: i32 = 1;
const SIGN: i32 = 3;
const SCALED: i32 = 4;
const LORA_PRO: i32 = 5;

/** ‖E‖², the gradients' squared norms and those of the updates, A's before B's. */
function note(at: usize, s: f64): void {
  const gradientB = gradient + (<usize>lengthA << 3);
  store<f64>(at, measure(s));
  store<f64>(at, scaleGradient(gradient, lengthA, s), 8);
  store<f64>(at, scaleGradient(gradientB, length - lengthA, s), 16);
}

/** Parameters `from` to `to` of the row of all; a step counts from 0 in its pack. Returns the squared norm of the update. */
function update(rule: i32, from: i32, to: i32, rate: f64, decay: f64, epsilon: f64, step: i32): f64 {
  const numbers = to - from;
  const at = theta + (<usize>from << 2);
  const g = gradient + (<usize>from << 3);
  const m = moment1 + (<usize>from << 2);
  if (rule === SGD) return sgd<f64>(at, g, numbers, rate);
  if (rule === SIGN) return signsgd<f64>(at, g, numbers, rate);
  if (rule === MOMENTUM) return momentum<f64>(at, g, m, numbers, rate);
  const c = corrections + (<usize>step << 4);
  const v = moment2 + (<usize>from << 2);
  return adam<f64>(at, g, m, v, numbers, rate, decay, load<f64>(c), load<f64>(c, 8), epsilon);
}

/** B, then with a new gradient A. */
function scaled(s: f64, rateA: f64, rateB: f64, moved: usize): void {
  store<f64>(moved, trainsB ? scaledB(s, rateB) : 0, 8);
  if (trainsA && trainsB) {
    measure(s, false);
    scaleGradient(gradient, lengthA, s);
  }
  store<f64>(moved, trainsA ? scaledA(s, rateA) : 0);
}

/** Whether a product and a sum are rounded once: then x² − (x² rounded) is 2⁻⁴⁶, else 0. */
export function fuses(): bool {
  const x = f32x4.splat(1 + <f32>2 ** -23);
  const squared = f32x4.mul(x, x);
  return f32x4.extract_lane(plusProduct32(f32x4.neg(squared), x, x), 0) !== 0;
}

/** Measures the current step into the first row of the entries; leaves the norms of the updates as they are. */
export function evaluate(s: f64): void {
  note(entries, s);
}

/** n ≤ PACK updates, each followed by its measurement. */
export function steps(n: i32, s: f64, rule: i32, rateA: f64, rateB: f64, decay: f64, epsilon: f64): void {
  for (let i: i32 = 0; i < n; i++) {
    const at = entries + <usize>i * 40;
    if (rule === LORA_PRO) loraPro(s, rateA, rateB, trainsA, trainsB, at + 24);
    else if (rule === SCALED) scaled(s, rateA, rateB, at + 24);
    else {
      store<f64>(at, trainsA ? update(rule, 0, lengthA, rateA, decay, epsilon, i) : 0, 24);
      store<f64>(at, trainsB ? update(rule, lengthA, length, rateB, decay, epsilon, i) : 0, 32);
    }
    note(at, s);
  }
}
