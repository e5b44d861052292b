import { timesPowerOfTwo } from './bits.ts';
import { LN2_HIGH, LN2_LOW } from './logarithm.ts';

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
