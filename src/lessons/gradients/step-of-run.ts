import { useMemo } from 'react';
import { batchesOfLink } from '../../experiment/regression/batches.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scheduleOf } from '../../experiment/settings/rate.ts';
import { stream } from '../../math/random.ts';
import { type ReadyModule, shownModule } from '../../state/run/run.ts';
import { rateOf, shownFrame } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { shownScaling } from '../../ui/lab-scene.ts';
import { useGetLab, useLab } from '../../ui/page.tsx';
import {
  differences,
  forward,
  type LayerFactors,
  largestDifference,
  type Rows,
  type Vector,
} from '../one-step/one-step.ts';
import { useLessonValue } from '../pane/values.tsx';
import type { Rates } from '../slow-motion/products.ts';
import { type StepValues, stepToTarget } from '../slow-motion/stages.ts';
import { INPUT } from './values.ts';

export interface ShownStep {
  readonly step: StepValues;
  /** Updates made so far. */
  readonly at: number;
  readonly input: ChosenInput;
  /** ½‖h − y‖² on that input. */
  readonly loss: number;
  /** Learning rates, if an update is the gradient times a rate. */
  readonly rates: Rates | null;
}

export interface ChosenInput {
  /** Number of the sample, from 1, or of the drawn input. */
  readonly number: number;
  /** Number of inputs to choose from. */
  readonly of: number;
  /** `step`: this sample alone makes the run's step; `batch`: one of those that do; `drawn`: a white input. */
  readonly from: 'step' | 'batch' | 'drawn';
}

/** Why there is no picture: no matrices yet, or too many entries. */
export type MissingStep = 'none' | 'large';

export const MAX_ROWS = 32;
/** Number of inputs drawn for a target without samples. */
const DRAWN = 8;

const rowsFrom = (data: ArrayLike<number>, rows: number, cols: number): Rows =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => data[i * cols + j]));
const columnOf = (data: ArrayLike<number>, rows: number, cols: number, col: number): Vector =>
  Array.from({ length: rows }, (_, i) => data[i * cols + col]);
const product = (B: Rows, A: Rows, i: number, j: number) => B[i].reduce((sum, v, n) => sum + v * A[n][j], 0);

/** The frozen part: W₀ without what an initialisation took over. */
function frozenRows(module: RunStep['module']): Rows {
  const { d, k, rank, base, moved, A, B } = module;
  const W0 = rowsFrom(base ?? [], d, k);
  if (!moved) return W0;
  const [a, b] = [rowsFrom(A, rank, k), rowsFrom(B, d, rank)];
  return W0.map((row, i) => row.map((v, j) => v - moved.scaling * product(b, a, i, j)));
}

export interface RunStep {
  readonly experiment: Pick<Experiment, 'seed' | 'batch' | 'order' | 'opt' | 'ratio'>;
  readonly module: Pick<ReadyModule, 'd' | 'k' | 'rank' | 'base' | 'A' | 'B'> & {
    readonly moved: Pick<NonNullable<ReadyModule['moved']>, 'scaling'> | null;
    readonly wanted: Pick<NonNullable<ReadyModule['wanted']>, 'matrix'> | null;
  };
  /** X is k × count and Y d × count, a column per sample. */
  readonly samples: { readonly count: number; readonly X: Float32Array; readonly Y: Float32Array } | null;
  readonly step: number;
  readonly factors: { readonly A: Float32Array; readonly B: Float32Array };
  readonly scaling: number;
  readonly rate: number | null;
}

interface ChosenSample {
  readonly x: Vector;
  readonly y: Vector;
  readonly input: ChosenInput;
}

/** x and the output y that the layer should return for it: W₀x + ΔW*x for a matrix target. */
function chosen({ experiment, module, samples, step }: RunStep, n: number): ChosenSample | null {
  const { d, k, base, wanted } = module;
  if (samples) {
    const batch = batchesOfLink(experiment, samples.count).at(step);
    const which = n % batch.length;
    return {
      x: columnOf(samples.X, k, samples.count, batch[which]),
      y: columnOf(samples.Y, d, samples.count, batch[which]),
      input: { number: batch[which] + 1, of: batch.length, from: batch.length === 1 ? 'step' : 'batch' },
    };
  }
  const target = wanted?.matrix;
  if (!base || !target) return null;
  const which = n % DRAWN;
  const random = stream(experiment.seed, `input ${which + 1} of a lesson`);
  const x = Array.from({ length: k }, () => random.normal());
  const y = Array.from({ length: d }, (_, i) =>
    x.reduce((sum, v, j) => sum + (base[i * k + j] + target[i * k + j]) * v, 0),
  );
  return { x, y, input: { number: which + 1, of: DRAWN, from: 'drawn' } };
}

