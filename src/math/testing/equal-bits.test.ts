import { expect, it } from 'vitest';

const numbers = (last: number) => Float32Array.of(0.1, Number.NaN, last);

it('typed arrays are equal by their numbers, alone and inside of others, and by their kind', () => {
  expect(numbers(2)).toEqual(numbers(2));
  expect({ A: [numbers(2)] }).toEqual({ A: [numbers(2)] });
  expect(numbers(2)).not.toEqual(numbers(2.0000002));
  expect({ A: [numbers(2)] }).not.toEqual({ A: [numbers(3)] });
  expect(numbers(2)).not.toEqual(Float32Array.of(0.1, Number.NaN));
  expect(Uint8Array.of(1)).not.toEqual(Int8Array.of(1));
  expect(Float32Array.of(0)).not.toEqual(Float32Array.of(-0));
  expect(new Float64Array([0, 1, 2]).subarray(1)).toEqual(Float64Array.of(1, 2));
});

it('there is one test of bits in a process, however many files it runs', () => {
  const known = Reflect.get(globalThis, Symbol.for('$$jest-matchers-object')) as { customEqualityTesters: unknown[] };
  expect(known.customEqualityTesters).toHaveLength(1);
});
