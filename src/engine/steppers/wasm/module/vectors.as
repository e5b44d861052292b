/** A few instructions that belong together: four float32 numbers or two float64 ones at a time. */

/** sum + x·y: rounded once if the build has relaxed SIMD and the processor has fused multiply-add, else twice. */
@inline
export function plusProduct32(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
}

@inline
export function plusProduct64(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(x, y, sum) : f64x2.add(sum, f64x2.mul(x, y));
}

/** The first two and the last two of four float32 numbers, as float64. */
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}

/** Two float32 numbers as float64, and back. */
@inline
export function load2(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load_zero<u64>(at));
}

@inline
export function store2(at: usize, x: v128): void {
  v128.store_lane<u64>(at, f32x4.demote_f64x2_zero(x), 0);
}

/** Four float64 numbers as float32. */
@inline
export function store4(at: usize, x: v128, y: v128): void {
  const l = f32x4.demote_f64x2_zero(x);
  const h = f32x4.demote_f64x2_zero(y);
  v128.store(at, i8x16.shuffle(l, h, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
}

@inline
export function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Adds four float32 sums to four float64 ones: the contribution of a tile to a gradient. */
@inline
export function collect(at: usize, sums: v128): void {
  v128.store(at, f64x2.add(v128.load(at), low(sums)));
  v128.store(at, f64x2.add(v128.load(at, 16), high(sums)), 16);
}