export function stepOf(run: RunStep, n: number): ShownStep | MissingStep {
  const { experiment, module, factors, scaling, rate, step: at } = run;
  const { d, k, rank } = module;
  if (!module.base || d > MAX_ROWS || k > MAX_ROWS || rank > MAX_ROWS / 2) return 'large';
  const given = chosen(run, n);
  if (!given) return 'none';
  const { x, y, input } = given;
  const [A, B] = [rowsFrom(factors.A, rank, k), rowsFrom(factors.B, d, rank)];
  const step = stepToTarget({ W0: frozenRows(module), A, B, scaling, x }, y);
  return {
    step,
    at,
    input,
    loss: step.delta.reduce((sum, v) => sum + (v * v) / 2, 0),
    rates: experiment.opt === 'sgd' && rate !== null ? { A: rate, B: rate * experiment.ratio } : null,
  };
}

/** The input after the name of the step: "sample 53". */
export function inputName({ number, from }: ChosenInput): string {
  return from === 'drawn' ? `input ${number}` : `sample ${number}`;
}

/** How the loss and the gradients of this one input relate to those of the run. */
export function inputWords({ of, from }: ChosenInput): string {
  switch (from) {
    case 'step':
      return 'This sample is the whole batch: these are the gradients of this step of the run.';
    case 'batch':
      return `One of the ${of} samples of this step. The run averages the gradients of all ${of}.`;
    case 'drawn':
      return 'An input drawn at random. The loss of the run, ½‖ΔW − ΔW*‖², is the mean of ½‖(ΔW − ΔW*)x‖² over all such inputs, and its gradients are the means of these.';
    default:
      return from satisfies never;
  }
}

export interface CheckResult {
  readonly found: Rows;
  /** The largest difference from the formula. */
  readonly largest: number;
}

/** Trained numbers up to which a check costs a few milliseconds. */
const MOST_CHECKED = 300;

/** The gradient of one factor by moving each of its entries; null if there are too many. */
export function checkGradient(step: StepValues, of: keyof LayerFactors): CheckResult | null {
  const { d, k, rank, y } = step;
  if (y === null || rank * (d + k) > MOST_CHECKED) return null;
  const loss = (factors: LayerFactors) =>
    forward({ ...step, ...factors }).h.reduce((sum, v, i) => sum + (v - y[i]) ** 2 / 2, 0);
  const found = differences(loss, step)[of];
  return { found, largest: largestDifference(found, of === 'A' ? step.gradA : step.gradB) };
}

/** Whether a step is the rate times the gradient, all along a run of SGD. */
const isPlain = (e: Experiment) => scheduleOf(e) === null && e.clip === null && e.decayb === 0;

function shownStepOf(state: State, n: number): ShownStep | MissingStep {
  const { run } = state;
  const [module, frame, rate] = [shownModule(state), shownFrame(state), rateOf(state)];
  if (!module || !frame) return 'none';
  return stepOf(
    {
      experiment: run.experiment,
      module,
      samples: run.ready?.samples?.training ?? null,
      step: frame.step,
      factors: frame,
      scaling: shownScaling(state),
      rate: typeof rate === 'number' && isPlain(run.experiment) ? rate : null,
    },
    n,
  );
}

/** The step on screen of the lab's run; recomputed when its factors change. */
export function useShownStep(): ShownStep | MissingStep {
  const [input] = useLessonValue(INPUT);
  const run = useLab((s) => s.run.number);
  const ready = useLab((s) => s.run.ready);
  const A = useLab((s) => shownFrame(s)?.A ?? null);
  const scaling = useLab(shownScaling);
  const lr = useLab((s) => s.experiment.lr);
  const now = useGetLab();
  return useMemo(() => shownStepOf(now(), input), [now, input, run, ready, A, scaling, lr]);
}
