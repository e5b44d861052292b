/** Causal attention and its gradients in float32; a head is a multiple of four numbers wide. */

import { plusProduct32 } from '../module/vectors';

/** The score of a place without a position: e^(it less the largest score) changes no sum. */
const FAR: f32 = -1e30;

/** ⟨x, y⟩ of `bytes` bytes. */
@inline
function dot(x: usize, y: usize, bytes: usize): f32 {
  let sums = f32x4.splat(0);
  for (let l: usize = 0; l < bytes; l += 16) sums = plusProduct32(sums, v128.load(x + l), v128.load(y + l));
  return all(sums);
}

@inline
function all(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** y += factor·x. */
@inline
function addTimes(y: usize, x: usize, factor: f32, bytes: usize): void {
  const s = f32x4.splat(factor);
  for (let l: usize = 0; l < bytes; l += 16) v128.store(y + l, plusProduct32(v128.load(y + l), v128.load(x + l), s));
}

/**
 * e^x for x ≤ 0, within 2 units in the last place; below −87 it stays at e^−87. With x = n·ln 2 + r and |r| ≤ ½·ln 2 it is
 * 2^n·e^r, e^r by a polynomial of degree 7 (the coefficients of Cephes' expf, Moshier 1989).
 */
@inline
function exp4(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504)));
  // ln 2 in two parts: n·.693359375 has no rounding error.
  const coarse = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.add(coarse, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  const e = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(e, power);
}

/** Writes the weights of each query up to its own position, and mixed = Σ weight·v. */
export function attend(
  mixed: usize,
  weights: usize,
  q: usize,
  k: usize,
  v: usize,
  scores: usize,
  count: i32,
  heads: i32,
  length: i32,
  width: i32,
): void {
  const bytes = <usize>(width / heads) << 2;
  const wide = <usize>width << 2;
  const scale: f32 = <f32>(1 / sqrt<f64>(<f64>(width / heads)));
  for (let s: i32 = 0; s < count; s++)
    for (let h: i32 = 0; h < heads; h++) {
      const first = <usize>(s * length) * wide + <usize>h * bytes;
      for (let i: i32 = 0; i < length; i++) {
        const own = first + <usize>i * wide;
        let largest: f32 = -Infinity;
        for (let j: i32 = 0; j <= i; j++) {
          const score = dot(q + own, k + first + <usize>j * wide, bytes) * scale;
          store<f32>(scores + (<usize>j << 2), score);
          largest = max<f32>(largest, score);
        }
        // To whole vectors: e^−87 more or less changes no sum of at least 1.
        for (let j = i + 1; (j & 3) !== 0; j++) store<f32>(scores + (<usize>j << 2), FAR);
        let sums = f32x4.splat(0);
        for (let j: i32 = 0; j <= i; j += 4) {
          const place = scores + (<usize>j << 2);
          const e = exp4(f32x4.sub(v128.load(place), f32x4.splat(largest)));
          v128.store(place, e);
          sums = f32x4.add(sums, e);
        }
        const total = all(sums);
        memory.fill(mixed + own, 0, bytes);
        for (let j: i32 = 0; j <= i; j++) {
          const weight = load<f32>(scores + (<usize>j << 2)) / total;
          store<f32>(weights + (<usize>j << 2), weight);
          addTimes(mixed + own, v + first + <usize>j * wide, weight, bytes);
        }
        weights += <usize>length << 2;
      }
    }
}

/** The gradients of q, k and v for the gradient δ of `mixed`. */
export function attendBackward(
  delta: usize,
  weights: usize,
  q: usize,
  k: usize,
  v: usize,
  dq: usize,
  dk: usize,
  dv: usize,
  dots: usize,
  count: i32,
  heads: i32,
  length: i32,
  width: i32,
): void {
  const bytes = <usize>(width / heads) << 2;
  const wide = <usize>width << 2;
  const scale: f32 = <f32>(1 / sqrt<f64>(<f64>(width / heads)));
  const everything = <usize>(count * length) * wide;
  memory.fill(dq, 0, everything);
  memory.fill(dk, 0, everything);
  memory.fill(dv, 0, everything);
  for (let s: i32 = 0; s < count; s++)
    for (let h: i32 = 0; h < heads; h++) {
      const first = <usize>(s * length) * wide + <usize>h * bytes;
      for (let i: i32 = 0; i < length; i++) {
        const own = first + <usize>i * wide;
        let mean: f32 = 0;
        for (let j: i32 = 0; j <= i; j++) {
          const other = first + <usize>j * wide;
          const weight = load<f32>(weights + (<usize>j << 2));
          const value = dot(delta + own, v + other, bytes);
          store<f32>(dots + (<usize>j << 2), value);
          mean += weight * value;
          addTimes(dv + other, delta + own, weight, bytes);
        }
        for (let j: i32 = 0; j <= i; j++) {
          const other = first + <usize>j * wide;
          const place = <usize>j << 2;
          const g = load<f32>(weights + place) * (load<f32>(dots + place) - mean) * scale;
          addTimes(dq + own, k + other, g, bytes);
          addTimes(dk + other, q + own, g, bytes);
        }
        weights += <usize>length << 2;
      }
    }
}
