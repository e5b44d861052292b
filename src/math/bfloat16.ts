/**
 * bfloat16 is the upper half of a float32: its sign, its 8 bits of exponent and the first 7 of its 23 bits of fraction.
 * Numbers stay in float32 here, rounded to those that bfloat16 has.
 */

/** Half a unit in the last place of bfloat16, as a share of the number: its unit roundoff. */
export const BFLOAT16_ROUNDOFF = 0.00390625; // 2^-8

/**
 * Each value rounded to the nearest bfloat16, ties to the one whose last bit is zero. From 2^128·(1 − 2^-9) on the
 * result is infinite; NaN stays NaN. A copy of the same length.
 */
export function toBfloat16(values: Float32Array): Float32Array {
  const rounded = new Float32Array(values);
  const bits = new Uint32Array(rounded.buffer);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i];
    // Carrying into the exponent is what rounding up to the next power of two means. A NaN whose fraction lies in the
    // lower half alone would become infinity, or roll over into zero, and gets the quiet bit instead.
    if ((word & 0x7fffffff) > 0x7f800000) bits[i] = (word | 0x00400000) & 0xffff0000;
    else bits[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
  return rounded;
}
