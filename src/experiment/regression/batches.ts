import { permutation, type Stream, stream } from '../../math/random.ts';
import { type Order, stepsPerEpoch } from './order.ts';

export interface Batches {
  /** Samples of a step; the last step of an epoch may have fewer. */
  readonly size: number;
  /** Column indices of the samples of a step, from 0: those of entry t of a trace. Any step, in any order. */
  readonly at: (step: number) => Int32Array;
}

/** Samples of the batch of a step: `size`, and the rest of n in the last step of an epoch in which every sample comes. */
export function samplesAt(step: number, n: number, size: number, order: Order): number {
  const steps = stepsPerEpoch(n, size);
  return order === 'epochs' && step % steps === steps - 1 ? n - (steps - 1) * size : size;
}

/** Whether some batches are smaller than others. */
export const hasSmallerBatch = (n: number, size: number, order: Order): boolean => order === 'epochs' && n % size > 0;

/**
 * Mini-batches of `size` of n samples, a function of the seed, n, the size and the order alone. Any step can be computed
 * without those before it: an engine that goes back and a replay get the same lists. If size = n every batch is
 * 0 … n − 1 in order. Throws RangeError unless 1 ≤ size ≤ n.
 *
 * `drop-last`, `epochs`: every epoch is a permutation of its own stream ('batches 0', 'batches 1', …), as of PyTorch's
 * DataLoader with shuffle=True. With drop_last=True it is cut into ⌊n/size⌋ batches and the rest is left out; with
 * drop_last=False the last of ⌈n/size⌉ batches has the rest. Where size divides n both are the same.
 * `random`: every sample of every step is drawn from all, as of RandomSampler(replacement=True): a batch may have one
 * twice. Every step has its own stream ('draws 0', 'draws 1', …).
 */
export function batchesOf(
  n: number,
  size: number,
  streams: (purpose: string) => Stream,
  order: Order = 'drop-last',
): Batches {
  if (!(Number.isInteger(size) && size >= 1 && size <= n))
    throw new RangeError(`no batches of ${size} of ${n} samples`);
  const all = Int32Array.from({ length: n }, (_, i) => i);
  if (size === n) return { size, at: () => all.slice() };
  if (order === 'random')
    return {
      size,
      at(step) {
        const source = streams(`draws ${step}`);
        return Int32Array.from({ length: size }, () => source.integer(n));
      },
    };
  const perEpoch = order === 'epochs' ? stepsPerEpoch(n, size) : Math.floor(n / size);
  let kept: { readonly epoch: number; readonly order: Int32Array } = { epoch: -1, order: all };

  function orderOf(epoch: number): Int32Array {
    if (epoch !== kept.epoch) kept = { epoch, order: permutation(n, streams(`batches ${epoch}`)) };
    return kept.order;
  }

  return {
    size,
    at(step) {
      const first = (step % perEpoch) * size;
      return orderOf(Math.floor(step / perEpoch)).slice(first, first + size);
    },
  };
}

export interface BatchSettings {
  readonly seed: number;
  readonly batch: number;
  readonly order: Order;
}

export function batchesOfLink({ seed, batch, order }: BatchSettings, n: number): Batches {
  return batchesOf(n, Math.min(batch, n), (purpose) => stream(seed, purpose), order);
}
