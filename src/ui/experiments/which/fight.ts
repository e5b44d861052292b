import { settingsLink } from '../../../experiment/link/link.ts';
import { ADAPTER_WORDS, ADAPTERS, type AdapterName } from '../../../experiment/methods/which/adapters.ts';
import type { MapView, OpenRow } from '../../../experiment/methods/which/map.ts';
import { number, trim } from '../../../experiment/numbers.ts';
import { change } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import type { Fights } from '../../../state/run/fights.ts';
import { cellExperiment } from './updates.ts';

const RATES: readonly number[] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

interface FightPoint {
  readonly rate: number;
  readonly experiment: Experiment;
  /** Infinite if it diverged; null if unknown. */
  readonly error: number | null;
}

/** The runs of an adapter on one row of the map, at several rates. */
export interface FightLine {
  readonly adapter: AdapterName;
  readonly label: string;
  /** By rate. */
  readonly points: readonly FightPoint[];
  /** At the rate of the Lab. */
  readonly yours: number | null;
  /** Of all rates; null before the first run. */
  readonly best: FightPoint | null;
  /** The floor at this seed, or the lowest error found; null if unknown. */
  readonly floor: number | null;
}

/** All adapters of a row that the Lab trains; `own`: the experiment of the Lab, whose rate is `rate`. */
export function fightLines(
  view: MapView,
  own: Experiment,
  rate: number,
  { ends }: Pick<Fights, 'ends'>,
  floors: OpenRow,
): readonly FightLine[] {
  const rates = [...new Set([...RATES, rate])].sort((a, b) => a - b);
  return ADAPTERS.flatMap((adapter) => {
    const e = cellExperiment({ ...view, adapter }, own);
    if (!e) return [];
    const points = rates.map((lr): FightPoint => {
      const experiment = change(e, { opt: 'adam', lr });
      return { rate: lr, experiment, error: ends.get(settingsLink(experiment)) ?? null };
    });
    const known = points.filter(({ error }) => error !== null);
    const best = known.toSorted((a, b) => (a.error ?? 0) - (b.error ?? 0)).at(0) ?? null;
    const yours = points.find((point) => point.rate === rate)?.error ?? null;
    return [{ adapter, label: ADAPTER_WORDS[adapter].label, points, yours, best, floor: floors[adapter] ?? null }];
  });
}

/** The runs that are not known yet. */
export const missingFights = (lines: readonly FightLine[]): readonly Experiment[] =>
  lines.flatMap(({ points }) => points.flatMap(({ experiment, error }) => (error === null ? [experiment] : [])));

/** Errors this close are not told apart. */
const APART = 0.01;

const bestError = ({ best }: FightLine) => best?.error ?? Number.POSITIVE_INFINITY;

/** Those with a run at each rate, the least error at its best rate first. */
export const byBest = (lines: readonly FightLine[]): readonly FightLine[] =>
  lines.toSorted((a, b) => bestError(a) - bestError(b));

const errorWords = (error: number) => (Number.isFinite(error) ? number(error, 2) : 'diverged');

/** What the two columns say together, by rule; null until all runs have ended. */
export function fightSentence(lines: readonly FightLine[], rate: number): string | null {
  if (lines.length < 2 || missingFights(lines).length > 0) return null;
  let most = { gain: 0, text: '' };
  for (const a of lines)
    for (const b of lines) {
      const [atA, atB, bestA, bestB] = [a.yours ?? 0, b.yours ?? 0, bestError(a), bestError(b)];
      const turned = atA > atB + APART && bestA < bestB - APART;
      const gain = turned ? Math.min(atA, 2) - atB + bestB - bestA : 0;
      if (gain <= most.gain) continue;
      const text = `At rate ${trim(rate)} ${a.label} looks worse than ${b.label} (${errorWords(atA)}, ${errorWords(atB)}). Each at its best: ${errorWords(bestA)}, ${errorWords(bestB)}.`;
      most = { gain, text };
    }
  return most.gain > 0
    ? most.text
    : `At rate ${trim(rate)} the adapters stand in the same order as each at its best rate: here one rate for all does no harm.`;
}
