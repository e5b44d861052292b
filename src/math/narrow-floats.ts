import { powerOfTwo } from './elementary.ts';

/** Rounding of float32 numbers to fewer bits, ties to the one whose last bit is zero. Numbers stay in float32. */

/**
 * Rounds float32 numbers, in place, to bfloat16, the upper half of a float32 (8 bits of exponent, 7 of fraction). From
 * 2^128·(1 − 2^-9) on the result is infinite; NaN stays NaN.
 */
export function roundToBfloats(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i];
    // Carrying into the exponent is what rounding up to the next power of two means. A NaN whose fraction lies in the
    // lower half alone would become infinity, or roll over into zero, and gets the quiet bit instead.
    if ((word & 0x7fffffff) > 0x7f800000) bits[i] = (word | 0x00400000) & 0xffff0000;
    else bits[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
  return values;
}

/** The two float8 types of files: bits of the fraction, least exponent of a normal number, largest number. */
const EIGHTS = {
  F8_E4M3: { fraction: 3, least: -6, largest: 448 },
  F8_E5M2: { fraction: 2, least: -14, largest: 57344 },
} as const;
export type EightType = keyof typeof EIGHTS;

/** Rounds float32 numbers, in place, to float8. What is beyond the largest number after rounding is NaN. */
export function roundToEights(values: Float32Array, type: EightType): Float32Array {
  const { fraction, least, largest } = EIGHTS[type];
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const cut = 23 - fraction;
  const [below, keep] = [powerOfTwo(cut - 1) - 1, ~(powerOfTwo(cut) - 1)];
  const smallest = powerOfTwo(least);
  // float64 numbers near it lie 2^(least − fraction) apart, as subnormal ones of the type do.
  const grid = 1.5 * powerOfTwo(52 + least - fraction);
  for (let i = 0; i < bits.length; i++) {
    const size = Math.abs(values[i]);
    if (size < smallest) {
      const sign = bits[i] & 0x80000000;
      values[i] = size + grid - grid;
      bits[i] |= sign;
    } else {
      bits[i] = (bits[i] + below + ((bits[i] >>> cut) & 1)) & keep;
      if (!(Math.abs(values[i]) <= largest)) values[i] = Number.NaN;
    }
  }
  return values;
}
