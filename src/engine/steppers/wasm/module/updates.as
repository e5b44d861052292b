/**
 * One update of `numbers` parameters in a row, in float64 as in typescript.ts, kept in float32, with gradients of type G:
 * f64 or f32. Each returns the sum of the squares of its steps.
 */

import { load2, store2, total } from './vectors';

@inline
function gradient2<G>(at: usize): v128 {
  return sizeof<G>() === 4 ? load2(at) : v128.load(at);
}

/** θ ← θ − rate·g. */
export function sgd<G>(theta: usize, g: usize, numbers: i32, rate: f64): f64 {
  const by = f64x2.splat(rate);
  let sums = f64x2.splat(0);
  const end = theta + (<usize>numbers << 2);
  while (theta < end) {
    const delta = f64x2.mul(by, gradient2<G>(g));
    store2(theta, f64x2.sub(load2(theta), delta));
    sums = f64x2.add(sums, f64x2.mul(delta, delta));
    theta += 8;
    g += sizeof<G>() << 1;
  }
  return total(sums);
}

/** θ ← θ − rate·sign(g), with sign 0 = 0 and the sign of NaN NaN. */
export function signsgd<G>(theta: usize, g: usize, numbers: i32, rate: f64): f64 {
  const by = f64x2.splat(rate);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let sums = f64x2.splat(0);
  const end = theta + (<usize>numbers << 2);
  while (theta < end) {
    const x = gradient2<G>(g);
    const sign = f64x2.sub(v128.and(f64x2.gt(x, zero), one), v128.and(f64x2.lt(x, zero), one));
    const delta = f64x2.mul(by, v128.bitselect(sign, x, f64x2.eq(x, x)));
    store2(theta, f64x2.sub(load2(theta), delta));
    sums = f64x2.add(sums, f64x2.mul(delta, delta));
    theta += 8;
    g += sizeof<G>() << 1;
  }
  return total(sums);
}

/** v ← 0.9·v + g, θ ← θ − rate·v. */
export function momentum<G>(theta: usize, g: usize, v: usize, numbers: i32, rate: f64): f64 {
  const by = f64x2.splat(rate);
  const kept = f64x2.splat(0.9);
  let sums = f64x2.splat(0);
  const end = theta + (<usize>numbers << 2);
  while (theta < end) {
    const v1 = f64x2.add(f64x2.mul(kept, load2(v)), gradient2<G>(g));
    store2(v, v1);
    const delta = f64x2.mul(by, v1);
    store2(theta, f64x2.sub(load2(theta), delta));
    sums = f64x2.add(sums, f64x2.mul(delta, delta));
    theta += 8;
    v += 8;
    g += sizeof<G>() << 1;
  }
  return total(sums);
}

/** θ ← θ − rate·m̂/(√v̂ + ε) − rate·decay·θ, with c1 = 1 − β₁ᵗ and c2 = 1/√(1 − β₂ᵗ). */
export function adam<G>(
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
  const step = f64x2.splat(rate / c1);
  const correction = f64x2.splat(c2);
  const shrink = f64x2.splat(rate * decay);
  const held = f64x2.splat(epsilon);
  let sums = f64x2.splat(0);
  const end = theta + (<usize>numbers << 2);
  while (theta < end) {
    const gradient = gradient2<G>(g);
    const m1 = f64x2.add(
      f64x2.mul(f64x2.splat(0.9), load2(m)),
      f64x2.mul(f64x2.splat(1.0 - 0.9), gradient),
    );
    const v1 = f64x2.add(
      f64x2.mul(f64x2.splat(0.999), load2(v)),
      f64x2.mul(f64x2.mul(f64x2.splat(1.0 - 0.999), gradient), gradient),
    );
    store2(m, m1);
    store2(v, v1);
    const x = load2(theta);
    const root = f64x2.add(f64x2.mul(f64x2.sqrt(v1), correction), held);
    const delta = f64x2.add(f64x2.div(f64x2.mul(step, m1), root), f64x2.mul(shrink, x));
    store2(theta, f64x2.sub(x, delta));
    sums = f64x2.add(sums, f64x2.mul(delta, delta));
    theta += 8;
    g += sizeof<G>() << 1;
    m += 8;
    v += 8;
  }
  return total(sums);
}
