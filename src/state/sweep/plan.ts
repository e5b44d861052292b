import { cached } from '../../experiment/layer/cached.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import { duration, plural } from '../../experiment/numbers.ts';
import { type Cell, cellCount, cellsOf, readSweep, type SweepPlan } from '../../experiment/plan/sweep.ts';
import type { Outcome } from '../../experiment/run-file/run-record.ts';
import { withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PinnedRun } from '../compare/compare.ts';
import type { NewNotice } from '../events.ts';
import { LARGE_BYTES, LONG_SECONDS, newNotice } from '../notices.ts';
import { lastStep } from '../run/run.ts';
import type { State } from '../state.ts';

interface PlannedRun {
  readonly cell: Cell;
  readonly key: string;
}

/** The planned runs: settings that vary, seeds, and every run. */
export interface PlannedSweep {
  readonly plan: SweepPlan;
  /** Number of cells, not counting seeds. */
  readonly cells: number;
  /** In the order of work: seed 1 of every cell row by row, then seed 2 …. */
  readonly runs: readonly PlannedRun[];
  readonly possible: number;
}

type PlanState = Pick<State, 'experiment' | 'view'>;

const known = new WeakMap<Experiment, { readonly asked: string; readonly planned: PlannedSweep }[]>();
/** Plans in the cache, of one experiment: the sweep of the page, and its repetition in the lab. */
const MOST_KNOWN = 4;

/** The plan of the page; the same object while settings and plan are the same. */
export function plannedSweep({ experiment, view }: PlanState): PlannedSweep {
  const asked = `${view.repeat};${view.sweep}`;
  const list = known.get(experiment) ?? [];
  const found = list.find((one) => one.asked === asked);
  if (found) return found.planned;
  const planned = made({ axes: readSweep(view.sweep, experiment).axes, repeat: view.repeat }, experiment);
  known.set(experiment, [...list, { asked, planned }].slice(-MOST_KNOWN));
  return planned;
}

function made(plan: SweepPlan, live: Experiment): PlannedSweep {
  const cells = cellCount(plan.axes);
  const all = cellsOf(plan, live);
  const data = live.data === '' ? '' : `${live.data.length}:${hash(live.data)}`;
  // The seed is the last part of a key: the rest is built once per cell.
  const front = all.slice(0, cells).map(({ experiment }) => (experiment ? keyOf(experiment, data) : ''));
  const runs = all.map((cell, i) => ({ cell, key: `${front[i % cells]}@${cell.seed}` }));
  return { plan, cells, runs, possible: runs.filter(({ cell }) => cell.experiment !== null).length };
}

/** Two runs with the same key and seed agree step for step; an imported matrix counts by its hash. */
function keyOf(experiment: Experiment, data: string): string {
  return `${settingsLink({ ...withAutoRate(experiment), seed: 0, data: '' })}${data}`;
}

/** 32 bits of FNV-1a over the characters of a text. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

export interface PlanProgress {
  /** Finished runs, including failed ones. */
  readonly done: number;
  readonly failed: number;
  readonly possible: number;
  /** Possible runs that are not done, in the order of work. */
  readonly left: readonly PlannedRun[];
}

export const planProgress = (planned: PlannedSweep, results: ReadonlyMap<string, Outcome>): PlanProgress =>
  progressOf(planned)(results);

const progressOf = cached((planned: PlannedSweep) =>
  cached((results: ReadonlyMap<string, Outcome>): PlanProgress => {
    const left = planned.runs.filter(({ cell, key }) => cell.experiment !== null && !results.has(key));
    const failed = planned.runs.filter(({ key }) => {
      const outcome = results.get(key);
      return outcome !== undefined && 'why' in outcome;
    }).length;
    return { done: planned.possible - left.length, failed, possible: planned.possible, left };
  }),
);

/** Operations of a run, up to a factor: its steps, and its matrices. */
function workOf({ steps, d, k, rank }: Experiment): number {
  return (steps + MATRICES) * (d * k * rank + OVERHEAD);
}

/** The cost of a run's matrices, in steps; the cost of a step in addition to its products, in multiply-adds. */
const MATRICES = 30;
const OVERHEAD = 4000;

const sum = (runs: readonly PlannedRun[]) =>
  runs.reduce((total, { cell }) => total + (cell.experiment ? workOf(cell.experiment) : 0), 0);

/** Estimated parallel runs: the pool adapts to the load of the page. */
export const atATime = () => Math.max(1, Math.min(8, navigator.hardwareConcurrency || 1));

