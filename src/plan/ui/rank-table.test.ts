import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sliderPlace, sliderRanks } from './rank-table.tsx';

it('the slider goes from frozen to the largest rank, and stands at the last place that is not above a rank', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(), (largest, any) => {
      const ranks = sliderRanks(largest);
      expect([ranks[0], ranks.at(-1)]).toEqual([0, largest]);
      expect(ranks.every((rank, i) => i === 0 || rank > (ranks[i - 1] ?? 0))).toBe(true);
      const rank = any % (largest + 1);
      const at = sliderPlace(rank, ranks);
      expect(ranks[at]).toBeLessThanOrEqual(rank);
      expect(ranks[at + 1] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(rank);
    }),
  );
});
