import { frobenius, type Matrix32 } from '../../math/matrix.ts';
import { givenOf } from '../inits/given-factors.ts';
import { inits } from '../inits/index.ts';
import { drawnStart, hasAllVectors, startContext } from '../inits/start-context.ts';
import { openDrawing } from '../matrix-file/stored-module.ts';
import { methodMaker } from '../methods/method-maker.ts';
import type { NetworkData } from '../network/network-data.ts';
import { initSettingsOf, methodObstacle } from '../settings/availability.ts';
import { besideLora, choosesFactor, frozenFactorOf, isQuantised } from '../settings/bounds.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf } from '../settings/rate.ts';
import type { ReadyDrawing } from '../targets/factored-matrix.ts';
import type { NetworkLayer, Refusal, Report } from '../targets/target.ts';
import {
  batchOf,
  cachedBase,
  cachedSamples,
  cachedTarget,
  type LayerCache,
  layerCache,
  moduleStreams,
  present,
} from './cache.ts';
import {
  type LayerData,
  type LayerModule,
  layerDataOf,
  type ModuleTarget,
  type ModuleWithTarget,
  productTarget,
} from './module.ts';
import { reachOfGoal, spanFloor } from './reach.ts';

export { type LayerCache, layerCache } from './cache.ts';
export { productTarget } from './module.ts';

export interface MatrixProblem {
  readonly kind: 'matrix';
  readonly modules: readonly [ModuleWithTarget];
}

export interface SamplesProblem {
  readonly kind: 'samples';
  readonly modules: readonly [ModuleWithTarget];
  readonly data: LayerData;
}

export interface NetworkProblem {
  readonly kind: 'network';
  /** The adapted matrices. */
  readonly modules: readonly LayerModule[];
  /** All its matrices as the forward pass reads them, W_frozen under an adapter. */
  readonly layers: readonly (NetworkLayer & { readonly W: Matrix32 })[];
  readonly data: NetworkData;
}

/** The content of a link: the adapted weights, and their training data. */
export type Problem = MatrixProblem | SamplesProblem | NetworkProblem;

export interface ProblemOptions {
  readonly progress?: Report;
  /** The name of a module that is not the first. Default: the first, named W. */
  readonly further?: string;
  /** False: no singular vectors of ΔW* unless the initialisation needs them. Default: if min(d, k) ≤ 256. */
  readonly vectors?: boolean;
  readonly cache?: LayerCache;
}

/**
 * W₀, ΔW*, A and B of an experiment, drawn in float64 and rounded once to float32. Streams 'W0', 'target' and 'noise',
 * 'A' and 'B' (prefixed with the name of a further module) keep each independent of unrelated settings. `data`
 * is decoded. Refuses if there is nothing to learn or an initialisation is impossible.
 */
export function prepareProblem(
  e: Experiment,
  data: ReadyDrawing | null,
  options: ProblemOptions = {},
): MatrixProblem | SamplesProblem | Refusal {
  const { d, k, rank, seed } = e;
  const { cache = layerCache(), progress = () => {}, further = null } = options;
  const streams = moduleStreams(seed, further);
  const init = inits.byName(e.init);
  const besides = besideLora(e);
  const why = methodObstacle(e) ?? (besides ? null : init.unavailable?.(initSettingsOf(e)));
  if (why) return { why };

  const drawing = openDrawing(data, cache);
  if (drawing && 'why' in drawing) return drawing;
  const drawn = cachedBase(e, streams, drawing, cache, progress);
  const target = cachedTarget(e, streams, drawing, drawn, cache, progress);
  if ('why' in target) return target;
  const given = givenOf(e, drawing);
  if (init.name === 'file' && !given)
    return { why: 'This data holds no A and B to start from. Use another initialisation.' };
  const kept = present(drawn ?? target.base, `the target ${e.target} has no W₀`);
  const base = kept.matrix;
  if (isQuantised(e)) {
    const module = methodMaker().quantisedModule(e, { streams, kept, target, given, cache, progress, options });
    return 'why' in module ? module : { kind: 'matrix', modules: [module] };
  }
  const samples = cachedSamples(e, kept, target, cache, progress);
  const wanted = (!besides && init.needs?.includes('reference')) || (options.vectors !== false && hasAllVectors(d, k));
  const vectors = wanted ? target.triplets(progress) : null;

  const spectrum = { ...target.known, vectors: vectors && { U: vectors.U, V: vectors.V } };
  const learns: ModuleTarget = { matrix: target.matrix, norm: target.norm, spectrum };
  if (besides) {
    const { leadingBase } = startContext({ ...e, scaling: 1 }, streams, { base: kept, target, task: null }, progress);
    const module = methodMaker().methodModule(besides, e, learns, { base, stream: streams.stream, leadingBase });
    return 'why' in module ? module : { kind: 'matrix', modules: [module] };
  }

  progress('A and B', 0);
  const scaling = scalingOf(e);
  const task = samples && { inputs: samples.X, gradient: () => samples.gradient(batchOf(e), e.order) };
  const context = startContext({ ...e, scaling }, streams, { base: kept, target, task, given }, progress);
  const { frozen, moved, largest, ...factors } = drawnStart(init, context, seed);
  const start = { ...factors, frozenFactor: frozenFactorOf(e) };
  const reach = () => {
    const goal = productTarget({ base, frozen, wanted: target });
    const least = spanFloor({ ...start, goal, norm: target.norm, baseNorm: frobenius(base) });
    if (least !== null) return { floor: least, open: 0 };
    const stageProgress = (fraction: number) => progress('the floor of this initialisation', fraction);
    return reachOfGoal(goal, rank, target.norm, frobenius(base), stageProgress);
  };
  const facts = {
    ...largest,
    sigma1: target.known.values[0],
    ...(choosesFactor(e) && { frozen: frozenFactorOf(e) }),
    inputs: samples && { ...samples.facts, batch: batchOf(e), noise: e.labelnoise },
  };
  progress('A and B', 1);
  const matrices = { base, frozen, ...start, moved: moved && { ...moved, reach: reach() } };
  const module: ModuleWithTarget = { name: further ?? 'W', d, k, rank, ...matrices, facts, wanted: learns };
  if (!samples) return { kind: 'matrix', modules: [module] };
  return {
    kind: 'samples',
    modules: [module],
    data: layerDataOf(module, samples, samples.batches(batchOf(e), e.order), progress),
  };
}
