import type { ModuleWithTarget } from '../../experiment/layer/module.ts';
import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import { type LayerCache, layerCache, prepareProblem } from '../../experiment/layer/problem.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Backend } from '../backends/backend.ts';
import { typescriptBackend } from '../backends/own-backends.ts';
import type { Preparation } from '../run/open.ts';
import { composedProblem, composedStepper } from './composed-stepper.ts';

/** d × k of the matrices of one layer of a small decoder whose heads share keys and values. */
const KINDS = { q: [16, 16], k: [8, 16], v: [8, 16], o: [16, 16], up: [24, 16], down: [16, 24] } as const;

/** Two layers, in the order of the forward pass. */
export const TWELVE = [0, 1].flatMap((layer) =>
  Object.entries(KINDS).map(([kind, [d, k]]) => ({ name: `layers.${layer}.${kind}`, d, k })),
);

/** An experiment on one of the matrices alone. A rank that does not fit becomes the largest that does. */
export function experimentOn(e: Experiment, i: number): Experiment {
  const { d, k } = TWELVE[i];
  const rank = Math.min(e.rank, d, k);
  return { ...e, d, k, rank, truerank: Math.min(3 + i, d, k), target: i % 2 === 0 ? 'low-rank' : 'decay' };
}

/** W₀, ΔW*, A and B of one of the matrices: all but the first have their own streams. */
function moduleOf(e: Experiment, i: number, cache: LayerCache): ModuleWithTarget {
  const { name } = TWELVE[i];
  const problem = prepareProblem(experimentOn(e, i), null, { cache, ...(i > 0 && { further: name }) });
  if ('why' in problem) throw new Error(problem.why);
  const [module] = problem.modules;
  return { ...module, name };
}

/** Twelve independent matrices: the loss is the sum of theirs. */
export function twelveProblem(
  e: Experiment,
): Omit<NetworkProblem, 'modules'> & { readonly modules: readonly ModuleWithTarget[] } {
  const cache = layerCache();
  const modules = TWELVE.map((_, i) => moduleOf(e, i, cache));
  return { ...composedProblem(modules), modules };
}

export const prepareTwelve = ({ experiment }: { readonly experiment: Experiment }): Preparation => {
  return () => twelveProblem(experiment);
};

export const composedBackend: Backend = {
  ...typescriptBackend,
  open: async (start) => composedStepper(start),
};
