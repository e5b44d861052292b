import { expect, it } from 'vitest';
import { distanceToOutline } from './run-at-pointer.ts';

it('is the distance to the nearest piece of a line, its ends included', () => {
  const line = 'M0,0L10,0L10,10M40,5L50,5';
  expect(distanceToOutline(line, 5, 3)).toBeCloseTo(3);
  expect(distanceToOutline(line, 13, 14)).toBeCloseTo(5);
  expect(distanceToOutline(line, 45, 4)).toBeCloseTo(1);
  expect(distanceToOutline('M3,4', 0, 0)).toBeCloseTo(5);
  expect(distanceToOutline('', 0, 0)).toBe(Number.POSITIVE_INFINITY);
});
