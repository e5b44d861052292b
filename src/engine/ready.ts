import type { Layer } from '../experiment/layer.ts';
import { frobenius } from '../math/matrix.ts';
import type { ReadyMessage } from '../protocol/ready.ts';
import { sentOf, startOf } from './drawn.ts';

/** What is known of a run beside its layer. */
type Known = Pick<ReadyMessage, 'run' | 'engine' | 'rate' | 'secondsPerStep' | 'bytes'>;

/** Copies of what the page shows of a layer: the worker keeps its own for the next run. */
export function readyOf(layer: Layer, known: Known): ReadyMessage {
  const { d, k, rank, facts, base, targetNorm, spectrum, A, B } = layer;
  return {
    type: 'ready',
    ...known,
    facts,
    d,
    k,
    rank,
    ...sentOf(layer),
    ...startOf(layer),
    targetNorm,
    baseNorm: frobenius(base),
    targetSpectrum: spectrum.values.slice(),
    targetKnown: { how: spectrum.how, error: spectrum.error, open: spectrum.open?.slice() },
    A: A.data.slice(),
    B: B.data.slice(),
  };
}
