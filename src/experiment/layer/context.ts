import { svd } from '../../math/factor/svd.ts';
import { type AnyMatrix, type Matrix32, type Matrix64, scale } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { leadingTriplets } from '../../math/spectral/leading-triplets.ts';
import { FULL } from '../inits/conditions.ts';
import type { StartContext, Triplets } from '../inits/initialisation.ts';
import { firstTriplets } from '../inits/triplets.ts';
import { secondMoment } from '../regression/covariance.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf } from '../settings/scaling.ts';
import type { Report } from '../targets/target.ts';
import type { CachedBase, CachedTarget } from './cache.ts';

/** What an initialisation may be made from, beside the experiment. */
export interface Ground {
  /** W₀ and ΔW*. */
  readonly base: CachedBase;
  readonly target: CachedTarget;
  /** ∂L/∂W at step 0 over the first batch, and the training inputs X (k × n); null on matrix targets. */
  readonly task: { readonly gradient: () => Matrix64; readonly inputs: Matrix32 } | null;
}

/** All that an initialisation can ask of a layer. What takes long is made when it is first asked for. */
export function startContext(e: Experiment, ground: Ground, report: Report): StartContext {
  const { d, k, rank, seed, sigma } = e;
  const { base, target, task } = ground;
  const told = (stage: string) => (fraction: number) => report(stage, fraction);
  const baseTriplets = () => base.triplets(report);
  const small = Math.min(d, k) <= FULL;
  const leading = (m: AnyMatrix, n: number, stage: string) =>
    Math.min(m.rows, m.cols) <= FULL ? firstTriplets(svd(m, told(stage)), n) : leadingTriplets(m, n, told(stage));
  const moment = once(() => (task ? secondMoment(task.inputs) : null));
  const gradient = (n: number): Triplets => {
    if (task) return leading(task.gradient(), n, 'singular vectors of the gradient');
    // −ΔW* = U·S·(−V)ᵀ.
    const found = small ? firstTriplets(target.triplets(report), n) : leading(target.matrix, n, 'directions of ΔW*');
    return { ...found, V: scale(found.V, -1) };
  };
  return {
    ...{ d, k, rank, scaling: scalingOf(e), sigma, base: base.matrix, baseTriplets },
    streamA: stream(seed, 'A'),
    streamB: stream(seed, 'B'),
    stream: (purpose) => stream(seed, purpose),
    reference: () => target.triplets(report),
    leadingBase: (n) =>
      base.leading?.(n) ?? (small ? firstTriplets(baseTriplets(), n) : leading(base.matrix, n, 'directions of W₀')),
    leadingGradient: gradient,
    decompose: (m) => svd(m, told('singular vectors')),
    secondMoment: task ? () => present(moment()) : null,
    leadingInputs: task ? (n) => leading(present(moment()), n, 'directions of the inputs') : null,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error('the target has no inputs');
  return value;
}
