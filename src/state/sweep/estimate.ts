import type { Experiment } from '../../experiment/settings/params.ts';
import type { State } from '../state.ts';
import { type Planned, type PlannedRun, plannedOf, progressOf } from './plan.ts';

/** Operations of a run, up to a factor: its steps, and what making its matrices comes to. */
function workOf({ steps, d, k, rank }: Experiment): number {
  return (steps + MATRICES) * (d * k * rank + OVERHEAD);
}

/** What the matrices of a run cost, in steps; what a step costs beside its products, in multiply-adds. */
const MATRICES = 30;
const OVERHEAD = 4000;

const sum = (runs: readonly PlannedRun[]) =>
  runs.reduce((total, { cell }) => total + (cell.experiment ? workOf(cell.experiment) : 0), 0);

/** So many runs go on at a time, about: the pool follows what else the page does. */
const atATime = () => Math.max(1, Math.min(8, navigator.hardwareConcurrency || 1));

/** Seconds that the runs which are left take; null where nothing is known of this machine yet. */
export function secondsLeft(state: State): number | null {
  const planned = plannedOf(state);
  const { left } = progressOf(planned, state.sweep.results);
  return seconds(state, planned, left);
}

/** Without a measured step: so many multiply-adds a second. */
const USUAL = 1e9;

/** Seconds that runs take beside each other, by what a step of the run on screen takes. */
export function secondsOf({ run }: Pick<State, 'run'>, experiments: readonly Experiment[]): number {
  const one = workOf({ ...run.experiment, steps: 1 - MATRICES });
  const each = run.secondsPerStep > 0 ? run.secondsPerStep / one : 1 / USUAL;
  const all = experiments.map((experiment) => workOf(experiment) * each);
  return Math.max(0, ...all, all.reduce((a, b) => a + b, 0) / atATime());
}

/** Milliseconds of work a unit of it: of the runs that were made, the newest of them count: several end at the same moment. */
const NEWEST = 40;

function seconds({ sweep, run }: State, planned: Planned, left: readonly PlannedRun[]): number | null {
  const made: { readonly ms: number; readonly work: number }[] = [];
  for (const { key, cell } of [...planned.runs].reverse()) {
    const outcome = sweep.results.get(key);
    if (outcome && !('why' in outcome) && cell.experiment && outcome.ms > 0)
      made.push({ ms: outcome.ms, work: workOf({ ...cell.experiment, steps: outcome.steps }) });
    if (made.length === NEWEST) break;
  }
  const total = made.reduce((a, b) => ({ ms: a.ms + b.ms, work: a.work + b.work }), { ms: 0, work: 0 });
  if (total.work > 0) return (sum(left) * (total.ms / total.work)) / 1000;
  if (!(run.secondsPerStep > 0)) return null;
  const step = run.secondsPerStep / workOf({ ...run.experiment, steps: 1 - MATRICES });
  return (sum(left) * step) / atATime();
}

/** A sweep that takes longer is asked about first, in seconds. */
export const ASK_ABOVE = 60;
