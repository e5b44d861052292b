import { describe, expect, it } from 'vitest';
import { fromHalf, roundToHalves } from './float16.ts';
import { stream } from './random.ts';

const rounded = (x: number) => roundToHalves(Float32Array.of(x))[0];
const FINITE = 0x7c00;
const positive = Float64Array.from({ length: FINITE }, (_, bits) => fromHalf(bits));

/** The nearest half of |x| by its neighbours in the list of all, and by exact distances; the even one of a tie. */
function nearest(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  const above = positive.findIndex((half) => half > size);
  // Beyond the largest the next would be 65,536.
  if (above < 0) return Math.sign(x) * (size - 65_504 >= 65_536 - size ? Number.POSITIVE_INFINITY : 65_504);
  const [low, high] = [size - positive[above - 1], positive[above] - size];
  const bits = low < high || (low === high && (above - 1) % 2 === 0) ? above - 1 : above;
  return (Object.is(x, -0) || x < 0 ? -1 : 1) * positive[bits];
}

const float32 = new Float32Array(1);
const word = new Uint32Array(float32.buffer);
/** The float32 after x > 0, away from zero or towards it. */
function beside(x: number, by: 1 | -1): number {
  float32[0] = x;
  word[0] += by;
  return float32[0];
}

describe('rounding to halves', () => {
  it('leaves all 65,536 of them as they are', () => {
    const all = Float32Array.from({ length: 65_536 }, (_, bits) => fromHalf(bits));
    expect(Array.from(roundToHalves(all.slice()), (x, bits) => Object.is(x, all[bits])).indexOf(false)).toBe(-1);
  });

  it('goes to the even one halfway between two, and to the nearer one beside that, with either sign', () => {
    const wrong: number[] = [];
    const check = (x: number, half: number) => {
      if (!Object.is(rounded(x), half) || !Object.is(rounded(-x), -half)) wrong.push(x);
    };
    for (let bits = 0; bits < FINITE; bits++) {
      const [low, high] = [positive[bits], bits + 1 < FINITE ? positive[bits + 1] : Number.POSITIVE_INFINITY];
      const middle = (low + (bits + 1 < FINITE ? high : 65_536)) / 2;
      check(middle, bits % 2 === 0 ? low : high);
      check(beside(middle, -1), low);
      check(beside(middle, 1), high);
    }
    expect(wrong).toEqual([]);
  });

  it('is nearest for numbers of all sizes, and keeps the sign of a zero, infinity and NaN', () => {
    const draw = stream(1, 'halves');
    for (let i = 0; i < 4000; i++) {
      const x = Math.fround((draw.uniform() - 0.5) * 2 ** (40 * draw.uniform() - 22));
      expect(rounded(x), String(x)).toBe(nearest(x));
    }
    expect([2 ** -25, -(2 ** -25), -0, 65_519, 65_520, -65_520, Number.NEGATIVE_INFINITY].map(rounded)).toEqual([
      0,
      -0,
      -0,
      65_504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    expect(rounded(Number.NaN)).toBeNaN();
  });

  // In Node from version 24 on.
  const own = (Math as { readonly f16round?: (x: number) => number }).f16round;
  it.skipIf(!own)('is that of the engine’s own Math.f16round', () => {
    const draw = stream(2, 'halves');
    for (let i = 0; i < 4000; i++) {
      const x = Math.fround((draw.uniform() - 0.5) * 2 ** (40 * draw.uniform() - 22));
      expect(rounded(x)).toBe(own?.(x));
    }
  });
});
