import { svd } from '../../../math/factor/svd.ts';
import { type Matrix32, type Matrix64, multiply, scale, subtract, toFloat32, transpose } from '../../../math/matrix.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { frozenBase, outputDifference, probeInputs } from '../../layer/module.ts';
import { initFactors } from '../factors.ts';
import type { InitName } from '../index.ts';
import type { Init, InitContext } from '../init.ts';
import { firstTriplets } from '../triplets.ts';

export interface ContextInputs {
  readonly base: Matrix32;
  readonly rank: number;
  readonly scaling?: number;
  readonly seed?: number;
  readonly reference?: Matrix64;
  readonly gradient?: Matrix64;
  /** C; default: white inputs. */
  readonly secondMoment?: Matrix64;
}

export function contextOf({
  base,
  rank,
  scaling = 2,
  seed = 1,
  reference,
  gradient,
  secondMoment,
}: ContextInputs): InitContext {
  const { rows: d, cols: k } = base;
  const tripletsOf = (m: Matrix32 | Matrix64 | undefined) => {
    if (!m) throw new Error('this start has no need of it');
    return svd(m);
  };
  return {
    ...{ d, k, rank, scaling, sigma: 1, size: 1, base },
    ...{ streamA: stream(seed, 'A'), streamB: stream(seed, 'B'), stream: (purpose) => stream(seed, purpose) },
    reference: () => tripletsOf(reference),
    baseTriplets: () => tripletsOf(base),
    leadingBase: (n) => firstTriplets(tripletsOf(base), n),
    leadingGradient: (n) => firstTriplets(tripletsOf(gradient), n),
    secondMoment: secondMoment ? () => secondMoment : null,
    leadingLoss: (n) => firstTriplets(svd(subtract(base, throughNf4(base))), n),
    leadingInputs: secondMoment ? (n) => firstTriplets(tripletsOf(secondMoment), n) : null,
  };
}

/** Wide, tall, square and odd shapes, each with a few ranks from 1 to min(d, k). */
export const SETTINGS: readonly (readonly [d: number, k: number, rank: number])[] = [
  [1, 1],
  [1, 9],
  [9, 1],
  [7, 5],
  [12, 40],
  [40, 12],
  [24, 24],
  [33, 17],
].flatMap(([d, k]) => [...new Set([1, Math.ceil(Math.min(d, k) / 2), Math.min(d, k)])].map((r) => [d, k, r] as const));

export function baseOf(d: number, k: number, seed = 1): Matrix32 {
  return toFloat32(scale(gaussian(d, k, stream(seed, 'W0')), 1 / Math.sqrt(k)));
}

export function colouredMoment(k: number, n = 3 * k, seed = 1): Matrix64 {
  const source = stream(seed, 'samples');
  const mix = gaussian(k, k, source);
  for (let i = 0; i < k * k; i++) mix.data[i] *= 1 / (1 + (i % k));
  const X = multiply(mix, gaussian(k, n, source));
  return scale(multiply(X, transpose(X)), 1 / n);
}

/** A, B and W_frozen in float32 as a layer starts, s·B·A of these in float64, and the output's distance from W₀x. */
export function initFactorsOf(init: Init<InitName>, given: ContextInputs) {
  const { scaling = 2, base } = given;
  const start = initFactors[init.name](contextOf(given));
  const [A, B] = [toFloat32(start.A), toFloat32(start.B)];
  const frozen = init.moves ? frozenBase(base, A, B, scaling) : base;
  const moved = { base, frozen, A, B, scaling };
  const difference = outputDifference(moved, probeInputs(base.cols, 1));
  return { ...moved, delta: scale(multiply(B, A), scaling), difference };
}

/** Each setting that an initialisation offers, at a small, a usual and a large s. */
export function offeredSettings(init: Init, settings = SETTINGS) {
  return settings
    .filter(([d, k, rank]) => !init.unavailable?.({ d, k, rank, inputs: true }))
    .flatMap(([d, k, rank]) => [0.25, 2, 16].map((scaling) => ({ d, k, rank, scaling, base: baseOf(d, k) })));
}
