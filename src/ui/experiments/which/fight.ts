import { isFound } from '../../../experiment/methods/floors/method-floor.ts';
import { ADAPTER_WORDS, ADAPTERS, type AdapterName, SIZE_RANKS } from '../../../experiment/methods/which/adapters.ts';
import {
  NOTHING,
  type OpenRow,
  parametersOf,
  type RowScale,
  type SizeFloors,
} from '../../../experiment/methods/which/map.ts';
import { count, trim } from '../../../experiment/numbers.ts';
import { change } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { type ContestLine, type Entrant, overSeeds } from './contest.ts';
import { errorText } from './map-words.ts';
import { cellExperiment, rowExperiment, seedsOfRow } from './updates.ts';

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

/** An adapter at each size, with its floors there. */
export interface SizeEntrant extends Entrant {
  readonly key: AdapterName;
  readonly floors: ReadonlyMap<number, number>;
}

/** Every adapter of a row that the Lab trains, at each size and its automatic rate. */
export function rowSizes(view: RowScale, own: Experiment, floors: SizeFloors): readonly SizeEntrant[] {
  const { d, k } = rowExperiment(view, own);
  return ADAPTERS.flatMap((adapter) => {
    const sizes = SIZE_RANKS.flatMap((rank) => {
      const e = cellExperiment({ ...view, adapter, rank }, own);
      const at = parametersOf(adapter, { rank, places: view.places }, d, k);
      return e && at > 0 ? [{ rank, at, runs: overSeeds(change(e, { opt: 'adam', lr: null }), seedsOfRow(view)) }] : [];
    });
    if (sizes.length === 0) return [];
    // Several budgets may have one size: IA³ has no other.
    const points = sizes.filter(({ at }, i) => sizes.findIndex((other) => other.at === at) === i);
    const known = points.flatMap(({ rank, at }) => {
      const floor = floors(rank)[adapter];
      return floor === undefined ? [] : [[at, floor] as const];
    });
    return [
      {
        key: adapter,
        label: ADAPTER_WORDS[adapter].label,
        own: parametersOf(adapter, view, d, k),
        points,
        floor: floors(view.rank)[adapter] ?? null,
        isFound: isFound(adapter),
        floors: new Map(known),
      },
    ];
  });
}

/** The least error known of a line at a size: of its runs, or its floor before they have ended. */
export const errorAtSize = (line: ContestLine, { floors }: Pick<SizeEntrant, 'floors'>, at: number): number | null =>
  line.points.find((point) => point.at === at)?.end?.median ?? floors.get(at) ?? null;

/**
 * What the sizes say, by rule, from floors alone: which adapter can leave least at the budget, and how far the chosen one
 * comes, there and at its largest size.
 */
export function sizeSentence(entrants: readonly SizeEntrant[], chosen: AdapterName, budget: number): string | null {
  const known = entrants.filter(({ floor }) => floor !== null).toSorted((a, b) => (a.floor ?? 1) - (b.floor ?? 1));
  const [best] = known;
  const beside = known.filter(({ key }) => key !== best?.key);
  const other = beside.find(({ key }) => key === chosen) ?? beside.find(({ key }) => key === 'lora') ?? beside.at(0);
  if (!best || !other) return null;
  const least = (one: SizeEntrant) => `${errorText(one.floor ?? 1)}${one.isFound ? ', the lowest found' : ''}`;
  const first = `With ${count(budget)} parameters ${best.label} can leave ${least(best)}.`;
  const sizes = [...other.floors].toSorted(([a], [b]) => a - b);
  const enough = sizes.find(([, floor]) => floor < (best.floor ?? 1) + NOTHING);
  const [most, left] = sizes.at(-1) ?? [0, 1];
  if (enough) return `${first} ${other.label} comes as low with ${count(enough[0])}.`;
  const more = most > other.own ? `, and with ${count(most)} still ${errorText(left)}` : '';
  return `${first} ${other.label} leaves ${least(other)}${more}.`;
}
