/** Standard normal numbers by the polar method from xoshiro128**, as math/random.ts draws them. */

const LN2_HIGH: f64 = 0.6931471805598903;
const LN2_LOW: f64 = 5.497923018708371e-14;

/** Pairs of a round, whose squares stay in the processor's cache. */
const ROUND: i32 = 128;

@inline
function series(z: v128, a: f64, rest: v128): v128 {
  return f64x2.add(f64x2.splat(a), f64x2.mul(z, rest));
}

/**
 * log of math/elementary.ts for two 0 < x < 1 that are no subnormal numbers, which a sum of squares of multiples of 2⁻⁵²
 * is not. With k = 0 its last line has the bits of f − (half − tail), since 0 − (h − f) is f − h.
 */
@inline
function log(x: v128): v128 {
  const one = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000));
  const high = f64x2.gt(one, f64x2.splat(1.41));
  const m = v128.bitselect(f64x2.mul(one, f64x2.splat(0.5)), one, high);
  // A mask is −1 where it holds.
  const biased = i64x2.sub(i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023)), high);
  const k = f64x2.convert_low_i32x4_s(i8x16.shuffle(biased, biased, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11));
  const f = f64x2.sub(m, f64x2.splat(1));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const z = f64x2.mul(s, s);
  const end = f64x2.mul(z, f64x2.splat(2.0 / 23));
  const upper = series(z, 2.0 / 15, series(z, 2.0 / 17, series(z, 2.0 / 19, f64x2.add(f64x2.splat(2.0 / 21), end))));
  const middle = series(z, 2.0 / 9, series(z, 2.0 / 11, series(z, 2.0 / 13, upper)));
  const lower = f64x2.mul(z, series(z, 2.0 / 3, series(z, 2.0 / 5, series(z, 2.0 / 7, middle))));
  const tail = f64x2.mul(s, f64x2.add(half, lower));
  const rest = f64x2.sub(f64x2.sub(half, f64x2.add(tail, f64x2.mul(k, f64x2.splat(LN2_LOW)))), f);
  return f64x2.sub(f64x2.mul(k, f64x2.splat(LN2_HIGH)), rest);
}

/** The next `count` words of the generator, each of 32 bits. */
function words(to: usize, count: i32, state: usize): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  const end = to + (<usize>count << 2);
  for (; to < end; to += 4) {
    store<u32>(to, rotl<u32>(b * 5, 7) * 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotl<u32>(d, 11);
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, d, 12);
}

/** The point of four words: 2·uniform − 1 in both lanes. */
@inline
function point(at: usize): v128 {
  const four = v128.load(at);
  const high = f64x2.convert_low_i32x4_u(
    i32x4.shr_u(i8x16.shuffle(four, four, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11), 5),
  );
  const low = f64x2.convert_low_i32x4_u(
    i32x4.shr_u(i8x16.shuffle(four, four, 4, 5, 6, 7, 12, 13, 14, 15, 4, 5, 6, 7, 12, 13, 14, 15), 6),
  );
  const word = f64x2.add(f64x2.mul(high, f64x2.splat(67108864)), low);
  const uniform = f64x2.mul(word, f64x2.splat(1.1102230246251565e-16));
  return f64x2.sub(f64x2.mul(f64x2.splat(2), uniform), f64x2.splat(1));
}

/**
 * `pairs` pairs of numbers from the four words at `state`, which move on. `squares` has room for a round, `drawn` for
 * the words of one. As many points are drawn as are wanted, then as many as of these were outside the unit disc: never
 * one too many. Their lengths come after, two at a time.
 */
export function draw(to: usize, pairs: i32, state: usize, squares: usize, drawn: usize): void {
  for (let left = pairs; left > 0; left -= ROUND) {
    const count = min(left, ROUND);
    const end = to + (<usize>count << 4);
    let square = squares;
    for (let at = to; at < end; ) {
      const wanted = <i32>((end - at) >> 4);
      words(drawn, wanted << 2, state);
      for (let i: i32 = 0; i < wanted; i++) {
        const p = point(drawn + (<usize>i << 4));
        const both = f64x2.mul(p, p);
        const sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
        // A point outside is written, too, and the next one takes its place.
        v128.store(at, p);
        store<f64>(square, sum);
        const inside = <usize>(sum < 1) & <usize>(sum > 0);
        at += inside << 4;
        square += inside << 3;
      }
    }
    if (count & 1) store<f64>(square, 0.5);
    for (let i: i32 = 0; i < count; i += 2) {
      const sum = v128.load(squares + (<usize>i << 3));
      const factor = f64x2.sqrt(f64x2.div(f64x2.mul(f64x2.splat(-2), log(sum)), sum));
      const one = i8x16.shuffle(factor, factor, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
      v128.store(to, f64x2.mul(v128.load(to), one));
      if (i + 1 < count) {
        const other = i8x16.shuffle(factor, factor, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
        v128.store(to, f64x2.mul(v128.load(to, 16), other), 16);
      }
      to += 32;
    }
    to = end;
  }
}
