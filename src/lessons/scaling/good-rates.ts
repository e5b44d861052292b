import type { Scaling } from '../../experiment/settings/scaling.ts';
import type { RateMap } from './recorded.ts';

/** A rate counts as good where its run ends within this factor of the best of its rank. */
export const GOOD = 1.1;

/** The good rates of a rank under a rule, ascending. */
export function goodRates({ rates, ranks, cells }: RateMap, rule: Scaling, rank: number): readonly number[] {
  const row = cells[rule][ranks.indexOf(rank)];
  const best = Math.min(...row.map((ratio) => ratio ?? Number.POSITIVE_INFINITY));
  return rates.filter((_, i) => (row[i] ?? Number.POSITIVE_INFINITY) <= GOOD * best);
}
