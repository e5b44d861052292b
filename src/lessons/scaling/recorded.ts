import type { Scaling } from '../../experiment/settings/rate.ts';
import { lessonValue } from '../pane/values.tsx';
import json from './recorded.json';

export type SweptOptimiser = 'sgd' | 'adam';

/** Error over floor of rates by ranks by rules; null if the run diverged. */
export interface RateMap {
  readonly rates: readonly number[];
  readonly ranks: readonly number[];
  /** Floor of the best error at each rank. */
  readonly floors: readonly number[];
  readonly cells: Readonly<Record<Scaling, readonly (readonly (number | null)[])[]>>;
}

/** Runs of the lesson to three digits; recorded.test.ts trains them again. */
export interface ScalingRecord {
  readonly ranks: readonly number[];
  /** Lowest reachable relative error, by rank. */
  readonly floors: readonly number[];
  /** Relative error after 100 steps at one rate, by rank. */
  readonly errors: Readonly<Record<SweptOptimiser, Readonly<Record<Scaling, readonly number[]>>>>;
  /** ‖∂L/∂B‖ at step 0, by rank. */
  readonly gradients: Readonly<Record<Scaling, readonly number[]>>;
  readonly maps: Readonly<Record<SweptOptimiser, RateMap>>;
}

export const RECORDED: ScalingRecord = json;

/** A rate is good if its run ends within this factor of the best of its rank. */
const GOOD = 1.1;

/** Ascending. */
export function goodRates({ rates, ranks, cells }: RateMap, rule: Scaling, rank: number): readonly number[] {
  const row = cells[rule][ranks.indexOf(rank)];
  const best = Math.min(...row.map((ratio) => ratio ?? Number.POSITIVE_INFINITY));
  return rates.filter((_, i) => (row[i] ?? Number.POSITIVE_INFINITY) <= GOOD * best);
}

/** The same experiment's rate with Adam, near the best at every rank. */
export const ADAM_RATE = 0.01;

export const ALPHA_AND_RATE =
  '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&opt=sgd&lr=0.05&steps=100';
/** Too slow, to be fixed by α alone. */
export const SLOW_RUN = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=32&alpha=16&opt=sgd&lr=0.1&steps=100';

export const RULE = lessonValue<Scaling>('rule', 'standard');
export const OPTIMISER = lessonValue<SweptOptimiser>('optimiser', 'sgd');
/** The cell under the pointer: rate, rank, rule. */
export const POINTED_CELL = lessonValue<readonly number[] | null>('pointed', null);
/** The low rank at which a rate is tuned. */
export const LOW_RANK = lessonValue<'1' | '4' | '8'>('low', '4');

export const OPTIMISERS: Readonly<Record<SweptOptimiser, string>> = { sgd: 'SGD', adam: 'Adam' };
