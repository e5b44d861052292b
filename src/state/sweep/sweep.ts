import type { HistoryLosses, Measure, Outcome, Sampled } from '../../experiment/run-file/run-record.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { RunEnd } from '../run/run.ts';

export interface RepeatedRuns {
  /** That of the lab at the request; for another one it is hidden. */
  readonly experiment: Experiment;
  /** Number of seeds: that of the experiment, and those that follow it. */
  readonly seeds: number;
  readonly runs: readonly RepeatedRun[];
  readonly going: boolean;
}

/** The data of step charts about a repetition with another seed. */
export interface RepeatedRun {
  readonly seed: number;
  readonly diverged: boolean;
  /** Of the following lists, ascending. */
  readonly steps: readonly number[];
  readonly relativeError: readonly number[];
  readonly losses: HistoryLosses;
  readonly modules: readonly {
    readonly gradNormA: readonly number[];
    readonly gradNormB: readonly number[];
    readonly sampled: Sampled;
  }[];
}

export interface Sweep {
  /** By the settings and seed of the run (plan.ts), so that a change of the plan keeps the results that still apply. */
  readonly results: ReadonlyMap<string, Outcome>;
  /** The sweep in progress; null: none. `since` in ms; `before`: finished runs when it began. */
  readonly going: { readonly since: number; readonly before: number } | null;
  /** Total milliseconds of the runs of this plan, including those before the last stop. */
  readonly spent: number;
  /** Work per second (plan.ts) of the newest sweep on this device; null: none has run here. */
  readonly speed: number | null;
  /** Null: the default of the plan. */
  readonly measure: Measure | null;
  /** The cell under the pointer, by its index on each axis. */
  readonly at: readonly number[] | null;
  /** True after a cell was opened in the lab: the bar leads back. */
  readonly opened: boolean;
  /** Requested by the user and long: waits for an answer. */
  readonly asks: boolean;
  readonly repeated: RepeatedRuns | null;
  /** The ends of the first seed of a sweep over ranks, the best at each. */
  readonly ends: readonly RunEnd[];
}

export const EMPTY_SWEEP: Sweep = {
  ...{ results: new Map(), going: null, spent: 0, speed: null, measure: null, at: null },
  ...{ opened: false, asks: false, repeated: null, ends: [] },
};

export type SweepEvent =
  // `now` in ms; `done`: finished runs of the plan
  | { readonly does: 'run'; readonly now: number; readonly done: number }
  | { readonly does: 'ask' | 'unask' | 'clear' }
  | { readonly does: 'stop'; readonly now: number }
  | { readonly does: 'came'; readonly outcomes: readonly (readonly [key: string, outcome: Outcome])[] }
  // results stored on this device
  | { readonly does: 'found'; readonly results: ReadonlyMap<string, Outcome> }
  | { readonly does: 'ends'; readonly ends: readonly RunEnd[] }
  | { readonly does: 'timed'; readonly speed: number }
  | { readonly does: 'measure'; readonly measure: Measure }
  | { readonly does: 'point'; readonly at: readonly number[] | null }
  // repetition over seeds: request, a run, its end, dismissal
  | { readonly does: 'repeat'; readonly experiment: Experiment; readonly seeds: number }
  | { readonly does: 'repeated'; readonly run: RepeatedRun }
  | { readonly does: 'all-repeated' | 'unrepeat' }
  | { readonly does: 'open'; readonly experiment: Experiment };

/** Most outcomes held: the plan shown has at most 12,800, the others serve undo. */
const MOST = 16_000;

export function updateSweep(sweep: Sweep, event: SweepEvent): Sweep {
  switch (event.does) {
    case 'run':
      return {
        ...sweep,
        going: { since: event.now, before: event.done },
        spent: event.done > 0 ? sweep.spent : 0,
        asks: false,
      };
    case 'stop':
      return sweep.going
        ? { ...sweep, going: null, spent: sweep.spent + Math.max(0, event.now - sweep.going.since) }
        : sweep;
    case 'ask':
      return { ...sweep, asks: true };
    case 'unask':
      return { ...sweep, asks: false };
    case 'clear':
      return { ...sweep, results: new Map(), spent: 0, asks: false };
    case 'came':
      return { ...sweep, results: withOutcomes(sweep.results, event.outcomes) };
    case 'found':
      return { ...sweep, results: withOutcomes(event.results, [...sweep.results]) };
    case 'ends':
      return { ...sweep, ends: event.ends };
    case 'timed':
      return { ...sweep, speed: event.speed };
    case 'measure':
      return { ...sweep, measure: event.measure };
    case 'point':
      return { ...sweep, at: event.at };
    case 'repeat':
      return { ...sweep, repeated: { experiment: event.experiment, seeds: event.seeds, runs: [], going: true } };
    case 'repeated':
      return { ...sweep, repeated: sweep.repeated && { ...sweep.repeated, runs: [...sweep.repeated.runs, event.run] } };
    case 'all-repeated':
      return { ...sweep, repeated: sweep.repeated && { ...sweep.repeated, going: false } };
    case 'unrepeat':
      return { ...sweep, repeated: null };
    case 'open':
      return { ...sweep, opened: true };
    default:
      return event satisfies never;
  }
}

function withOutcomes(
  results: Sweep['results'],
  outcomes: readonly (readonly [string, Outcome])[],
): ReadonlyMap<string, Outcome> {
  const now = new Map(results);
  for (const [key, outcome] of outcomes) now.set(key, outcome);
  for (const key of now.keys()) {
    if (now.size <= MOST) break;
    now.delete(key);
  }
  return now;
}
