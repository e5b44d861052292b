import { isFound } from '../../../experiment/methods/floors/method-floor.ts';
import { ADAPTER_WORDS, ADAPTERS } from '../../../experiment/methods/which/adapters.ts';
import type { MapView, OpenRow } from '../../../experiment/methods/which/map.ts';
import { number, trim } from '../../../experiment/numbers.ts';
import { change } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { type ContestLine, type Entrant, overSeeds } from './contest.ts';
import { cellExperiment } from './updates.ts';

/** The rate that a network's or an unknown run leaves open: that of a matrix under Adam. */
export const USUAL_RATE = 0.015;

const RATES: readonly number[] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

type Fighter = Pick<Entrant, 'key' | 'label' | 'floor' | 'isFound'> & {
  readonly experiment: Experiment;
  /** Its rate in the Lab. */
  readonly rate: number;
};

/** Its settings at each rate, its own among them. */
export function fighter({ experiment, rate, ...about }: Fighter): Entrant {
  const rates = [...new Set([...RATES, rate])].sort((a, b) => a - b);
  const points = rates.map((lr) => ({ at: lr, runs: overSeeds(change(experiment, { lr })) }));
  return { ...about, own: rate, points };
}

/** All adapters of a row that the Lab trains; `own`: the experiment of the Lab, whose rate is `rate`. */
export const rowFighters = (view: MapView, own: Experiment, rate: number, floors: OpenRow): readonly Entrant[] =>
  ADAPTERS.flatMap((adapter) => {
    const e = cellExperiment({ ...view, adapter }, own);
    if (!e) return [];
    const experiment = change(e, { opt: 'adam' });
    const about = { key: adapter, label: ADAPTER_WORDS[adapter].label, isFound: isFound(adapter) };
    return [fighter({ ...about, experiment, rate, floor: floors[adapter] ?? null })];
  });

/** Errors this close are not told apart. */
const APART = 0.01;

const errorWords = (error: number) => (Number.isFinite(error) ? number(error, 2) : 'diverged');

/** What the two columns say together, by rule; null until all runs have ended. `asSet`: "At rate 0.015". */
export function fightSentence(lines: readonly ContestLine[], asSet: string): string | null {
  if (lines.length < 2) return null;
  let most = { gain: 0, text: '' };
  for (const a of lines)
    for (const b of lines) {
      const [atA, atB] = [a.yours?.median ?? 0, b.yours?.median ?? 0];
      const [bestA, bestB] = [a, b].map(({ best }) => best?.end.median ?? Number.POSITIVE_INFINITY);
      const turned = atA > atB + APART && bestA < bestB - APART;
      const gain = turned ? Math.min(atA, 2) - atB + bestB - bestA : 0;
      if (gain <= most.gain) continue;
      const text = `${asSet} ${a.label} looks worse than ${b.label} (${errorWords(atA)}, ${errorWords(atB)}). Each at its best: ${errorWords(bestA)}, ${errorWords(bestB)}.`;
      most = { gain, text };
    }
  if (most.gain > 0) return most.text;
  const order = lines.length === 2 ? 'the two stand' : 'all stand';
  return `${asSet} ${order} in the same order as each at its best rate: here the rate does not decide.`;
}

/** "At rate 0.015" */
export const atRate = (rate: number): string => `At rate ${trim(rate)}`;
