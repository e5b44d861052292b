/**
 * The bits of a float64. A DataView is big-endian by default on any machine, so the high word comes first everywhere.
 */
const view = new DataView(new ArrayBuffer(8));

/** The upper 32 bits of x: sign, 11 bits of exponent, 20 bits of fraction. */
export function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getUint32(0);
}

const POWERS = Float64Array.from({ length: 2046 }, (_, i) => {
  view.setUint32(0, (i + 1) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
});

/** 2^k exactly, for −1022 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  return POWERS[k + 1022];
}

/** x·2^k for |k| ≤ 2044, rounded at most once (into the subnormals or to infinity) for x near 1. */
export function timesPowerOfTwo(x: number, k: number): number {
  const half = k >> 1;
  return x * powerOfTwo(half) * powerOfTwo(k - half);
}

/** floor(log2 |x|) for finite x ≠ 0. */
export function exponent(x: number): number {
  const biased = (highWord(x) >>> 20) & 0x7ff;
  if (biased !== 0) return biased - 1023;
  // A subnormal: 2^54 brings it into the normal range.
  return ((highWord(x * 18014398509481984) >>> 20) & 0x7ff) - 1023 - 54;
}

/**
 * Elementary functions with the same bits in every browser: exp, log, pow, sin and cos.
 *
 * Math.log, exp, pow, sin and cos may differ between engines in the last place, and a seed must give the same matrix everywhere.
 * These are made of + − × ÷ and exact steps on the bits alone, to within about one unit in the last place. Special
 * values (NaN, ±∞, ±0, negative arguments) follow Math.*. Method: reduce the argument to a short interval, sum a series
 * there, put the exponent back (Muller, Elementary Functions, 3rd ed., 2016).
 */

/** ln 2 in two parts; the first has 42 bits, so that a product with an exponent is exact. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;

const INVERSE_LN2 = 1 / (LN2_HIGH + LN2_LOW);

/** e^x. */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(x + c) for |c| far below |x|: the correction c carries a rounding error of x. */
function expOfSum(x: number, c: number): number {
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

/**
 * A number as an unevaluated sum high + low, about 106 bits. x^y multiplies ln x by y, up to 745, and so needs ten more
 * bits of the logarithm than a float64 holds (Dekker, Numerische Mathematik 18, 1971).
 */
interface Double {
  readonly high: number;
  readonly low: number;
}

const SPLITTER = 134217729; // 2^27 + 1
// biome-ignore lint/suspicious/noApproximativeNumericConstant: these bits must not be an engine's choice
const LN2: Double = { high: 0.6931471805599453, low: 2.3190468138462996e-17 };

/** a + b for |a| ≥ |b|, exactly. */
function quickSum(a: number, b: number): Double {
  const high = a + b;
  return { high, low: b - (high - a) };
}

/** a + b exactly, whichever is larger. */
function exactSum(a: number, b: number): Double {
  const high = a + b;
  const t = high - a;
  return { high, low: a - (high - t) + (b - t) };
}

/** a·b exactly, for factors well inside the range of exponents. */
function exactProduct(a: number, b: number): Double {
  const p = a * SPLITTER;
  const a1 = p - (p - a);
  const a0 = a - a1;
  const q = b * SPLITTER;
  const b1 = q - (q - b);
  const b0 = b - b1;
  const high = a * b;
  return { high, low: a1 * b1 - high + a1 * b0 + a0 * b1 + a0 * b0 };
}

function add(a: Double, b: Double): Double {
  const s = exactSum(a.high, b.high);
  return quickSum(s.high, s.low + (a.low + b.low));
}

function times(a: Double, b: Double): Double {
  const p = exactProduct(a.high, b.high);
  return quickSum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

function over(a: Double, b: Double): Double {
  const q = a.high / b.high;
  const p = times({ high: q, low: 0 }, b);
  return quickSum(q, (a.high - p.high - p.low + a.low) / b.high);
}

/** ln x in double-double, for finite x > 0. */
function logDouble(x: number): Double {
  let k = exponent(x);
  let m = timesPowerOfTwo(x, -k);
  if (m > 1.41) {
    m *= 0.5;
    k += 1;
  }
  // ln m = 2·(s + s³/3 + s⁵/5 + …) with s = (m − 1)/(m + 1) and s² < 0.03: 18 terms leave less than 2^-90.
  const s = over({ high: m - 1, low: 0 }, exactSum(m, 1));
  const z = times(s, s);
  let sum: Double = { high: 0, low: 0 };
  for (let n = 35; n >= 1; n -= 2) sum = add(times(sum, z), over({ high: 2, low: 0 }, { high: n, low: 0 }));
  return add(times({ high: k, low: 0 }, LN2), times(sum, s));
}

/** x^y, with the special values of Math.pow. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x);
  const odd = Math.abs(y) < 9007199254740992 && Math.abs(y % 2) === 1;
  const negative = odd && (x < 0 || (x === 0 && 1 / x < 0));
  if (Math.abs(y) === Infinity) {
    if (size === 1) return Number.NaN;
    return size > 1 === y > 0 ? Infinity : 0;
  }
  if (x < 0 && size !== Infinity && y !== Math.floor(y)) return Number.NaN;
  const value = sizeOfPower(size, y);
  return negative ? -value : value;
}

/** x^y for x ≥ 0 and finite y ≠ 0. */
function sizeOfPower(x: number, y: number): number {
  if (x === 0 || x === Infinity) return (x === 0) === y > 0 ? 0 : Infinity;
  if (x === 1) return 1;
  const logarithm = logDouble(x);
  const estimate = logarithm.high * y;
  if (estimate > 710) return Infinity;
  if (estimate < -746) return 0;
  // Below 1e-30 in size the power is 1 in float64; this also keeps the exact product clear of subnormals and overflow.
  if (Math.abs(estimate) < 1e-30) return 1;
  if (Math.abs(y) > 1e290 || Math.abs(y) < 1e-270) return expOfSum(estimate, 0);
  const product = times(logarithm, { high: y, low: 0 });
  return expOfSum(product.high, product.low);
}

/** π/2 in three parts (fdlibm): the first two have 33 bits, so that their products with n < 2²⁰ are exact. */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;
const INVERSE_HALF_PI = 0.6366197723675814;

/** 1/(m!) − z/(m + 2)! + z²/(m + 4)! − …, 9 terms: m = 0 for the cosine of √z, m = 1 for its sine over √z; |z| ≤ 0.62. */
function turnSeries(z: number, m: 0 | 1): number {
  let sum = 1;
  for (let i = 16; i >= 2; i -= 2) sum = 1 - (z * sum) / ((i + m) * (i + m - 1));
  return sum;
}

/** sin(x + turns·π/2) for |x| < 10⁶ and whole turns; NaN beyond. */
function turned(x: number, turns: number): number {
  if (!(Math.abs(x) < 1e6)) return Number.NaN;
  const n = Math.floor(x * INVERSE_HALF_PI + 0.5);
  const r = x - n * HALF_PI[0] - n * HALF_PI[1] - n * HALF_PI[2];
  const quarter = (n + turns) & 3;
  const value = quarter & 1 ? turnSeries(r * r, 0) : r * turnSeries(r * r, 1);
  return quarter & 2 ? -value : value;
}

/** Sine of |x| < 10⁶; NaN beyond. */
export const sin = (x: number): number => turned(x, 0);

/** Cosine of |x| < 10⁶; NaN beyond. */
export const cos = (x: number): number => turned(x, 1);

/**
 * xⁿ for whole n ≥ 0, by squaring: the same bits in every browser, where x ** n is the engine's own choice. A result and
 * what it is made of are rounded about n times in all, so it is within n·2⁻⁵³ of itself: quick, and exact enough for decays.
 */
export function wholePower(x: number, n: number): number {
  let power = 1;
  for (let square = x, left = n; left > 0; square *= square, left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= square;
  }
  return power;
}
