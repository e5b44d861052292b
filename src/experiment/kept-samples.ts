import { type Matrix32, multiply, scale, transpose } from '../math/matrix.ts';
import { stream } from '../math/random.ts';
import type { KeptSamples, KeptTarget, LayerCache, Report } from './layer-cache.ts';
import type { Experiment } from './params.ts';
import { batchesOf } from './regression/batches.ts';
import { pickColumns, residualLabels } from './regression/loss.ts';
import { inputFacts } from './regression/moments.ts';
import { samplesOf } from './regression/samples.ts';
import { targets } from './targets/index.ts';

/** Samples kept out of training. */
export const HELD_OUT = 256;

/** Samples a step: never more than there are. */
export function batchOf({ batch, samples }: Pick<Experiment, 'batch' | 'samples'>): number {
  return Math.min(batch, samples);
}

/** Training and held-out samples; null where the target has none. */
export function keptSamples(
  e: Experiment,
  base: Matrix32,
  target: KeptTarget,
  cache: LayerCache,
  report: Report,
): KeptSamples | null {
  if (!targets.byName(e.target).hasSamples) return null;
  const { d, k, samples: n, condition, labelnoise, seed } = e;
  const key = JSON.stringify([target.key, n, condition, labelnoise]);
  if (cache.samples?.key === key) return cache.samples;
  report('samples', 0);
  const streams = (purpose: string) => stream(seed, purpose);
  const settings = { d, k, n, heldOut: HELD_OUT, condition, labelNoise: labelnoise, base, update: target.matrix };
  const samples = samplesOf({ ...settings, streams });
  report('samples', 0.7);
  const batches = (size: number) => batchesOf(n, size, streams);
  const gradient = (batch: number) => {
    const first = batches(batch).at(0);
    const X = pickColumns(samples.X, first);
    const R = pickColumns(residualLabels(base, samples), first);
    return scale(multiply(R, transpose(X)), -1 / first.length);
  };
  const facts = inputFacts(samples.X);
  report('samples', 1);
  cache.samples = { ...samples, key, facts, noise: labelnoise, batches, gradient };
  return cache.samples;
}
