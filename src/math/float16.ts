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
