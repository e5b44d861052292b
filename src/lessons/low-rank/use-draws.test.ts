import { expect, it } from 'vitest';
import { type Draws, errorsInSubspace, SEEDS, withNextDraw } from './figures.tsx';

it('draws one seed at a time, in their order, and no more than there are', () => {
  let draws: Draws = [];
  for (const [i, seed] of SEEDS.entries()) {
    draws = withNextDraw('few', draws);
    expect(draws).toHaveLength(i + 1);
    expect(draws[i]).toEqual(errorsInSubspace('few', seed));
  }
  expect(withNextDraw('few', draws)).toBe(draws);
});
