import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { settingsOf, tuningOf } from '../run/tuner.ts';
import type { StepperStart } from '../steppers/stepper.ts';
import { prepareNetwork } from '../tasks/network/problem.ts';
import { initialFactors, startFrom, taskOf } from '../tasks/task.ts';
import { assetsInNode } from './assets-in-node.ts';

export const digits = (changes: Partial<Experiment> = {}) =>
  change(defaults(), { target: 'digits', rank: 4, ...changes });

const assets = await assetsInNode({ target: 'digits' }, '');

export function digitsProblem(changes: Partial<Experiment> = {}): NetworkProblem {
  const e = digits(changes);
  const target = targets.byName(e.target);
  if (target.kind !== 'network' || !assets) throw new Error('not a network');
  const problem = prepareNetwork(e, target, assets);
  if ('why' in problem) throw new Error(problem.why);
  return problem;
}

export function digitsStart(changes: Partial<Experiment> = {}): StepperStart {
  const problem = digitsProblem(changes);
  const settings = settingsOf(tuningOf(digits(changes), problem.modules), problem.modules);
  return { ...startFrom(taskOf(problem), initialFactors(problem)), settings };
}
