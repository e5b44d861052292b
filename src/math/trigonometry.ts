import { exponent, timesPowerOfTwo } from './bits.ts';

/** π/2 in four parts. Three have 33 bits, so that their products with a quadrant number below 2^20 are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;
const TWO_OVER_PI = 0.6366197723675814;
const QUARTER_PI = 0.7853981633974483;
/** Above this size the argument is reduced in whole numbers of any length: slow, exact, and rarely needed. */
const LARGE = 1e6;

/** An angle as quadrant·π/2 + r + c, with |r| ≤ π/4 and c the part of it that r cannot hold. */
interface Reduced {
  readonly quadrant: number;
  readonly r: number;
  readonly c: number;
}

/** Sine of x radians. */
export function sin(x: number): number {
  if (x - x !== 0) return Number.NaN;
  const { quadrant, r, c } = reduce(x);
  if (quadrant === 0) return sinKernel(r, c);
  if (quadrant === 1) return cosKernel(r, c);
  return quadrant === 2 ? -sinKernel(r, c) : -cosKernel(r, c);
}

/** Cosine of x radians. */
export function cos(x: number): number {
  if (x - x !== 0) return Number.NaN;
  const { quadrant, r, c } = reduce(x);
  if (quadrant === 0) return cosKernel(r, c);
  if (quadrant === 1) return -sinKernel(r, c);
  return quadrant === 2 ? -cosKernel(r, c) : sinKernel(r, c);
}

/** sin(r + c): r, then terms at most a tenth of it. The series is 1/3! − z/5! + z²/7! − … with z = r². */
function sinKernel(r: number, c: number): number {
  const z = r * r;
  const tail = 1 / 6227020800 - z * (1 / 1307674368000 - z * (1 / 355687428096000 - z / 121645100408832000));
  const series = 1 / 6 - z * (1 / 120 - z * (1 / 5040 - z * (1 / 362880 - z * (1 / 39916800 - z * tail))));
  return r - (r * z * series - c * (1 - 0.5 * z));
}

/** cos(r + c) = 1 − z/2 + z²·(1/4! − z/6! + …) with z = r²; what 1 − z/2 rounds off is found exactly and added back. */
function cosKernel(r: number, c: number): number {
  const z = r * r;
  const tail = 1 / 87178291200 - z * (1 / 20922789888000 - z * (1 / 6402373705728000 - z / 2432902008176640000));
  const series = 1 / 24 - z * (1 / 720 - z * (1 / 40320 - z * (1 / 3628800 - z * (1 / 479001600 - z * tail))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * z * series - r * c));
}

function reduce(x: number): Reduced {
  const size = Math.abs(x);
  if (size <= QUARTER_PI) return { quadrant: 0, r: x, c: 0 };
  const { quadrant, r, c } = size < LARGE ? reduceMedium(size) : reduceLarge(size);
  return x > 0 ? { quadrant, r, c } : { quadrant: (4 - quadrant) % 4, r: -r, c: -c };
}

/** For π/4 < x < 1e6, after Cody and Waite (1980): subtract n·π/2 part by part and keep what each step rounds off. */
function reduceMedium(x: number): Reduced {
  const n = Math.floor(x * TWO_OVER_PI + 0.5);
  const first = x - n * HALF_PI_1;
  const p2 = n * HALF_PI_2;
  const second = first - p2;
  const lost2 = difference(first, p2, second);
  const p3 = n * HALF_PI_3;
  const third = second - p3;
  const lost3 = difference(second, p3, third);
  const low = lost2 + lost3 - n * HALF_PI_4;
  const r = third + low;
  return { quadrant: n % 4, r, c: third - r + low };
}

/** What was rounded off in d = a − b, exactly. */
function difference(a: number, b: number, d: number): number {
  const t = d - a;
  return a - (d - t) - (b + t);
}

/** Bits after the point in 2/π: 1,024 for the largest exponent, 53 for the fraction, and room for cancellation. */
const PRECISION = 1280;
let twoOverPi = 0n;
let halfPi = 0n;

/** For x ≥ 1e6, after Payne and Hanek (1983): x·2/π modulo 4 in whole numbers. */
function reduceLarge(x: number): Reduced {
  if (twoOverPi === 0n) {
    const pi = 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n);
    twoOverPi = (2n << BigInt(2 * PRECISION + 64)) / pi;
    halfPi = pi >> BigInt(PRECISION + 64 - 250 + 1);
  }
  const e = exponent(x) - 52;
  const fraction = BigInt(timesPowerOfTwo(x, -e));
  const places = BigInt(PRECISION - e);
  const product = BigInt.asUintN(PRECISION - e + 2, fraction * twoOverPi);
  const half = 1n << (places - 1n);
  const n = (product + half) >> places;
  const remainder = (product - (n << places)) >> (places - 250n);
  const angle = (remainder * halfPi) >> 250n;
  const high = Number(angle);
  const low = Number(angle - BigInt(high));
  return { quadrant: Number(n & 3n), r: timesPowerOfTwo(high, -250), c: timesPowerOfTwo(low, -250) };
}

/** arctan(1/n)·2^(PRECISION + 64), for Machin's formula π = 16·arctan(1/5) − 4·arctan(1/239). */
function arctanOfInverse(n: bigint): bigint {
  let term = (1n << BigInt(PRECISION + 64)) / n;
  let sum = term;
  for (let k = 3n, sign = -1n; term !== 0n; k += 2n, sign = -sign) {
    term /= n * n;
    sum += (sign * term) / k;
  }
  return sum;
}
