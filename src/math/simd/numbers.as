/** Numbers of a file to float64 and back. Types: 0 is F32, 1 is F16, 2 is BF16. Each is exact, and rounded once on the way back. */

import { COLUMN } from './layout';

const F32: i32 = 0;
const F16: i32 = 1;

/** Bytes of a number, as a shift. */
@inline
function shiftOf(type: i32): usize {
  return type === F32 ? 2 : 1;
}

/**
 * Four numbers in float32. A half of exponent e and mantissa m is (1024·[e > 0] + m)·2^(max(e, 1) − 25): an integer and
 * a power of two, both normal, since products with subnormal numbers take a hundred times as long. If e = 31, the
 * exponent is set to that of infinities and NaN.
 */
@inline
function four(at: usize, type: i32): v128 {
  if (type === F32) return v128.load(at);
  const word = i32x4.extend_low_i16x8_u(v128.load64_zero(at));
  if (type !== F16) return i32x4.shl(word, 16);
  const size = v128.and(word, i32x4.splat(0x7fff));
  const exponent = i32x4.shr_u(size, 10);
  const lead = v128.and(i32x4.gt_s(exponent, i32x4.splat(0)), i32x4.splat(0x400));
  const whole = f32x4.convert_i32x4_s(v128.or(v128.and(size, i32x4.splat(0x3ff)), lead));
  const power = i32x4.shl(i32x4.add(i32x4.max_s(exponent, i32x4.splat(1)), i32x4.splat(102)), 23);
  const sign = i32x4.shl(v128.and(word, i32x4.splat(0x8000)), 16);
  const odd = v128.and(i32x4.eq(exponent, i32x4.splat(31)), i32x4.splat(0x7f800000));
  return v128.or(v128.or(f32x4.mul(whole, power), sign), odd);
}

@inline
function one(at: usize, type: i32): f64 {
  if (type === F32) return <f64>load<f32>(at);
  const word = <u32>load<u16>(at);
  if (type !== F16) return <f64>reinterpret<f32>(word << 16);
  const exponent = (word >> 10) & 31;
  const m = <f64>(word & 0x3ff);
  let x: f64;
  if (exponent === 31) x = m === 0 ? Infinity : NaN;
  else if (exponent === 0) x = m * reinterpret<f64>(<u64>(1023 - 24) << 52);
  else x = (1024 + m) * reinterpret<f64>(<u64>(exponent + 1023 - 25) << 52);
  return word & 0x8000 ? -x : x;
}

@inline
function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

@inline
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** Columns that lie one after another in the file, `length` numbers each: n of them, m ≤ 64 rows of a block. */
export function unpackColumns(to: usize, from: usize, type: i32, m: i32, n: i32, length: i32): void {
  const shift = shiftOf(type);
  const m4 = m & ~3;
  for (let p: i32 = 0; p < n; p++) {
    let at = from + ((<usize>p * <usize>length) << shift);
    let x = to + <usize>p * COLUMN;
    let i: i32 = 0;
    for (; i < m4; i += 4) {
      const y = four(at, type);
      v128.store(x, low(y));
      v128.store(x, high(y), 16);
      at += <usize>4 << shift;
      x += 32;
    }
    for (; i < m; i++) {
      store<f64>(x, one(at, type));
      at += <usize>1 << shift;
      x += 8;
    }
  }
}

