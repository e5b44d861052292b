import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastUpTo } from './search.ts';

it('is the place that a search from the end finds', () => {
  const ascending = fc.uniqueArray(fc.nat(200)).map((steps) => steps.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending, fc.integer({ min: -1, max: 201 }), (steps, step) => {
      expect(lastUpTo(steps, step)).toBe(steps.findLastIndex((s) => s <= step));
    }),
  );
});
