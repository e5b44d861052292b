import type { Scaling } from '../../experiment/settings/rate.ts';
import json from './recorded.json';

export type SweptOptimiser = 'sgd' | 'adam';

/** Error over floor of rates by ranks by rules; null where the run diverged. */
export interface RateMap {
  readonly rates: readonly number[];
  readonly ranks: readonly number[];
  /** Of the best error at each rank. */
  readonly floors: readonly number[];
  readonly cells: Readonly<Record<Scaling, readonly (readonly (number | null)[])[]>>;
}

/** Runs of the lesson, three digits each; recorded.test.ts makes them again. */
export interface ScalingRecord {
  readonly ranks: readonly number[];
  /** The best relative error at each of the ranks. */
  readonly floors: readonly number[];
  /** Relative error after 100 steps at one rate, at each of the ranks. */
  readonly errors: Readonly<Record<SweptOptimiser, Readonly<Record<Scaling, readonly number[]>>>>;
  /** ‖∂L/∂B‖ at step 0, at each of the ranks. */
  readonly gradients: Readonly<Record<Scaling, readonly number[]>>;
  readonly maps: Readonly<Record<SweptOptimiser, RateMap>>;
}

export const RECORDED: ScalingRecord = json;

/** A rate counts as good where its run ends within this factor of the best of its rank. */
const GOOD = 1.1;

/** The good rates of a rank under a rule, ascending. */
export function goodRates({ rates, ranks, cells }: RateMap, rule: Scaling, rank: number): readonly number[] {
  const row = cells[rule][ranks.indexOf(rank)];
  const best = Math.min(...row.map((ratio) => ratio ?? Number.POSITIVE_INFINITY));
  return rates.filter((_, i) => (row[i] ?? Number.POSITIVE_INFINITY) <= GOOD * best);
}
