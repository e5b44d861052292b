import { svd } from '../../math/factor/svd.ts';
import { type AnyMatrix, frobenius, type Matrix32, type Matrix64, scale, toFloat32 } from '../../math/matrix.ts';
import { leadingTriplets } from '../../math/spectral/leading-values.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { MAX_FULL } from '../inits/conditions.ts';
import { initFactors } from '../inits/factors.ts';
import { type InitName, inits } from '../inits/index.ts';
import type { Init, InitContext, Triplets } from '../inits/init.ts';
import { firstTriplets } from '../inits/triplets.ts';
import { methodMaker } from '../methods/method-maker.ts';
import type { NetworkData } from '../network/network-data.ts';
import { secondMoment } from '../regression/covariance.ts';
import { initSettingsOf, methodObstacle } from '../settings/availability.ts';
import { besideLora, choosesFactor, frozenFactorOf } from '../settings/bounds.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf } from '../settings/rate.ts';
import type { DataMatrix } from '../targets/factored-matrix.ts';
import type { NetworkLayer, Refusal, Report } from '../targets/target.ts';
import {
  batchOf,
  type CachedBase,
  type CachedTarget,
  cachedBase,
  cachedSamples,
  cachedTarget,
  type LayerCache,
  layerCache,
  type ModuleStreams,
  moduleStreams,
  present,
} from './cache.ts';
import { once } from './cached.ts';
import {
  frozenBase,
  type LayerData,
  type LayerModule,
  layerDataOf,
  type ModuleTarget,
  type ModuleWithTarget,
  outputDifference,
  probeInputs,
  productTarget,
} from './module.ts';
import { reachOfGoal, spanFloor } from './reach.ts';

interface InitGround {
  readonly base: Pick<CachedBase, 'matrix' | 'triplets' | 'leading'>;
  /** ΔW*; null if unknown. */
  readonly target: Pick<CachedTarget, 'matrix' | 'triplets'> | null;
  /** ∂L/∂W at step 0 over the first batch, and the training inputs X (k × n); null on matrix targets. */
  readonly task: { readonly gradient: () => Matrix64; readonly inputs: Matrix32 } | null;
}

/** All inputs of initialisations; the slow ones are computed on first call. */
export function startContext(
  { d, k, rank, sigma, size, scaling }: Pick<InitContext, 'd' | 'k' | 'rank' | 'sigma' | 'size' | 'scaling'>,
  { stream }: Pick<ModuleStreams, 'stream'>,
  ground: InitGround,
  report: Report,
): InitContext {
  const { base, task } = ground;
  const stageProgress = (stage: string) => (fraction: number) => report(stage, fraction);
  const baseTriplets = () => base.triplets(report);
  const small = Math.min(d, k) <= MAX_FULL;
  const leading = (m: AnyMatrix, n: number, stage: string) =>
    Math.min(m.rows, m.cols) <= MAX_FULL
      ? firstTriplets(svd(m, stageProgress(stage)), n)
      : leadingTriplets(m, n, stageProgress(stage));
  const moment = once(() => secondMoment(present(task, 'the target has no inputs').inputs));
  const gradient = (n: number): Triplets => {
    if (task) return leading(task.gradient(), n, 'singular vectors of the gradient');
    const target = present(ground.target, 'ΔW* is unknown');
    // −ΔW* = U·S·(−V)ᵀ.
    const found = small ? firstTriplets(target.triplets(report), n) : leading(target.matrix, n, 'directions of ΔW*');
    return { ...found, V: scale(found.V, -1) };
  };
  return {
    ...{ d, k, rank, scaling, sigma, size, base: base.matrix, baseTriplets },
    streamA: stream('A'),
    streamB: stream('B'),
    stream,
    reference: () => present(ground.target, 'ΔW* is unknown').triplets(report),
    leadingBase: (n) =>
      base.leading?.(n) ?? (small ? firstTriplets(baseTriplets(), n) : leading(base.matrix, n, 'directions of W₀')),
    leadingGradient: gradient,
    decompose: (m) => svd(m, stageProgress('singular vectors')),
    secondMoment: task ? moment : null,
    leadingInputs: task ? (n) => leading(moment(), n, 'directions of the inputs') : null,
  };
}

/** A and B as an initialisation fills them, rounded once, their largest singular values, and what it moves out of W₀. */
export function drawnStart(init: Init<InitName>, context: InitContext, seed: number) {
  const { base, scaling, k } = context;
  const start = initFactors[init.name](context);
  const sized = init.params.includes('size') ? scale(start.A, context.size) : start.A;
  const [A, B] = [toFloat32(sized), toFloat32(start.B)];
  const frozen = init.moves ? frozenBase(base, A, B, scaling) : base;
  const output = () => outputDifference({ base, frozen, A, B, scaling }, probeInputs(k, seed));
  return {
    ...{ A, B, frozen, frozenFactor: init.frozen ?? null },
    largest: { a: largestSingularValue(A), b: largestSingularValue(B) },
    moved: init.moves ? { scaling, output: output() } : null,
  };
}

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

/** Above this min(d, k) singular vectors take more than a second and are computed only for an initialisation. */
const VECTORS = 256;

/**
 * W₀, ΔW*, A and B of an experiment, drawn in float64 and rounded once to float32. Streams 'W0', 'target' and 'noise',
 * 'A' and 'B' (prefixed with the name of a further module) keep each independent of unrelated settings. `drawing` is
 * the decoded `data`. Refuses if there is nothing to learn or an initialisation is impossible.
 */
export function prepareProblem(
  e: Experiment,
  drawing: DataMatrix | null,
  options: ProblemOptions = {},
): MatrixProblem | SamplesProblem | Refusal {
  const { d, k, rank, seed } = e;
  const { cache = layerCache(), progress = () => {}, further = null } = options;
  const streams = moduleStreams(seed, further);
  const init = inits.byName(e.init);
  const besides = besideLora(e);
  const why = methodObstacle(e) ?? (besides ? null : init.unavailable?.(initSettingsOf(e)));
  if (why) return { why };

  const drawn = cachedBase(e, streams, cache, progress);
  const target = cachedTarget(e, streams, drawing, drawn, cache, progress);
  if ('why' in target) return target;
  const kept = present(drawn ?? target.base, `the target ${e.target} has no W₀`);
  const base = kept.matrix;
  const samples = cachedSamples(e, kept, target, cache, progress);
  const wanted =
    (!besides && init.needs?.includes('reference')) || (options.vectors !== false && Math.min(d, k) <= VECTORS);
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
  const task = samples && { inputs: samples.X, gradient: () => samples.gradient(batchOf(e)) };
  const context = startContext({ ...e, scaling }, streams, { base: kept, target, task }, progress);
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
  return { kind: 'samples', modules: [module], data: layerDataOf(module, samples, batchOf(e), progress) };
}
