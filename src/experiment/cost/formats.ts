/** Bytes of a number as it is stored. */
export const NUMBER_BYTES = { f32: 4, bf16: 2 } as const;
export type NumberFormat = keyof typeof NUMBER_BYTES;
export const FORMAT_NAMES: Readonly<Record<NumberFormat, string>> = { f32: 'float32', bf16: 'bfloat16' };

/** How the frozen matrices of the third bar are stored. */
export type BaseFormat = 'nf4' | 'int8';
export const BASE_NAMES: Readonly<Record<BaseFormat, string>> = { nf4: 'NF4, 4 bits', int8: '8 bits' };

/** What an optimiser keeps for each number that it trains. */
export const OPTIMISER_BYTES = {
  sgd: 0,
  momentum: 4,
  adam: 8,
  // Two moments of 8 bits, and for each block of 256 of either one scale in float32.
  adam8: 2 + (2 * 4) / 256,
} as const;
export type OptimiserKind = keyof typeof OPTIMISER_BYTES;
export const OPTIMISER_LABELS: Readonly<Record<OptimiserKind, string>> = {
  sgd: 'SGD, nothing kept',
  momentum: 'Momentum, 4 bytes per number',
  adam: 'Adam, 8 bytes per number',
  adam8: '8-bit Adam, 2 bytes per number',
};

/** Bytes of one number in NF4: 4 bits, and its part of the scales. */
export function nf4Bytes(block: number, group: number): number {
  // One scale for each block: float32, or one byte and a float32 for each group of blocks.
  const scale = group > 0 ? 1 + 4 / group : 4;
  return 0.5 + scale / block;
}
