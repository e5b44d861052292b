import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../math/matrix.ts';
import { leadingValues } from '../../math/spectral/leading-values.ts';
import { withValues } from '../../math/testing/hard-cases.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { floorFromValues, floorOf, floorUncertainty, stepNearFloor } from './floor.ts';

const list = (n: number, value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));
const normOf = (values: Float64Array) => Math.sqrt([...values].reverse().reduce((sum, x) => sum + x * x, 0));

describe('what is open of a floor from leading values', () => {
  const found = (values: Float64Array) => {
    const spectrum = { ...leadingValues(toFloat32(withValues(500, 480, [...values])), 64), how: 'leading' as const };
    const norm = normOf(values);
    return {
      floor: floorFromValues(spectrum, norm),
      open: floorUncertainty(spectrum, norm) ?? new Float64Array(0),
      wanted: floorOf(values),
    };
  };

  it.each(
    partOf<[string, Float64Array, boolean]>(
      [
        ['many nearly equal values', list(480, (i) => 1 - 0.001 * Math.floor(i / 31)), true],
        ['a slope', list(480, (i) => 1 - i * 1e-4), true],
        ['a fast decay', list(480, (i) => 0.9 ** i), false],
        ['equal values over a small rest', list(480, (i) => (i < 20 ? 1 : 0.01 * 0.95 ** (i - 20))), false],
      ],
      4,
    ),
  )('of %s reaches down to the true one, and no further than it must', (_, values, inDoubt) => {
    const { floor, open, wanted } = found(values);
    for (const [i, at] of floor.entries()) {
      // Entries are rounded to float32.
      expect(at - wanted[i]).toBeGreaterThan(-1e-6);
      expect(at - open[i] - wanted[i]).toBeLessThan(1e-6);
      expect(open[i]).toBeLessThan(inDoubt ? 0.01 : 1e-4);
    }
    expect(open[0]).toBe(0);
    // The leading ones have settled nevertheless.
    expect(open[4]).toBeLessThan(1e-8);
    if (inDoubt) expect(floor[64] - wanted[64]).toBeGreaterThan(1e-5);
  });

  it('is nothing where all values are known', () => {
    expect(floorUncertainty({ values: Float64Array.of(2, 1), how: 'computed' }, Math.sqrt(5))).toBeNull();
  });
});

describe('the floor', () => {
  it('of known values is √ of the energy beyond, over the norm', () => {
    expect([...floorOf(Float64Array.of(4, 3))]).toEqual([1, 0.6, 0]);
    expect([...floorOf(new Float64Array(2))]).toEqual([0, 0, 0]);
  });

  it.each([
    ['power law', list(300, (i) => 1 / (i + 1)), 1e-12],
    ['flat', list(300, () => 0.5), 1e-12],
    // The rest is 10⁻⁶ of the norm, its square 10⁻¹² of the whole: four digits are lost of the last of them.
    ['geometric', list(300, (i) => 0.8 ** i), 1e-3],
  ])('of a %s whose leading values alone are known is the same as far as they go', (_, all, tolerance) => {
    const found = floorFromValues({ values: all.slice(0, 64), how: 'leading' }, normOf(all));
    const wanted = floorOf(all);
    expect(found).toHaveLength(65);
    for (const [i, floor] of found.entries()) expect(Math.abs(floor / wanted[i] - 1)).toBeLessThan(tolerance);
  });

  it('never leaves 0 … 1 nor rises, also where rounding has the known values outweigh the norm', () => {
    for (const norm of [Math.sqrt(2) * (1 - 1e-12), Math.sqrt(2), 2]) {
      const found = floorFromValues({ values: Float64Array.of(1, 1), how: 'leading' }, norm);
      expect(found[0]).toBe(1);
      for (const [i, x] of found.entries()) expect(x >= 0 && x <= 1 && (i === 0 || x <= found[i - 1])).toBe(true);
    }
    expect([...floorFromValues({ values: new Float64Array(2), how: 'leading' }, 0)]).toEqual([0, 0, 0]);
  });
});

it('is near from the first step on at which the error is at most 5% above it, whatever comes later', () => {
  const error = [1, 0.4, 0.104, 0.2, 0.1];
  expect(stepNearFloor(error, 4, 0.1)).toBe(2);
  expect(stepNearFloor(error, 1, 0.1)).toBeNull();
  expect(stepNearFloor(error, 4, 0.096)).toBe(4);
  expect(stepNearFloor([1, 0], 1, 0)).toBeNull();
  expect(stepNearFloor(error, 4, null)).toBeNull();
});
