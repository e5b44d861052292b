import { batchesOfLink } from '../../experiment/regression/batches.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { stream } from '../../math/random.ts';
import type { ReadyModule } from '../../state/run/run.ts';
import type { Rows, Vector } from '../one-step/one-step.ts';
import type { Rates } from '../slow-motion/products.ts';
import { type StepValues, stepTowards } from '../slow-motion/step-values.ts';

/** The step on screen of the lab's run, on one input. */
export interface ShownStep {
  readonly step: StepValues;
  /** How many updates the factors have had. */
  readonly at: number;
  readonly input: ChosenInput;
  /** ½‖h − y‖² on that input. */
  readonly loss: number;
  /** What the factors learn with, where an update is the gradient times a rate. */
  readonly rates: Rates | null;
}

export interface ChosenInput {
  /** Of the samples, from 1; or which of the drawn inputs. */
  readonly number: number;
  /** How many can be chosen. */
  readonly of: number;
  /** `step`: this sample alone makes the run's step. `batch`: it is one of those that do. `drawn`: a white input, of which the loss is the mean. */
  readonly from: 'step' | 'batch' | 'drawn';
}

/** Why there is no picture: no matrices yet, or more of them than it has room for. */
export type NoStep = 'none' | 'large';

/** Rows and columns that the picture has room for. */
export const MOST_ROWS = 32;
/** So many inputs are drawn where the target has no samples. */
const DRAWN = 8;

const rowsFrom = (data: ArrayLike<number>, rows: number, cols: number): Rows =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => data[i * cols + j]));
const columnOf = (data: ArrayLike<number>, rows: number, cols: number, col: number): Vector =>
  Array.from({ length: rows }, (_, i) => data[i * cols + col]);
const product = (B: Rows, A: Rows, i: number, j: number) => B[i].reduce((sum, v, n) => sum + v * A[n][j], 0);

/** What stays beside the adapter: W₀, without what an initialisation took over. */
function frozenRows(module: RunAt['module']): Rows {
  const { d, k, rank, base, moved, A, B } = module;
  const W0 = rowsFrom(base ?? [], d, k);
  if (!moved) return W0;
  const [a, b] = [rowsFrom(A, rank, k), rowsFrom(B, d, rank)];
  return W0.map((row, i) => row.map((v, j) => v - moved.scaling * product(b, a, i, j)));
}

/** What the picture takes of a run at a step. */
export interface RunAt {
  readonly experiment: Pick<Experiment, 'seed' | 'batch' | 'opt' | 'ratio'>;
  readonly module: Pick<ReadyModule, 'd' | 'k' | 'rank' | 'base' | 'A' | 'B'> & {
    readonly moved: Pick<NonNullable<ReadyModule['moved']>, 'scaling'> | null;
    readonly wanted: Pick<NonNullable<ReadyModule['wanted']>, 'matrix'> | null;
  };
  /** X is k × count and Y d × count, a column a sample. */
  readonly samples: { readonly count: number; readonly X: Float32Array; readonly Y: Float32Array } | null;
  readonly step: number;
  /** As they are at that step. */
  readonly factors: { readonly A: Float32Array; readonly B: Float32Array };
  readonly scaling: number;
  readonly rate: number | null;
}

interface ChosenSample {
  readonly x: Vector;
  readonly y: Vector;
  readonly input: ChosenInput;
}

/** x with the output y that the layer should return for it: W₀x + ΔW*x where the target is a matrix. */
function chosen({ experiment, module, samples, step }: RunAt, n: number): ChosenSample | null {
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

/** A step of a run, on the n-th of the inputs that it can be shown on. */
export function stepOf(run: RunAt, n: number): ShownStep | NoStep {
  const { experiment, module, factors, scaling, rate, step: at } = run;
  const { d, k, rank } = module;
  if (!module.base || d > MOST_ROWS || k > MOST_ROWS || rank > MOST_ROWS / 2) return 'large';
  const given = chosen(run, n);
  if (!given) return 'none';
  const { x, y, input } = given;
  const [A, B] = [rowsFrom(factors.A, rank, k), rowsFrom(factors.B, d, rank)];
  const step = stepTowards({ W0: frozenRows(module), A, B, scaling, x }, y);
  return {
    step,
    at,
    input,
    loss: step.delta.reduce((sum, v) => sum + (v * v) / 2, 0),
    rates: experiment.opt === 'sgd' && rate !== null ? { A: rate, B: rate * experiment.ratio } : null,
  };
}
