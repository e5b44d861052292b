import { exponent, timesPowerOfTwo } from './bits.ts';
import { expOfSum } from './exponential.ts';

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
