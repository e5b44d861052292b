import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { settingsOf, tuningOf } from '../run/tuner.ts';
import type { StepperStart } from '../steppers/stepper.ts';
import type { NetworkAssets } from '../tasks/network/assets.ts';
import { prepareNetwork } from '../tasks/network/problem.ts';
import { initialFactors, startFrom, taskOf } from '../tasks/task.ts';
import { assetsInNode } from './assets-in-node.ts';

export const digits = (changes: Partial<Experiment> = {}) =>
  change(defaults(), { target: 'digits', rank: 4, ...changes });

const ofDigits = await assetsInNode({ target: 'digits' }, '');

function problemOf(e: Experiment, assets: NetworkAssets | null): NetworkProblem {
  const target = targets.byName(e.target);
  if (target.kind !== 'network' || !assets) throw new Error('not a network');
  const problem = prepareNetwork(e, target, assets);
  if ('why' in problem) throw new Error(problem.why);
  return problem;
}

export function startOf(e: Experiment, problem: NetworkProblem): StepperStart {
  const settings = settingsOf(tuningOf(e, problem.modules), problem.modules);
  return { ...startFrom(taskOf(problem, e), initialFactors(problem)), settings };
}

export const digitsProblem = (changes: Partial<Experiment> = {}) => problemOf(digits(changes), ofDigits);
export const digitsStart = (changes: Partial<Experiment> = {}) => startOf(digits(changes), digitsProblem(changes));

/** A network of any kind, whose files are read anew. */
export async function networkProblem(e: Experiment): Promise<NetworkProblem> {
  return problemOf(e, await assetsInNode(e, ''));
}

export async function networkStart({ target, ...changes }: Partial<Experiment>): Promise<StepperStart> {
  const e = change(change(defaults(), { target }), changes);
  return startOf(e, await networkProblem(e));
}
