/**
 * Elementary functions of float64 numbers in integers of any length, to test exp, log and pow against. Slow, and right
 * to hundreds of bits: plain series.
 */

/** A real number value·2^-P. */
type Fixed = bigint;
const P = 2400n;
const ONE = 1n << P;

/** x exactly, as fraction·2^exponent. */
function parts(x: number): { fraction: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  return { fraction: x < 0 ? -fraction : fraction, exponent: Math.max(biased, 1) - 1075 };
}

/** x·2^P; exact for every float64, since P exceeds 1074. */
function exact(x: number): Fixed {
  const { fraction, exponent } = parts(x);
  return fraction << (P + BigInt(exponent));
}

/** Number of units in the last place of y between y and the true value. */
export function ulpDistance(y: number, value: Fixed): number {
  const unit = 1n << (P + BigInt(parts(y).exponent));
  return Math.abs(Number(((exact(y) - value) * 1000000n) / unit)) / 1e6;
}

/** 2·atanh(a/b) = ln((b + a)/(b − a)). */
function twiceAtanh(a: Fixed, b: Fixed): Fixed {
  const z = (a << P) / b;
  const square = (z * z) >> P;
  let sum = 0n;
  for (let term = z, n = 1n; term !== 0n; term = (term * square) / ONE, n += 2n) sum += term / n;
  return 2n * sum;
}

const LN2 = twiceAtanh(1n, 3n);

/** ln x for finite x > 0. */
export function exactLog(x: number): Fixed {
  let m = exact(x);
  let k = 0n;
  while (m > (ONE * 3n) / 2n) {
    m >>= 1n; // Exact: a float64 has 53 bits, and P leaves more than a thousand below them.
    k++;
  }
  while (m < (ONE * 3n) / 4n) {
    m <<= 1n;
    k--;
  }
  return k * LN2 + twiceAtanh(m - ONE, m + ONE);
}

/** e^v, for results inside the range of float64. */
function expOfFixed(v: Fixed): Fixed {
  const k = v / LN2;
  const r = v - k * LN2;
  let sum = 0n;
  for (let term = ONE, n = 1n; term !== 0n; term = (term * r) / (n * ONE), n++) sum += term;
  return k >= 0n ? sum << k : sum >> -k;
}

export const exactExp = (x: number): Fixed => expOfFixed(exact(x));

/** x^y for finite x > 0. */
export const exactPow = (x: number, y: number): Fixed => expOfFixed((exact(y) * exactLog(x)) >> P);
