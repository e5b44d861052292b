import { isFound } from '../../../experiment/methods/floors/method-floor.ts';
import { ADAPTER_WORDS, ADAPTERS } from '../../../experiment/methods/which/adapters.ts';
import type { OpenRow, RowScale } from '../../../experiment/methods/which/map.ts';
import { trim } from '../../../experiment/numbers.ts';
import { change } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { type Entrant, overSeeds } from './contest.ts';
import { cellExperiment, seedsOfRow } from './updates.ts';

/** The rate that a network's or an unknown run leaves open: that of a matrix under Adam. */
export const USUAL_RATE = 0.015;

const RATES: readonly number[] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

type Fighter = Pick<Entrant, 'key' | 'label' | 'floor' | 'isFound'> & {
  readonly experiment: Experiment;
  /** Its rate in the Lab. */
  readonly rate: number;
  /** How many seeds it runs with. */
  readonly seeds?: number;
};

/** Its settings at each rate, its own among them. */
export function fighter({ experiment, rate, seeds, ...about }: Fighter): Entrant {
  const rates = [...new Set([...RATES, rate])].sort((a, b) => a - b);
  const points = rates.map((lr) => ({ at: lr, runs: overSeeds(change(experiment, { lr }), seeds) }));
  return { ...about, own: rate, points };
}

/** All adapters of a row that the Lab trains; `own`: the experiment of the Lab, whose rate is `rate`. */
export const rowFighters = (view: RowScale, own: Experiment, rate: number, floors: OpenRow): readonly Entrant[] =>
  ADAPTERS.flatMap((adapter) => {
    const e = cellExperiment({ ...view, adapter }, own);
    if (!e) return [];
    const experiment = change(e, { opt: 'adam' });
    const about = { key: adapter, label: ADAPTER_WORDS[adapter].label, isFound: isFound(adapter) };
    return [fighter({ ...about, experiment, rate, seeds: seedsOfRow(view), floor: floors[adapter] ?? null })];
  });

/** "At rate 0.015" */
export const atRate = (rate: number): string => `At rate ${trim(rate)}`;
