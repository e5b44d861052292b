import { permutation, type Stream, stream } from '../../math/random.ts';

export interface Batches {
  readonly size: number;
  /** Column indices of the samples of a step, from 0: those of entry t of a trace. Any step, in any order. */
  readonly at: (step: number) => Int32Array;
}

/**
 * Mini-batches of `size` of n samples, a function of the seed, n and the size alone. Every epoch is a permutation of
 * its own stream ('batches 0', 'batches 1', …), so that any step can be computed without those before it: an engine
 * that goes back and a replay get the same lists. It is cut into ⌊n/size⌋ batches; the rest is dropped (PyTorch's
 * drop_last), so that all batches have one size and none has a sample twice. If size = n every batch is 0 … n − 1 in
 * order. Throws RangeError unless 1 ≤ size ≤ n.
 */
export function batchesOf(n: number, size: number, streams: (purpose: string) => Stream): Batches {
  if (!(Number.isInteger(size) && size >= 1 && size <= n))
    throw new RangeError(`no batches of ${size} of ${n} samples`);
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const perEpoch = Math.floor(n / size);
  let kept: { readonly epoch: number; readonly order: Int32Array } = { epoch: -1, order: all };

  function orderOf(epoch: number): Int32Array {
    if (epoch !== kept.epoch) kept = { epoch, order: permutation(n, streams(`batches ${epoch}`)) };
    return kept.order;
  }

  return {
    size,
    at(step) {
      if (size === n) return all.slice();
      const first = (step % perEpoch) * size;
      return orderOf(Math.floor(step / perEpoch)).slice(first, first + size);
    },
  };
}

export function batchesOfLink({ seed, batch }: { readonly seed: number; readonly batch: number }, n: number): Batches {
  return batchesOf(n, Math.min(batch, n), (purpose) => stream(seed, purpose));
}
