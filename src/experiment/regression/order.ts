/** How samples are put into batches (batches.ts), by the word of a link. */
export const ORDERS = {
  'drop-last': 'drop last',
  epochs: 'epochs',
  random: 'at random',
} as const;
export type Order = keyof typeof ORDERS;

/** Steps of an epoch in which every one of n samples comes once: ⌈n/size⌉. */
export const stepsPerEpoch = (n: number, size: number): number => Math.ceil(n / size);
