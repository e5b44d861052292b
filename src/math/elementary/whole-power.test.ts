import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wholePower } from './whole-power.ts';

/** How far a power is from that of whole numbers, (p/2^60)ⁿ, as a share of it. */
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
