import { svd } from '../../math/factor/svd.ts';
import { type AnyMatrix, type Matrix32, type Matrix64, scale, toFloat32 } from '../../math/matrix.ts';
import { leadingTriplets } from '../../math/spectral/leading-values.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { type CachedBase, type CachedTarget, type ModuleStreams, present } from '../layer/cache.ts';
import { once } from '../layer/cached.ts';
import { frozenBase, outputDifference, probeInputs } from '../layer/module.ts';
import { secondMoment } from '../regression/floors.ts';
import type { Report } from '../targets/target.ts';
import { MAX_FULL } from './conditions.ts';
import { initFactors } from './factors.ts';
import type { InitName } from './index.ts';
import type { GivenFactors, Init, InitContext, Triplets } from './init.ts';
import { firstTriplets } from './triplets.ts';

interface InitGround {
  readonly base: Pick<CachedBase, 'matrix' | 'triplets' | 'leading'>;
  /** ΔW*; null if unknown. */
  readonly target: Pick<CachedTarget, 'matrix' | 'triplets'> | null;
  /** ∂L/∂W at step 0 over the first batch, and the training inputs X (k × n); null on matrix targets. */
  readonly task: { readonly gradient: () => Matrix64; readonly inputs: Matrix32 } | null;
  /** W₀ − Q if Q is frozen in the place of W₀. */
  readonly lost?: AnyMatrix;
  /** What the initialisation `file` starts from. */
  readonly given?: GivenFactors | null;
}

/** All inputs of initialisations; the slow ones are computed on first call. */
export function startContext(
  { d, k, rank, sigma, size, scaling }: Pick<InitContext, 'd' | 'k' | 'rank' | 'sigma' | 'size' | 'scaling'>,
  { stream }: Pick<ModuleStreams, 'stream'>,
  ground: InitGround,
  report: Report,
): InitContext {
  const { base, task, lost, given = null } = ground;
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
    ...{ d, k, rank, scaling, sigma, size, base: base.matrix, baseTriplets, given },
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
    leadingLoss: lost ? (n) => leading(lost, n, 'directions of W₀ − Q') : null,
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

/** Above this min(d, k) singular vectors take more than a second and are computed only for an initialisation. */
const VECTORS = 256;

export const hasAllVectors = (d: number, k: number): boolean => Math.min(d, k) <= VECTORS;
