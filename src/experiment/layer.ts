import { frobenius, type Matrix32, type Matrix64, multiply, toFloat32, transpose } from '../math/matrix.ts';
import { qrR } from '../math/qr.ts';
import { stream } from '../math/random.ts';
import { largestSingularValue, singularValues } from '../math/singular-values.ts';
import { svd } from '../math/svd.ts';
import { normalRows } from './draws.ts';
import { isActive } from './experiment.ts';
import type { Triplets } from './initialisation.ts';
import { inits } from './inits/index.ts';
import type { Experiment } from './params.ts';
import type { Facts } from './rate.ts';
import { scalingOf } from './scaling.ts';
import type { Refusal } from './target.ts';
import { targets } from './targets/index.ts';

/** What is known of the singular values of ΔW*. */
export interface TargetSpectrum {
  /** All min(d, k) singular values of the float32 ΔW*, descending, in float64. */
  readonly values: Float64Array;
  /** Leading left (d × n) and right (k × n) singular vectors, where they were worth making; else null. */
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
  /** Told at least a few times a second what is being made, with the share of it that is done, 0 … 1. */
  readonly progress?: (stage: string, fraction: number) => void;
  /** False: no singular vectors of ΔW* unless the initialisation needs them. Left out: up to 256 rows or columns. */
  readonly vectors?: boolean;
  /** Keeps what the next layer can use again. */
  readonly cache?: LayerCache;
}

/** The last W₀ and ΔW*: a change of rank, initialisation or α makes neither of them again. */
export interface LayerCache {
  base: { readonly key: string; readonly matrix: Matrix32 } | null;
  target: KeptTarget | null;
}

interface KeptTarget {
  readonly key: string;
  readonly drawing: Matrix64 | null;
  readonly matrix: Matrix32;
  readonly norm: number;
  readonly values: Float64Array;
  triplets: Triplets | null;
}

export function layerCache(): LayerCache {
  return { base: null, target: null };
}

/** Above this min(d, k) singular vectors take more than a second and are made only for an initialisation. */
const VECTORS = 256;

/**
 * W₀, ΔW*, A and B of an experiment, drawn in float64 and rounded once to float32. Each has a stream of its own, named
 * 'W0', 'target', 'noise', 'A' and 'B', so that none depends on settings that are not its own. `drawing` holds values
 * 0 … 1 or is null. Refuses, with a sentence, where there is nothing to learn or a start cannot be had.
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
  const reference = () => {
    target.triplets ??= svd(target.matrix, (fraction) => progress('singular vectors of ΔW*', fraction));
    return target.triplets;
  };
  const wanted = init.needsReference || (options.vectors !== false && Math.min(d, k) <= VECTORS);
  const vectors = wanted ? reference() : null;

  progress('A and B', 0);
  const streams = { streamA: stream(seed, 'A'), streamB: stream(seed, 'B') };
  const start = init.draw({ d, k, rank, scaling: scalingOf(e), sigma, ...streams, base, reference });
  const A = toFloat32(start.A);
  const B = toFloat32(start.B);
  const facts = { a: largestSingularValue(A), b: largestSingularValue(B), sigma1: target.values[0] };
  progress('A and B', 1);
  const spectrum = { values: target.values, vectors: vectors && { U: vectors.U, V: vectors.V } };
  return { d, k, rank, base, target: target.matrix, targetNorm: target.norm, spectrum, A, B, facts };
}

type Report = (stage: string, fraction: number) => void;

/** W₀ with entries N(0, 1/k). */
function keptBase({ seed, d, k }: Experiment, cache: LayerCache, progress: Report): Matrix32 {
  const key = JSON.stringify([seed, d, k]);
  if (cache.base?.key === key) return cache.base.matrix;
  progress('W₀', 0);
  const matrix = toFloat32(normalRows(d, k, 1 / Math.sqrt(k), stream(seed, 'W0')));
  cache.base = { key, matrix };
  return matrix;
}

function keptTarget(
  e: Experiment,
  drawing: Matrix64 | null,
  base: Matrix32,
  cache: LayerCache,
  progress: Report,
): KeptTarget | Refusal {
  const target = targets.byName(e.target);
  const key = JSON.stringify([
    e.seed,
    e.d,
    e.k,
    target.name,
    target.params.map((name) => (name === 'data' ? 0 : e[name])),
  ]);
  const seen = target.params.includes('data') ? drawing : null;
  if (cache.target?.key === key && sameEntries(cache.target.drawing, seen)) return cache.target;

  progress('ΔW*', 0);
  // Where the table does not offer `align` it does not count, whatever value it still has.
  const settings = { ...e, align: isActive('align', e) ? e.align : null };
  const built = target.build({
    settings,
    stream: (purpose) => stream(e.seed, purpose),
    base,
    drawing: seen,
    progress: (fraction) => progress('ΔW*', fraction),
  });
  if ('why' in built) return built;
  const matrix = toFloat32(built.matrix);
  const norm = frobenius(matrix);
  if (norm === 0)
    return { why: 'ΔW* is zero with these settings, so there is nothing to learn: take another seed or less noise.' };
  const values = singularValues(matrix, (fraction) => progress('singular values of ΔW*', fraction));
  cache.target = { key, drawing: seen, matrix, norm, values, triplets: null };
  return cache.target;
}

function sameEntries(a: Matrix64 | null, b: Matrix64 | null): boolean {
  if (a === null || b === null) return a === b;
  return a.rows === b.rows && a.cols === b.cols && a.data.every((value, i) => value === b.data[i]);
}

/** ‖s·B·A‖_F/‖W₀‖_F: by how much the start changes the layer; 0 where a factor is zero. */
export function perturbation({ A, B, base }: Pick<Layer, 'A' | 'B' | 'base'>, scaling: number): number {
  // ‖B·A‖_F = ‖R_B·R_Aᵀ‖_F with B = Q_B·R_B and Aᵀ = Q_A·R_A: no d × k matrix.
  return (scaling * frobenius(multiply(qrR(B), transpose(qrR(transpose(A)))))) / frobenius(base);
}
