import { describe, expect, it } from 'vitest';
import { BFLOAT16_ROUNDOFF, toBfloat16 } from './bfloat16.ts';

/** The float32 numbers of some bits. */
function float32(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

/** How many of the rounded numbers have other bits than the wanted upper halves. */
function wrong(values: Float32Array, wanted: readonly number[]): number {
  const bits = new Uint32Array(toBfloat16(values).buffer);
  return wanted.filter((upper, i) => bits[i] !== (upper << 16) >>> 0).length;
}
const round = (x: number) => toBfloat16(Float32Array.of(x))[0];
/** All upper halves but those of NaN. */
const UPPER = Array.from({ length: 65536 }, (_, i) => i).filter((i) => (i & 0x7fff) <= 0x7f80);
const FINITE = UPPER.filter((i) => (i & 0x7fff) < 0x7f80);

describe('rounding to bfloat16', () => {
  it('keeps every bfloat16 number, infinities and both zeros included', () => {
    expect(UPPER).toHaveLength(65536 - 2 * 127);
    expect(wrong(float32(UPPER.map((i) => i << 16)), UPPER)).toBe(0);
  });

  it('goes to the even neighbour from half way, and to the nearer one from anywhere else', () => {
    const cases: readonly [number, (upper: number) => number][] = [
      [0x0001, (i) => i],
      [0x7fff, (i) => i],
      [0x8000, (i) => i + (i % 2)],
      [0x8001, (i) => i + 1],
      [0xffff, (i) => i + 1],
    ];
    for (const [lower, upper] of cases) {
      const between = float32(FINITE.map((i) => (i << 16) | lower));
      expect(wrong(between, FINITE.map(upper)), `lower half ${lower}`).toBe(0);
    }
  });

  it('keeps NaN whatever its bits, and infinity', () => {
    const nans = [0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000, 0x7f80ffff];
    for (const x of toBfloat16(float32(nans))) expect(x).toBeNaN();
    expect(round(Infinity)).toBe(Infinity);
    expect(round(-3.4e38)).toBe(-Infinity);
    expect(round(3.39e38)).toBeLessThan(Infinity);
  });

  it('errs by at most the unit roundoff, and reaches it', () => {
    let largest = 0;
    for (let x = 1; x < 2; x += 2 ** -12) largest = Math.max(largest, Math.abs(round(x) - x) / x);
    expect(largest).toBeLessThanOrEqual(BFLOAT16_ROUNDOFF);
    expect(largest).toBeGreaterThan(0.99 * BFLOAT16_ROUNDOFF);
    expect(round(1 + 2 ** -8)).toBe(1);
    expect(round(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
  });

  it('copies', () => {
    const x = Float32Array.of(1.001);
    toBfloat16(x);
    expect(x[0]).toBe(Math.fround(1.001));
  });
});
