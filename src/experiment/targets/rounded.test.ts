import { expect, it } from 'vitest';
import { frobenius, subtract, toFloat32 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { roundedBlocks, roundedTimes } from './rounded.ts';

it('makes in blocks what rounding the whole gives, and measures what that changes', () => {
  for (const [rows, cols] of [
    [1, 1],
    [31, 4],
    [32, 3],
    [70, 5],
  ]) {
    const whole = gaussian(rows, cols, stream(rows, 'whole'));
    const told: number[] = [];
    const firsts: number[] = [];
    const { matrix, rounding } = roundedBlocks(
      rows,
      cols,
      (block, first) => {
        expect(block.data.every((x) => x === 0)).toBe(true);
        firsts.push(first);
        block.data.set(whole.data.subarray(first * cols, (first + block.rows) * cols));
      },
      (fraction) => told.push(fraction),
    );
    expect(matrix).toEqual(toFloat32(whole));
    expect(rounding).toBeCloseTo(frobenius(subtract(whole, matrix)), 15);
    expect(firsts[0]).toBe(0);
    expect(told.at(-1)).toBe(1);
  }
});

it('scales in float64 before it rounds', () => {
  const m = { rows: 1, cols: 1, data: Float64Array.of(1 + 2 ** -24) };
  // In float32 the entry alone would round to 1.
  expect(roundedTimes(3, m).data[0]).toBe(Math.fround(3 * (1 + 2 ** -24)));
});
