/** The number of 16 bits in IEEE 754 half precision: a sign, five bits of exponent, ten of fraction. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return (sign * fraction) / (1 << 24);
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  const whole = sign * (1024 + fraction);
  return exponent > 25 ? whole * (1 << (exponent - 25)) : whole / (1 << (25 - exponent));
}

/** 65,520 and 2⁻¹⁴ as the bits of a float32: from the first on the nearest half is infinite, below the other subnormal. */
const [INFINITE, SUBNORMAL] = [0x477ff000, 0x38800000];
/** 1.5·2²⁸: float64 numbers near it lie 2⁻²⁴ apart, as subnormal halves do. */
const GRID = 402_653_184;

/**
 * Rounds float32 numbers, in place, to the nearest of half precision, ties to the one whose last bit is zero: the largest
 * is 65,504, from 65,520 on they are infinite, and up to 2⁻²⁵ they are zero. Signs of zeros are kept, NaN stays NaN.
 */
export function roundToHalves(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i];
    const size = word & 0x7fffffff;
    if (size >= SUBNORMAL && size < INFINITE) {
      // Carrying into the exponent is what rounding up to the next power of two means.
      bits[i] = (word + 0xfff + ((word >>> 13) & 1)) & 0xffffe000;
    } else if (size < SUBNORMAL) {
      values[i] = values[i] + GRID - GRID;
      bits[i] |= word & 0x80000000;
    } else if (size < 0x7f800000) {
      bits[i] = (word & 0x80000000) | 0x7f800000;
    }
  }
  return values;
}
