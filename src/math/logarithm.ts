import { exponent, timesPowerOfTwo } from './bits.ts';

/** ln 2 in two parts; the first has 42 bits, so that a product with an exponent is exact. */
export const LN2_HIGH = 0.6931471805598903;
export const LN2_LOW = 5.497923018708371e-14;

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
