import { type Matrix32, multiply, scale, transpose } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { batchesOf } from '../regression/batches.ts';
import { inputFacts } from '../regression/covariance.ts';
import { rowSpace } from '../regression/floors.ts';
import { pickColumns, residualLabels } from '../regression/loss.ts';
import { residualsOf } from '../regression/residuals.ts';
import { samplesOf } from '../regression/samples.ts';
import type { Experiment } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import type { Report } from '../targets/target.ts';
import type { CachedSamples, CachedTarget, LayerCache } from './cache.ts';
import { once } from './cached-matrices.ts';

/** Samples kept out of training. */
const HELD_OUT = 256;

/** Up to this min(k, samples) X is decomposed for the floor of the training loss. */
const LARGEST_SPACE = 512;

/** Samples a step: never more than there are. */
export function batchOf({ batch, samples }: Pick<Experiment, 'batch' | 'samples'>): number {
  return Math.min(batch, samples);
}

/** Training and held-out samples; null where the target has none. */
export function cachedSamples(
  e: Experiment,
  base: Matrix32,
  target: CachedTarget,
  cache: LayerCache,
  report: Report,
): CachedSamples | null {
  if (targets.byName(e.target).kind !== 'samples') return null;
  const { d, k, samples: n, condition, labelnoise, seed } = e;
  const key = JSON.stringify([target.key, n, condition, labelnoise]);
  if (cache.samples?.key === key) return cache.samples;
  report('samples', 0);
  const streams = (purpose: string) => stream(seed, purpose);
  const progress = (fraction: number) => report('labels', fraction);
  const settings = { d, k, n, heldOut: HELD_OUT, condition, labelNoise: labelnoise, base, update: target.matrix };
  const samples = samplesOf({ ...settings, streams, progress });
  const batches = (size: number) => batchesOf(n, size, streams);
  const gradient = (batch: number) => {
    const first = batches(batch).at(0);
    const X = pickColumns(samples.X, first);
    const R = residualLabels(base, { X, Y: pickColumns(samples.Y, first) });
    return scale(multiply(R, transpose(X)), -1 / first.length);
  };
  const facts = inputFacts(samples.X);
  report('samples', 1);
  const decomposed = Math.min(k, n) <= LARGEST_SPACE;
  const space = once((to) => (decomposed ? rowSpace(samples.X, (fraction) => to('the inputs', fraction)) : null));
  const drawn = { ...samples, noise: labelnoise };
  const residuals = once((to) => residualsOf(base, target.matrix, drawn, space(to), to));
  cache.samples = { ...drawn, key, facts, batches, gradient, rowSpace: space, residuals };
  return cache.samples;
}
