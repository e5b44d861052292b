import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponent, highWord, powerOfTwo, timesPowerOfTwo } from './bits.ts';

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
