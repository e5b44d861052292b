import { typescriptStepper } from '../../src/engine/steppers/typescript.ts';
import { wasmStepper } from '../../src/engine/steppers/wasm/wasm.ts';
import { taskOf, trainingOf } from '../../src/engine/task.ts';
import { regressionLoss } from '../../src/engine/tasks/regression.ts';
import { regressionData } from '../../src/engine/testing/regression-data.ts';
import type { Layer } from '../../src/experiment/layer/problem.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { derivedRate } from '../../src/experiment/settings/rate.ts';
import { scalingOf } from '../../src/experiment/settings/scaling.ts';

/** Loss at step 0 and after each of the numbers of steps, over that at ΔW = 0; Infinity where the run has diverged. */
export interface Losses {
  readonly start: number;
  readonly after: readonly number[];
}

/** A loss above 10⁶ times that at the start, or no number at all. */
const diverged = (loss: number, start: number) => !(loss <= 1e6 * Math.max(1, start));

/** Trains by the engine's own steppers at `factor` times the derived rate. `steps` ascends. */
export async function train(e: Experiment, layer: Layer, factor: number, steps: readonly number[]): Promise<Losses> {
  const scaling = scalingOf(e);
  const settings = { scaling, opt: e.opt, lr: factor * derivedRate(e, scaling, layer.facts), ratio: e.ratio };
  const task = taskOf(layer);
  const open = task.samples ? typescriptStepper : wasmStepper;
  const stepper = open({ ...task, A: layer.A.data, B: layer.B.data, settings });
  const loss = lossOf(layer, scaling);
  const start = loss(await stepper.measure());
  const after: number[] = [];
  for (const [i, n] of steps.entries()) {
    const before = after.at(-1) ?? start;
    const made = Number.isFinite(before) ? loss(await stepper.steps(n - (steps[i - 1] ?? 0))) : before;
    after.push(diverged(made, start) ? Number.POSITIVE_INFINITY : made);
  }
  stepper.dispose();
  return { start, after };
}

type Standing = Awaited<ReturnType<ReturnType<typeof wasmStepper>['measure']>>;

/** Of a matrix target ‖E‖²/‖ΔW*‖²; of samples the loss of all of them, whatever the batch, over that of W₀. */
function lossOf(layer: Layer, scaling: number): (pack: Standing) => number {
  const training = trainingOf(layer);
  const unit = lossAtZero(layer);
  return ({ entries, A, B }) =>
    (training ? regressionLoss(training, scaling, A, B) : entries.loss[entries.loss.length - 1]) / unit;
}

/** The loss where the layer is W₀ alone. */
export function lossAtZero({ d, k, base, data, targetNorm }: Layer): number {
  if (!data) return 0.5 * targetNorm * targetNorm;
  const task = { d, k, rank: 1, ...regressionData(base, data) };
  return regressionLoss(task, 1, new Float32Array(k), new Float32Array(d));
}
