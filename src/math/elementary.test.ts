import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponent, highWord, powerOfTwo, timesPowerOfTwo, wholePower } from './elementary.ts';

describe('bits', () => {
  it('makes every normal power of two', () => {
    for (let k = -1022, p = 2 ** -1022; k <= 1023; k++, p *= 2) expect(powerOfTwo(k)).toBe(p);
  });

  it('reads the upper half of a number', () => {
    expect([highWord(1), highWord(-2), highWord(1 + 2 ** -20)]).toEqual([0x3ff00000, 0xc0000000, 0x3ff00001]);
  });

  it('finds the exponent of every finite number, subnormals included', () => {
    for (let k = -1074; k <= 1023; k++) {
      expect(exponent(timesPowerOfTwo(1, k))).toBe(k);
      expect(exponent(-timesPowerOfTwo(1, k))).toBe(k);
    }
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        fc.pre(x !== 0);
        const part = Math.abs(timesPowerOfTwo(x, -exponent(x)));
        expect(part >= 1 && part < 2).toBe(true);
      }),
    );
  });

  it('rounds into the subnormals once', () => {
    expect(timesPowerOfTwo(1.5, -1074)).toBe(2 ** -1073);
    expect(timesPowerOfTwo(1.25, -1074)).toBe(2 ** -1074);
    expect(timesPowerOfTwo(1, 1024)).toBe(Infinity);
  });
});

/** Error of a power relative to that of integers, (p/2^60)ⁿ. */
function errorOf(p: bigint, n: number): number {
  const exact = p ** BigInt(n);
  // Both sides times 2^(60·n), the power of at least 2^-400 as a whole number times 2^-912.
  const [power, scale] = [wholePower(Number(p) / 2 ** 60, n), 60n * BigInt(n)];
  const asWhole = (BigInt(power * 2 ** 512 * 2 ** 400) << scale) >> 912n;
  return Number(((asWhole - exact) * 10n ** 20n) / exact) / 1e20;
}

it('is x to the n within n roundings', () => {
  const x = fc.bigInt({ min: 2n ** 59n, max: 2n ** 60n }).map((p) => BigInt(Number(p)));
  fc.assert(
    fc.property(x, fc.integer({ min: 1, max: 400 }), (p, n) => {
      expect(Math.abs(errorOf(p, n))).toBeLessThanOrEqual(n * 2 ** -53);
    }),
  );
});

it('is what it must be at the ends, and in a test by hand', () => {
  expect(wholePower(0.9, 0)).toBe(1);
  expect(wholePower(0.9, 1)).toBe(0.9);
  expect(wholePower(0.5, 40)).toBe(2 ** -40);
  expect(wholePower(3, 13)).toBe(1594323);
  expect(wholePower(0.9, 1e6)).toBe(0);
});
