import type { MemoryParts } from '../model/counts.ts';

export interface MemoryBar {
  readonly name: string;
  readonly parts: MemoryParts;
}

export interface MemoryScene {
  readonly bars: readonly MemoryBar[];
  /** Graphics cards, GiB. */
  readonly cards: readonly number[];
}

export const PARTS = [
  'weights',
  'gradients',
  'optimiser',
  'activations',
] as const satisfies readonly (keyof MemoryParts)[];

/** GiB as the board prints them: 12.6, 0.06. */
export function gibText(gib: number): string {
  if (gib === 0) return '0';
  if (gib < 0.005) return '<0.01';
  if (gib >= 999.5) return Math.round(gib).toLocaleString('en');
  return gib.toFixed(gib < 0.995 ? 2 : 1);
}
