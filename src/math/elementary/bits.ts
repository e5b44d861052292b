/**
 * The bits of a float64. A DataView is big-endian unless told otherwise, whatever the machine, so the high word comes
 * first everywhere.
 */
const view = new DataView(new ArrayBuffer(8));

/** The upper 32 bits of x: sign, 11 bits of exponent, 20 bits of fraction. */
export function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getUint32(0);
}

/** 2^k exactly, for −1022 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  view.setUint32(0, (k + 1023) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
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