/** Estimated seconds for the remaining runs; null if the speed of this machine is unknown. */
export function secondsLeft(state: State): number | null {
  const planned = plannedSweep(state);
  const { left } = planProgress(planned, state.sweep.results);
  return seconds(state, planned, left);
}

/** Multiply-adds per second, before a step has been measured. */
const USUAL = 1e9;

/** Fewer steps of a run measure its start. */
const WARM = 20;
const isWarm = ({ run }: Pick<State, 'run'>) => lastStep(run) >= WARM && run.secondsPerStep > 0;

/** Work per second of whole sweeps of 64 × 64, measured on two cores. */
const MEASURED = 2e8;

/** Seconds for parallel runs, by the newest sweep of this device; before one has run as measured elsewhere, or longer. */
export function roughSeconds(state: Pick<State, 'run' | 'sweep'>, experiments: readonly Experiment[]): number {
  const work = experiments.reduce((total, experiment) => total + workOf(experiment), 0);
  if (state.sweep.speed !== null) return work / state.sweep.speed;
  return Math.max(work / MEASURED, isWarm(state) ? secondsOf(state, experiments) : 0);
}

/** Seconds for parallel runs, by the step time of the run on screen. */
function secondsOf({ run }: Pick<State, 'run'>, experiments: readonly Experiment[]): number {
  const one = workOf({ ...run.experiment, steps: 1 - MATRICES });
  const each = run.secondsPerStep > 0 ? run.secondsPerStep / one : 1 / USUAL;
  const all = experiments.map((experiment) => workOf(experiment) * each);
  return Math.max(0, ...all, all.reduce((a, b) => a + b, 0) / atATime());
}

/** Runs averaged for the work per second: the newest, and several because they end at the same moment. */
const NEWEST = 40;

/** Work per second of the newest runs of a plan that were timed here; null if none was. */
export function sweepSpeed({ runs }: PlannedSweep, results: ReadonlyMap<string, Outcome>): number | null {
  const total = { ms: 0, work: 0, runs: 0 };
  for (const { key, cell } of [...runs].reverse()) {
    const outcome = results.get(key);
    if (!outcome || 'why' in outcome || !cell.experiment || !outcome.ms) continue;
    total.ms += outcome.ms;
    total.work += workOf({ ...cell.experiment, steps: outcome.steps });
    if (++total.runs === NEWEST) break;
  }
  return total.work > 0 ? (1000 * total.work) / total.ms : null;
}

function seconds(state: State, planned: PlannedSweep, left: readonly PlannedRun[]): number | null {
  const own = sweepSpeed(planned, state.sweep.results);
  if (own !== null) return sum(left) / own;
  if (state.sweep.speed === null && !(state.run.secondsPerStep > 0)) return null;
  return roughSeconds(
    state,
    left.flatMap(({ cell }) => cell.experiment ?? []),
  );
}

/** A longer sweep, in seconds, asks first. */
export const MAX_SECONDS_UNASKED = 60;

/** Bytes of a background run: W₀ and ΔW* while they are made and trained on, factors with gradients and moments. */
function bytesOf({ d, k, rank }: Experiment): number {
  return 4 * (7 * d * k + 30 * rank * (d + k));
}

/** Null if training the pins is quick: less than about a minute in total, and 500 MB for each. */
export function pinsNotice(state: State, pins: readonly PinnedRun[]): NewNotice | null {
  if (pins.length === 0) return null;
  const seconds = secondsOf(
    state,
    pins.map(({ experiment }) => experiment),
  );
  const bytes = Math.max(...pins.map(({ experiment }) => bytesOf(experiment)));
  if (seconds <= LONG_SECONDS && bytes <= LARGE_BYTES) return null;
  const time = seconds < 1 ? 'less than a second' : `about ${duration(seconds)}`;
  const memory = `${Math.round(bytes / 1e6)} MB${pins.length === 1 ? '' : ' each'}`;
  const event = { type: 'compare', does: 'wait', waits: false, pins: pins.map(({ id }) => id) } as const;
  const label = `Train the ${pins.length === 1 ? 'pin' : 'pins'}, ${time}`;
  const title = `${plural(pins.length, 'pinned run')} ${pins.length === 1 ? 'waits' : 'wait'} to be trained.`;
  const texts = [`Training in the background takes ${time} and up to ${memory}.`];
  return newNotice('pins', 'plain', title, texts, [[label, event]]);
}
