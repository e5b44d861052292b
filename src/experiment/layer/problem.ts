import './bring.ts';
import { frobenius, type Matrix32, toFloat32 } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { inits } from '../inits/index.ts';
import { settingOf } from '../settings/availability.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf } from '../settings/scaling.ts';
import type { Drawn } from '../targets/factored/factored.ts';
import type { Refusal, Report } from '../targets/target.ts';
import { type LayerCache, layerCache } from './cache.ts';
import { cachedBase, cachedTarget } from './cached-matrices.ts';
import { batchOf, cachedSamples } from './cached-samples.ts';
import { startContext } from './context.ts';
import { dataOf, type LayerData } from './data.ts';
import { reachOfGoal } from './floor.ts';
import { frozenBase, goalOf } from './frozen.ts';
import type { KnownModule, Module, Wanted } from './module.ts';
import { outputDifference, probeInputs } from './output-difference.ts';

export { type LayerCache, layerCache } from './cache.ts';
export { goalOf } from './frozen.ts';

/** s·B·A is to become one known matrix. */
export interface MatrixProblem {
  readonly kind: 'matrix';
  readonly modules: readonly [KnownModule];
}

/** The samples of one linear layer, whose ΔW* is known. */
export interface SamplesProblem {
  readonly kind: 'samples';
  readonly modules: readonly [KnownModule];
  readonly data: LayerData;
}

/** Several weights of a network, trained on its data. */
export interface NetworkProblem {
  readonly kind: 'network';
  /** The name of its forward pass. */
  readonly network: string;
  readonly modules: readonly Module[];
  /** The weights without an adapter, by name. */
  readonly rest: Readonly<Record<string, Matrix32>>;
  readonly data: Pick<LayerData, 'X' | 'Y' | 'heldOut' | 'batches'>;
}

/** What a link stands for: the weights that are adapted, and what they are trained on. */
export type Problem = MatrixProblem | SamplesProblem | NetworkProblem;

export interface ProblemOptions {
  readonly progress?: Report;
  /** False: no singular vectors of ΔW* unless the initialisation needs them. Left out: where min(d, k) ≤ 256. */
  readonly vectors?: boolean;
  /** Keeps what the next problem can use again. */
  readonly cache?: LayerCache;
}

/** Above this min(d, k) singular vectors take more than a second and are made only for an initialisation. */
const VECTORS = 256;

/**
 * W₀, ΔW*, A and B of an experiment, drawn in float64 and rounded once to float32. Each has streams of its own, named
 * 'W0', 'target' and 'noise', 'A' and 'B', so that none depends on settings that are not its own. `drawing` is what
 * `data` holds, or null. Refuses, with a sentence, where there is nothing to learn or an initialisation is not possible.
 */
export function prepareProblem(
  e: Experiment,
  drawing: Drawn | null,
  options: ProblemOptions = {},
): MatrixProblem | SamplesProblem | Refusal {
  const { d, k, rank, seed } = e;
  const { cache = layerCache(), progress = () => {} } = options;
  const init = inits.byName(e.init);
  const why = init.unavailable?.(settingOf(e));
  if (why) return { why };

  const drawn = cachedBase(e, cache, progress);
  const target = cachedTarget(e, drawing, drawn, cache, progress);
  if ('why' in target) return target;
  const kept = drawn ?? target.base;
  if (!kept) throw new Error(`the target ${e.target} has no W₀`);
  const base = kept.matrix;
  const samples = cachedSamples(e, base, target, cache, progress);
  const wanted = init.needs?.includes('reference') || (options.vectors !== false && Math.min(d, k) <= VECTORS);
  const vectors = wanted ? target.triplets(progress) : null;

  progress('A and B', 0);
  const scaling = scalingOf(e);
  const task = samples && { inputs: samples.X, gradient: () => samples.gradient(batchOf(e)) };
  const start = init.draw(startContext(e, { base: kept, target, task }, progress));
  const [A, B] = [toFloat32(start.A), toFloat32(start.B)];
  const frozen = init.moves ? frozenBase(base, A, B, scaling) : base;
  const reach = () => {
    const goal = goalOf({ base, frozen, wanted: target });
    const told = (fraction: number) => progress('the floor of this initialisation', fraction);
    return reachOfGoal(goal, rank, target.norm, frobenius(base), told);
  };
  const moved = init.moves
    ? { scaling, output: outputDifference({ base, frozen, A, B, scaling }, probeInputs(k, seed)), reach: reach() }
    : null;
  const frozenFactor = init.frozen ?? null;
  const facts = {
    a: largestSingularValue(A),
    b: largestSingularValue(B),
    sigma1: target.known.values[0],
    inputs: samples && { ...samples.facts, batch: batchOf(e), noise: e.labelnoise },
  };
  progress('A and B', 1);
  const spectrum = { ...target.known, vectors: vectors && { U: vectors.U, V: vectors.V } };
  const learns: Wanted = { matrix: target.matrix, norm: target.norm, spectrum };
  const matrices = { base, frozen, A, B, frozenFactor, moved };
  const module: KnownModule = { name: 'W', d, k, rank, ...matrices, facts, wanted: learns };
  if (!samples) return { kind: 'matrix', modules: [module] };
  return { kind: 'samples', modules: [module], data: dataOf(module, samples, batchOf(e), progress) };
}
