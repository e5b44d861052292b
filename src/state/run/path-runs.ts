import { cached } from '../../experiment/layer/cached.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import { choosesFactor } from '../../experiment/settings/bounds.ts';
import { change, defaults, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { State } from '../state.ts';
import { atATime } from '../sweep/plan.ts';
import { isSameRun, NO_PATHS, type PathEnd, type PathRun, type Paths, type Run } from './run.ts';

/** Rates of a path, and ranks that have one besides that of the run on screen. */
const PATH_RATES: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02];
const PATH_RANKS: readonly number[] = [1, 4, 8, 16];
/** Ranks that are trained at their automatic rate too. */
export const RING_RANKS: readonly number[] = [1, 2, 4, 8, 16];

/** What all runs on one task share; everything else has its default. */
export function sameTask({ target, adapt, others, modules, batch, steps, seed }: Experiment): Experiment {
  return change(withAutoRate(defaults()), { target, adapt, others, modules, batch, steps, seed });
}

const linkOf = cached((e: Experiment) => settingsLink(sameTask(e)));
let hands = 0;
const handNumber = cached((_: object) => ++hands);

/** Of a task, and of the drawings of a hand. */
export const taskKey = ({ experiment, hand }: Pick<Run, 'experiment' | 'hand'>): string =>
  `${linkOf(experiment)}${hand ? ` ${handNumber(hand)}` : ''}`;

export const pathExperiment = (task: Experiment, { rank, rate }: PathRun): Experiment =>
  change(task, { ...(rank === null ? { method: 'full' } : { rank }), lr: rate });

export const pathsOf = ({ run, paths }: Pick<State, 'run' | 'paths'>): Paths => paths.get(taskKey(run)) ?? NO_PATHS;

/** Its rank as one of LoRA with both factors; null for any other method. */
export const rankOf = (e: Experiment) =>
  e.method === 'lora' && !(choosesFactor(e) && e.train !== 'both') ? e.rank : null;

/** Full fine-tuning and a few ranks at all rates, and ranks at their automatic one; in the order of work. */
function wantedRuns(own: number | null): readonly PathRun[] {
  const extra = own === null || PATH_RANKS.includes(own) ? [] : [own];
  const paths = [null, ...PATH_RANKS, ...extra].flatMap((rank) => PATH_RATES.map((rate) => ({ rank, rate })));
  return [...paths, ...[...new Set([...RING_RANKS, ...extra])].map((rank) => ({ rank, rate: null }))];
}

/** Runs of the paths that are not known yet. */
export function missingRuns(experiment: Experiment, { ends }: Paths): readonly PathRun[] {
  return wantedRuns(rankOf(experiment)).filter((run) => !ends.some((end) => isSameRun(run, end)));
}

/** The start of a run and its measurements, in steps. */
const START = 30;

/** Estimated seconds for n runs in the background; null if the speed of this machine is unknown. */
export function secondsForRuns({ secondsPerStep, experiment }: State['run'], n: number): number | null {
  return secondsPerStep > 0 ? (n * secondsPerStep * (experiment.steps + START)) / atATime() : null;
}

/** Lines through the ends of runs, full fine-tuning, then each rank; `read`: what is drawn of an end. */
export function pathLines<Point extends object>({ ends }: Paths, read: (end: PathEnd) => Point | null) {
  const ranks = [...new Set(ends.map(({ rank }) => rank))].sort((a, b) => (a ?? 0) - (b ?? 0));
  return ranks.flatMap((rank) => {
    const points = ends.flatMap((end) => {
      const point = read(end);
      return end.rank === rank && end.rate !== null && point ? [{ ...point, rate: end.rate }] : [];
    });
    const name = rank === null ? 'full fine-tuning' : `r = ${rank}`;
    return points.length > 0
      ? [{ name, kind: rank === null ? ('full' as const) : ('lora' as const), rank, points }]
      : [];
  });
}

/** The best run of a rank at any rate; null: none yet. */
export function bestAt({ ends }: Paths, rank: number): number | null {
  const shares = ends.flatMap((end) => (end.rank === rank && end.answers ? [end.answers.accuracy] : []));
  return shares.length > 0 ? Math.max(...shares) : null;
}
