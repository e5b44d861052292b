import { orthonormal } from '../../../math/factor/qr.ts';
import { type Matrix32, toFloat32 } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { compose } from '../../targets/draws.ts';
import { residualLabels } from '../loss.ts';
import { type SampleSettings, samplesOf } from '../samples.ts';

export interface Problem extends Partial<Omit<SampleSettings, 'base' | 'update' | 'streams'>> {
  readonly truerank?: number;
  readonly seed?: number;
}

export function problem(wanted: Problem = {}) {
  const { seed = 1, truerank = 3, ...rest } = wanted;
  const sizes = { d: 7, k: 6, n: 20, heldOut: 10, condition: 9, labelNoise: 0, ...rest };
  const { d, k } = sizes;
  const streams = (purpose: string) => stream(seed, purpose);
  const base = toFloat32(gaussian(d, k, streams('W0')));
  const ones = new Float64Array(truerank).fill(1);
  const [U, V] = [orthonormal(d, truerank, streams('target')), orthonormal(k, truerank, streams('target V'))];
  const update: Matrix32 = toFloat32(compose(U, ones, V));
  const samples = samplesOf({ ...sizes, base, update, streams });
  return { ...sizes, truerank, seed, streams, base, update, samples, R: residualLabels(base, samples) };
}
