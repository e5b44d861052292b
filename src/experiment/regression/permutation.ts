import type { Stream } from '../../math/random.ts';

/** 0 … n − 1 in an order drawn uniformly (Fisher and Yates, from the last place down): n − 1 draws of the stream. */
export function permutation(n: number, source: Stream): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
