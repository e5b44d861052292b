/** A block of a tall matrix: 64 rows in float64, its columns one after another. */

export const ROWS: i32 = 64;
/** Bytes of a column of a block. */
export const COLUMN: usize = 512;

@inline
export function plusProduct(sum: v128, x: v128, y: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, y));
}

@inline
export function minusProduct(sum: v128, x: v128, y: v128): v128 {
  return f64x2.sub(sum, f64x2.mul(x, y));
}

@inline
export function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Σ x·y of n numbers in four running sums, as math/products.ts takes it. */
export function dot(x: usize, y: usize, n: i32): f64 {
  let s = f64x2.splat(0);
  let t = f64x2.splat(0);
  const end4 = x + (<usize>(n & ~3) << 3);
  const end = x + (<usize>n << 3);
  for (; x < end4; x += 32) {
    s = plusProduct(s, v128.load(x), v128.load(y));
    t = plusProduct(t, v128.load(x, 16), v128.load(y, 16));
    y += 32;
  }
  let sum = total(f64x2.add(s, t));
  for (; x < end; x += 8) {
    sum += load<f64>(x) * load<f64>(y);
    y += 8;
  }
  return sum;
}
