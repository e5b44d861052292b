/** How samples are put into batches (batches.ts), by the word of a link. */
export const ORDERS = {
  'drop-last': 'drop last',
  epochs: 'epochs',
  random: 'at random',
} as const;
export type Order = keyof typeof ORDERS;

/** Steps of an epoch in which every one of n samples comes once: ⌈n/size⌉. */
export const stepsPerEpoch = (n: number, size: number): number => Math.ceil(n / size);

/** Samples of the batch of a step: `size`, and the rest of n in the last step of an epoch in which every sample comes. */
export function samplesAt(step: number, n: number, size: number, order: Order): number {
  const steps = stepsPerEpoch(n, size);
  return order === 'epochs' && step % steps === steps - 1 ? n - (steps - 1) * size : size;
}

/** Whether some batches are smaller than others. */
export const hasSmallerBatch = (n: number, size: number, order: Order): boolean => order === 'epochs' && n % size > 0;
