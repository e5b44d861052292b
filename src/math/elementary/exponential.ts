/**
 * Elementary functions with the same bits in every browser: exp and log here, pow in power.ts.
 *
 * Math.log, exp and pow may differ between engines in the last place, and a seed must give the same matrix everywhere.
 * These are made of + − × ÷ and exact steps on the bits alone, to within about one unit in the last place. Special
 * values (NaN, ±∞, ±0, negative arguments) follow Math.*. Method: reduce the argument to a short interval, sum a series
 * there, put the exponent back (Muller, Elementary Functions, 3rd ed., 2016).
 */
import { exponent, timesPowerOfTwo } from './bits.ts';

/** ln 2 in two parts; the first has 42 bits, so that a product with an exponent is exact. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;

const INVERSE_LN2 = 1 / (LN2_HIGH + LN2_LOW);

/** e^x. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(x + c) for |c| far below |x|: the correction c carries a rounding error of x. */
export function expOfSum(x: number, c: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.79) return Infinity;
  if (x < -745.14) return 0;
  const k = Math.floor(x * INVERSE_LN2 + 0.5);
  const high = x - k * LN2_HIGH;
  const low = c - k * LN2_LOW;
  const r = high + low;
  const rest = high - r + low;
  // 1 + r + r²/2 + …: everything but 1 and r is small, so the rounding errors are too.
  return timesPowerOfTwo(1 + (r + (r * r * expSeries(r) + rest)), k);
}

/** 1/2! + r/3! + r²/4! + … for |r| ≤ 0.347, up to r¹⁴/16!. */
function expSeries(r: number): number {
  const last = 1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800 + r * expTail(r))));
  const middle = 1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * last)));
  return 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * middle)));
}

/** 1/14! + r/15! + r²/16!. */
function expTail(r: number): number {
  return 1 / 87178291200 + r * (1 / 1307674368000 + r * (1 / 20922789888000));
}

/** Natural logarithm. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  let k = exponent(x);
  let m = timesPowerOfTwo(x, -k);
  // Near √2, so that m − 1 is as small as it can be on both sides of 1.
  if (m > 1.41) {
    m *= 0.5;
    k += 1;
  }
  // ln m = 2·atanh(s) with s = f/(2 + f). Written around f, which is exact, so that only small terms are rounded.
  const f = m - 1;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  const tail = s * (half + atanhSeries(s * s));
  if (k === 0) return f - (half - tail);
  return k * LN2_HIGH - (half - (tail + k * LN2_LOW) - f);
}

/** 2·(z/3 + z²/5 + z³/7 + …) for 0 ≤ z ≤ 0.03; the first term left out is below 2^-60 of the sum. */
function atanhSeries(z: number): number {
  const high = 2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23))));
  return z * (2 / 3 + z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * high))))));
}
