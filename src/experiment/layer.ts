import { frobenius, type Matrix32, type Matrix64, multiply, toFloat32, transpose } from '../math/matrix.ts';
import { qrR } from '../math/qr.ts';
import { stream } from '../math/random.ts';
import { largestSingularValue } from '../math/singular-values.ts';
import { inits } from './inits/index.ts';
import { keptBase, keptTarget, type LayerCache, layerCache, type Report } from './kept.ts';
import type { Experiment } from './params.ts';
import type { Facts } from './rate.ts';
import { scalingOf } from './scaling.ts';
import type { KnownValues } from './spectrum.ts';
import type { Refusal } from './target.ts';

export { type LayerCache, layerCache } from './kept.ts';

/** What is known of the singular values and vectors of the float32 ΔW*. */
export interface TargetSpectrum extends KnownValues {
  /** All min(d, k) left (d × n) and right (k × n) singular vectors, where they were worth making; else null. */
  readonly vectors: { readonly U: Matrix64; readonly V: Matrix64 } | null;
}

/** The matrices that a link stands for, bit for bit the same everywhere. */
export interface Layer {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** W₀, d × k, frozen. */
  readonly base: Matrix32;
  /** ΔW*, d × k. */
  readonly target: Matrix32;
  /** ‖ΔW*‖_F of the float32 target. */
  readonly targetNorm: number;
  readonly spectrum: TargetSpectrum;
  /** Initial factors: A is r × k, B is d × r. */
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly facts: Facts;
}

export interface LayerOptions {
  readonly progress?: Report;
  /** False: no singular vectors of ΔW* unless the initialisation needs them. Left out: where min(d, k) ≤ 256. */
  readonly vectors?: boolean;
  /** Keeps what the next layer can use again. */
  readonly cache?: LayerCache;
}

/** Above this min(d, k) singular vectors take more than a second and are made only for an initialisation. */
const VECTORS = 256;

/**
 * W₀, ΔW*, A and B of an experiment, drawn in float64 and rounded once to float32. Each has streams of its own, named
 * 'W0', 'target' and 'noise', 'A' and 'B', so that none depends on settings that are not its own. `drawing` holds
 * values 0 … 1 or is null. Refuses, with a sentence, where there is nothing to learn or a start cannot be had.
 */
export function prepareLayer(e: Experiment, drawing: Matrix64 | null, options: LayerOptions = {}): Layer | Refusal {
  const { d, k, rank, seed, sigma } = e;
  const { cache = layerCache(), progress = () => {} } = options;
  const init = inits.byName(e.init);
  const why = init.unavailable?.({ d, k, rank });
  if (why) return { why };

  const base = keptBase(e, cache, progress);
  const target = keptTarget(e, drawing, base, cache, progress);
  if ('why' in target) return target;
  const reference = () => target.triplets(progress);
  const wanted = init.needsReference || (options.vectors !== false && Math.min(d, k) <= VECTORS);
  const vectors = wanted ? reference() : null;

  progress('A and B', 0);
  const streams = { streamA: stream(seed, 'A'), streamB: stream(seed, 'B') };
  const start = init.draw({ d, k, rank, scaling: scalingOf(e), sigma, ...streams, base, reference });
  const [A, B] = [toFloat32(start.A), toFloat32(start.B)];
  const facts = { a: largestSingularValue(A), b: largestSingularValue(B), sigma1: target.known.values[0] };
  progress('A and B', 1);
  const spectrum = { ...target.known, vectors: vectors && { U: vectors.U, V: vectors.V } };
  return { d, k, rank, base, target: target.matrix, targetNorm: target.norm, spectrum, A, B, facts };
}

/** ‖s·B·A‖_F/‖W₀‖_F: by how much the start changes the layer; 0 where a factor is zero. */
export function perturbation({ A, B, base }: Pick<Layer, 'A' | 'B' | 'base'>, scaling: number): number {
  // ‖B·A‖_F = ‖R_B·R_Aᵀ‖_F with B = Q_B·R_B and Aᵀ = Q_A·R_A: no d × k matrix.
  return (scaling * frobenius(multiply(qrR(B), transpose(qrR(transpose(A)))))) / frobenius(base);
}