/** Rows that lie one after another in the file, `length` numbers each: m ≤ 64 of them, n columns of a block. */
export function unpackRows(to: usize, from: usize, type: i32, m: i32, n: i32, length: i32): void {
  const shift = shiftOf(type);
  const row = <usize>length << shift;
  const m2 = m & ~1;
  const n4 = n & ~3;
  for (let i0: i32 = 0; i0 < m; i0 += 8) {
    const i1 = min(i0 + 8, m2);
    for (let p: i32 = 0; p < n4; p += 4) {
      let at = from + <usize>i0 * row + (<usize>p << shift);
      let x = to + <usize>p * COLUMN + (<usize>i0 << 3);
      for (let i = i0; i < i1; i += 2) {
        const u = four(at, type);
        const v = four(at + row, type);
        // Two rows side by side: (u₀, v₀, u₁, v₁) and (u₂, v₂, u₃, v₃).
        const front = i8x16.shuffle(u, v, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        const back = i8x16.shuffle(u, v, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        v128.store(x, low(front));
        v128.store(x, high(front), COLUMN);
        v128.store(x, low(back), 2 * COLUMN);
        v128.store(x, high(back), 3 * COLUMN);
        at += row << 1;
        x += 16;
      }
    }
    for (let p = n4; p < n; p++)
      for (let i = i0; i < i1; i++)
        store<f64>(to + <usize>p * COLUMN + (<usize>i << 3), one(from + <usize>i * row + (<usize>p << shift), type));
  }
  if (m2 < m)
    for (let p: i32 = 0; p < n; p++)
      store<f64>(to + <usize>p * COLUMN + (<usize>m2 << 3), one(from + <usize>m2 * row + (<usize>p << shift), type));
}

/** The bits of the nearest number with `mantissa` bits and the bias of its exponent, ties to even; above all: infinite. */
@inline
function rounded(x: f64, mantissa: i32, bias: i32): u32 {
  const bits = reinterpret<u64>(x);
  const sign = <u32>(bits >> 48) & 0x8000;
  const size = bits & 0x7fffffffffffffff;
  const infinite = <u32>(0x7fff & ~((1 << mantissa) - 1));
  if (size >= 0x7ff0000000000000) return sign | infinite | (size > 0x7ff0000000000000 ? 1 << (mantissa - 1) : 0);
  const unit = reinterpret<f64>(<u64>(1024 - bias) << 52);
  // Subnormal numbers lie on a grid of constant step, rounded to the nearest, ties to even.
  if (reinterpret<f64>(size) < unit)
    return sign | <u32>nearest<f64>(reinterpret<f64>(size) * reinterpret<f64>(<u64>(1022 + bias + mantissa) << 52));
  // Half a step less one, and one more if the last bit kept is odd: a carry runs on into the exponent.
  const cut = <u64>(52 - mantissa);
  const up = (<u64>1 << (cut - 1)) - 1 + ((size >> cut) & 1);
  return sign | min(infinite, <u32>((size + up) >> cut) - (<u32>(1023 - bias) << mantissa));
}

@inline
function put(at: usize, x: f64, type: i32): void {
  if (type === F32) store<f32>(at, <f32>x);
  else store<u16>(at, type === F16 ? rounded(x, 10, 15) : rounded(x, 7, 127));
}

/** m rows and n columns of a block into rows of n numbers, eight rows at a time. */
export function packRows(to: usize, from: usize, type: i32, m: i32, n: i32): void {
  const shift = shiftOf(type);
  const row = <usize>n << shift;
  for (let i0: i32 = 0; i0 < m; i0 += 8) {
    const i1 = min(i0 + 8, m);
    for (let p: i32 = 0; p < n; p++) {
      let at = to + <usize>i0 * row + (<usize>p << shift);
      for (let i = i0; i < i1; i++) {
        put(at, load<f64>(from + <usize>p * COLUMN + (<usize>i << 3)), type);
        at += row;
      }
    }
  }
}

/** m rows and n columns of a block into columns of `length` numbers. */
export function packColumns(to: usize, from: usize, type: i32, m: i32, n: i32, length: i32): void {
  const shift = shiftOf(type);
  for (let p: i32 = 0; p < n; p++) {
    let at = to + ((<usize>p * <usize>length) << shift);
    for (let i: i32 = 0; i < m; i++) {
      put(at, load<f64>(from + <usize>p * COLUMN + (<usize>i << 3)), type);
      at += <usize>1 << shift;
    }
  }
}
