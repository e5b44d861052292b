import { expect, it } from 'vitest';
import { median } from './median.ts';

it('is the middle number, or the mean of the middle two, and leaves the list as it is', () => {
  const list = [4, 1, 2, 3];
  expect([median([3, 1, 2]), median(list), median([7])]).toEqual([2, 2.5, 7]);
  expect(list).toEqual([4, 1, 2, 3]);
});
