import type { LayerCache } from '../../experiment/layer/problem.ts';
import { type OneModule, prepareModule } from '../../experiment/layer/testing/one-module.ts';
import { decide, param } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { derivedRate } from '../../experiment/settings/rate.ts';
import { scalingOf } from '../../experiment/settings/scaling.ts';
import { gaussian, stream } from '../../math/random.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { wasmStepper } from '../steppers/wasm/wasm.ts';
import { initialFactors, startFrom, taskOf, trainingOf } from '../task.ts';
import { regressionLoss } from '../tasks/regression.ts';
import { type OnePack, type OneStepper, oneOf } from './one-matrix.ts';

/** The defaults of everything that is not wanted otherwise. */
export function experimentOf(wanted: Partial<Experiment>): Experiment {
  return decide((key, draft) => wanted[key] ?? param(key).default(draft));
}

/** Throws where the start is not offered. A target that is a matrix of one's own gets a random one. */
export function layerOf(e: Experiment, cache: LayerCache): OneModule {
  const own = e.target === 'matrix' ? gaussian(e.d, e.k, stream(e.seed, 'own')) : null;
  const layer = prepareModule(e, own, { cache, vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

/** A stepper of the engine's own at the derived rate: WebAssembly where the target is a matrix. */
export function stepperOf(e: Experiment, layer: OneModule, factor = 1): OneStepper {
  const scaling = scalingOf(e);
  const lr = factor * derivedRate(e, scaling, layer.facts);
  const task = taskOf(layer.problem);
  const open = task.samples ? typescriptStepper : wasmStepper;
  const start = startFrom(task, initialFactors(layer.problem));
  return oneOf(open({ ...start, settings: { scaling, opt: e.opt, lr, ratio: e.ratio } }));
}

export interface Course {
  /** Loss at the start, at the end and the largest on the way, in units of ½‖ΔW*‖². Of samples: of all of them. */
  readonly start: number;
  readonly end: number;
  readonly most: number;
}

interface Pacing {
  /** Of the derived rate. */
  readonly factor?: number;
  /** On samples the loss of all of them is taken every so many steps. */
  readonly every?: number;
}

/** Trains `steps` steps at the derived rate, or `factor` times it. */
export async function courseOf(e: Experiment, layer: OneModule, steps: number, pacing: Pacing = {}): Promise<Course> {
  const { factor = 1, every = 20 } = pacing;
  const scaling = scalingOf(e);
  const training = trainingOf(layer.problem);
  const unit = 0.5 * layer.targetNorm * layer.targetNorm;
  const stepper = stepperOf(e, layer, factor);
  const losses: number[] = [];
  const note = ({ A, B, entries }: OnePack) =>
    losses.push(...(training ? [regressionLoss(training, scaling, A, B)] : entries.loss));
  note(await stepper.measure());
  for (let made = 0; made < steps; made += every) note(await stepper.steps(Math.min(every, steps - made)));
  stepper.dispose();
  // NaN if one of them is, which lies below no bound.
  const most = Math.max(...losses);
  return { start: losses[0] / unit, end: losses[losses.length - 1] / unit, most: most / unit };
}
