import { type Matrix32, type Matrix64, toFloat32 } from '../math/matrix.ts';
import { largestSingularValue } from '../math/singular-values.ts';
import { frozenBase } from './frozen-base.ts';
import { inits } from './inits/index.ts';
import { keptBase, keptTarget } from './layer/kept.ts';
import { batchOf, keptSamples } from './layer/kept-samples.ts';
import { type LayerCache, layerCache } from './layer/layer-cache.ts';
import { type OutputDifference, outputDifference, probeInputs } from './layer/output-difference.ts';
import { startContext } from './layer/start-context.ts';
import { dataOf, type LayerData } from './layer-data.ts';
import type { Report } from './report.ts';
import { settingOf } from './setting.ts';
import type { Experiment } from './settings/params.ts';
import type { Facts } from './settings/rate.ts';
import { scalingOf } from './settings/scaling.ts';
import type { KnownValues } from './targets/spectrum.ts';
import type { Refusal } from './targets/target.ts';

export { goalOf } from './goal.ts';
export { type LayerCache, layerCache } from './layer/layer-cache.ts';

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
  /** What stays beside the adapter: W₀, or what is left of it where the start has moved a part into the adapter. */
  readonly frozen: Matrix32;
  /** Such a start, and how far the layer's output is from that of W₀; null where W₀ is left alone. */
  readonly moved: Moved | null;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
  /** Training and held-out samples; null on matrix targets. */
  readonly data: LayerData | null;
}

/** ΔW = W − W₀ = s·B·A − s₀·B₀·A₀ where a start has moved a part of W₀. */
export interface Moved {
  /** s₀, of the start. */
  readonly scaling: number;
  readonly output: OutputDifference;
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
  const { d, k, rank, seed } = e;
  const { cache = layerCache(), progress = () => {} } = options;
  const init = inits.byName(e.init);
  const why = init.unavailable?.(settingOf(e));
  if (why) return { why };

  const kept = keptBase(e, cache, progress);
  const base = kept.matrix;
  const target = keptTarget(e, drawing, base, cache, progress);
  if ('why' in target) return target;
  const samples = keptSamples(e, base, target, cache, progress);
  const wanted = init.needs?.includes('reference') || (options.vectors !== false && Math.min(d, k) <= VECTORS);
  const vectors = wanted ? target.triplets(progress) : null;

  progress('A and B', 0);
  const scaling = scalingOf(e);
  const task = samples && { inputs: samples.X, gradient: () => samples.gradient(batchOf(e)) };
  const start = init.draw(startContext(e, { base: kept, target, task }, progress));
  const [A, B] = [toFloat32(start.A), toFloat32(start.B)];
  const frozen = init.moves ? frozenBase(base, A, B, scaling) : base;
  const moved = init.moves
    ? { scaling, output: outputDifference({ base, frozen, A, B, scaling }, probeInputs(k, seed)) }
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
  const matrices = { base, frozen, target: target.matrix, targetNorm: target.norm, spectrum, A, B };
  const layer = { d, k, rank, ...matrices, facts, moved, frozenFactor, data: null };
  return samples ? { ...layer, data: dataOf(layer, samples, batchOf(e), progress) } : layer;
}
