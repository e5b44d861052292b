import { typescriptStepper } from '../../src/engine/steppers/typescript.ts';
import { wasmStepper } from '../../src/engine/steppers/wasm/wasm.ts';
import { initialFactors, startFrom, taskOf, trainingOf } from '../../src/engine/task.ts';
import { regressionLoss } from '../../src/engine/tasks/regression.ts';
import { type OnePack, oneOf } from '../../src/engine/testing/one-matrix.ts';
import { regressionData } from '../../src/engine/testing/regression-data.ts';
import type { OneModule } from '../../src/experiment/layer/testing/one-module.ts';
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
export async function train(
  e: Experiment,
  layer: OneModule,
  factor: number,
  steps: readonly number[],
): Promise<Losses> {
  const scaling = scalingOf(e);
  const settings = { scaling, opt: e.opt, lr: factor * derivedRate(e, scaling, layer.facts), ratio: e.ratio };
  const task = taskOf(layer.problem);
  const open = task.samples ? typescriptStepper : wasmStepper;
  const stepper = oneOf(open({ ...startFrom(task, initialFactors(layer.problem)), settings }));
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

/** Of a matrix target ‖E‖²/‖ΔW*‖²; of samples the loss of all of them, whatever the batch, over that of W₀. */
function lossOf(layer: OneModule, scaling: number): (pack: OnePack) => number {
  const training = trainingOf(layer.problem);
  const unit = lossAtZero(layer);
  return ({ entries, A, B }) =>
    (training ? regressionLoss(training, scaling, A, B) : entries.loss[entries.loss.length - 1]) / unit;
}

/** The loss where the layer is W₀ alone. */
export function lossAtZero({ d, k, base, data, targetNorm }: OneModule): number {
  if (!data) return 0.5 * targetNorm * targetNorm;
  const task = { d, k, rank: 1, ...regressionData(base, data) };
  return regressionLoss(task, 1, new Float32Array(k), new Float32Array(d));
}
