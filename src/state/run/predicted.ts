import { cached } from '../../experiment/layer/cached.ts';
import { distanceFrom, type Prediction, predictionOf } from '../../experiment/prediction/predict.ts';
import { diffKeys } from '../../experiment/settings/experiment.ts';
import { type Experiment, type ParamKey, TUNED_KEYS } from '../../experiment/settings/params.ts';
import { type Rate, rateFor } from '../../experiment/settings/rate.ts';
import { rateOf } from '../select.ts';
import type { State } from '../state.ts';
import { lastStep, type ReadyMessage, type Run, shownIndex } from './run.ts';

type Known = Prediction | { readonly why: string };

/** The last prediction of each set of matrices: its settings change while a slider is dragged. */
const latest = cached((_: ReadyMessage) => ({ of: null as null | { e: Experiment; rate: Rate | null; known: Known } }));

/** What is known of the run on screen from its start; null before its matrices exist. */
export function predictedRun(state: State): Known | null {
  const { ready } = state.run;
  if (!ready) return null;
  const { e, rate } = settingsOf(state, ready);
  const last = latest(ready);
  if (last.of?.e !== e || last.of.rate !== rate) last.of = { e, rate, known: knownOf(e, rate, ready) };
  return last.of.known;
}

function knownOf(e: Experiment, rate: Rate | null, { modules: [module] }: ReadyMessage): Known {
  const { wanted, d, k, rank, A, facts } = module;
  if (typeof rate !== 'number' || !wanted) return { why: 'No law for networks.' };
  const { spectrum: values, norm, unit = norm, along = null } = wanted;
  return predictionOf(e, rate, { d, k, rank, A, a: facts.a, values, norm, unit, along });
}

/** Changes that leave the starting matrices as they are: dashes follow them before new ones are made. */
const SAME_MATRICES: readonly ParamKey[] = [...TUNED_KEYS, 'auto'];

/** The settings of step 0; before it, or if only those that leave the matrices alone differ, those on screen. */
function settingsOf(state: State, { modules }: ReadyMessage): { readonly e: Experiment; readonly rate: Rate | null } {
  const { run, experiment, next } = state;
  const same = diffKeys(run.experiment, experiment).every((key) => SAME_MATRICES.includes(key));
  if (next && same) return { e: experiment, rate: experiment.lr ?? rateFor(experiment, modules) };
  if (!next && lastStep(run) <= 0) return { e: experiment, rate: rateOf(state) };
  const steps = Math.max(run.experiment.steps, experiment.steps);
  return { e: lengthened(run.experiment)(steps), rate: run.rate };
}

/** The same object for the same length. */
const lengthened = cached((e: Experiment) => {
  const made = new Map<number, Experiment>([[e.steps, e]]);
  return (steps: number): Experiment => {
    const one = made.get(steps) ?? { ...e, steps };
    made.set(steps, one);
    return one;
  };
});

/** The step of the first change during a run; null: none. */
export function firstChange({ changes }: Pick<Run, 'changes'>): number | null {
  const steps = changes.filter(({ step, key }) => step > 0 && key !== 'steps').map(({ step }) => step);
  return steps.length > 0 ? Math.min(...steps) : null;
}

/** The largest distance of the errors so far from the predicted ones; null: no step, or nothing predicted. */
export function distanceSoFar({ run }: Pick<State, 'run'>, known: Known): number | null {
  const errors = run.trace.series.relativeError;
  if ('why' in known || !errors || lastStep(run) < 1) return null;
  return distanceFrom(known, errors, Math.min(lastStep(run), firstChange(run) ?? Number.POSITIVE_INFINITY));
}

/** uᵢᵀΔW·vᵢ of the run at the steps where it is known, ascending. */
export function measuredDirections({ run, view }: Pick<State, 'run' | 'view'>) {
  const index = shownIndex({ run, view });
  const all = new Map<number, Float64Array>();
  for (const { step, directions } of run.samples) {
    const one = directions?.[index];
    if (one) all.set(step, one);
  }
  for (const { step, modules } of run.frames) {
    const one = modules[index]?.directions;
    if (one) all.set(step, one);
  }
  const sorted = [...all].sort(([a], [b]) => a - b);
  return { steps: sorted.map(([step]) => step), spectra: sorted.map(([, sizes]) => sizes) };
}
