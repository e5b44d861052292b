import { type LayerModule, type ModuleWithTarget, productTarget } from '../../experiment/layer/module.ts';
import type { Problem, SamplesProblem } from '../../experiment/layer/problem.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type Schedule, scheduleOf } from '../../experiment/settings/rate.ts';
import { type Regime, regimeOf } from '../../experiment/settings/regime.ts';
import { type Matrix32, transpose } from '../../math/matrix.ts';
import type { Factors, ModuleTask, NetworkTask, SampleTask, StepperStart } from '../steppers/stepper.ts';
import type { RegressionTask } from './regression.ts';

/** The constant part of a start. */
export interface TrainingTask {
  readonly modules: readonly ModuleTask[];
  readonly samples: SampleTask | null;
  readonly network: NetworkTask | null;
  readonly regime: Regime | null;
  readonly schedule: Schedule | null;
}

/** The training task of a problem: the residual of each s·B·A to its goal, or the samples; and how an experiment has it trained. */
export function taskOf(problem: Problem, e: Experiment | null = null): TrainingTask {
  const training = trainingTask(problem);
  const samples =
    problem.kind === 'samples' && training
      ? { inputs: training.inputs, labels: training.labels, batches: problem.data.batches }
      : null;
  const modules = problem.modules.map((module: LayerModule) => {
    const { name, d, k, rank, frozenFactor, full, method } = module;
    return {
      name,
      d,
      k,
      rank,
      frozen: frozenFactor,
      full,
      method: method && { ...method, base: module.base.data },
      target: hasTarget(module) ? productTarget(module).data : null,
    };
  });
  const how = { regime: e && regimeOf(e), schedule: e && scheduleOf(e) };
  return { modules, samples, network: networkTaskOf(problem), ...how };
}

function networkTaskOf(problem: Problem): NetworkTask | null {
  if (problem.kind !== 'network') return null;
  const { layers, data } = problem;
  return { layers: layers.map(({ W, ...layer }) => ({ ...layer, W: W.data })), data };
}

export function startFrom(
  { modules, ...rest }: TrainingTask,
  factors: readonly Factors[],
): Omit<StepperStart, 'settings'> {
  return { modules: modules.map((module, i) => ({ ...module, ...factors[i] })), ...rest };
}

export function initialFactors({ modules }: Problem): readonly Factors[] {
  return modules.map(({ A, B, method }: LayerModule) => ({
    ...{ A: A.data, B: B.data },
    ...(method && { own: method.own }),
  }));
}

export function hasTarget(module: LayerModule): module is ModuleWithTarget {
  return module.wanted !== null;
}

/** All training samples of a linear layer as a task to measure; null for another problem. */
export function trainingTask(problem: Problem): RegressionTask | null {
  if (problem.kind !== 'samples') return null;
  const { modules, data } = problem;
  return regressionOf(modules, data.X, data.residuals.training);
}

/** The held-out samples as a task to measure; null for another problem. */
export function heldOutTask(problem: Problem): RegressionTask | null {
  if (problem.kind !== 'samples') return null;
  const { modules, data } = problem;
  return regressionOf(modules, data.heldOut.X, data.residuals.heldOut);
}

function regressionOf([{ d, k, rank }]: SamplesProblem['modules'], X: Matrix32, R: Matrix32): RegressionTask {
  return { d, k, rank, ...columnsOf(X, R) };
}

type SampleColumns = Pick<RegressionTask, 'inputs' | 'labels'>;

/** Columns by their residual labels: every rank of a layer shares those of its training and held-out samples. */
const made = new WeakMap<Matrix32, SampleColumns>();

function columnsOf(X: Matrix32, R: Matrix32): SampleColumns {
  const columns = made.get(R) ?? { inputs: transpose(X).data, labels: transpose(R).data };
  made.set(R, columns);
  return columns;
}
