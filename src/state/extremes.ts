import type { ExtremesMessage } from '../protocol/frame.ts';

/** The largest entries of blocks at a step, as they are drawn. */
export type KeptExtremes = Omit<ExtremesMessage, 'type' | 'run'>;

/** Each is three planes of 256 kB. */
const MOST = 16;

/** Adds those of a step in their place; where there are too many, every second one goes, the first and the last stay. */
export function keepExtremes(kept: readonly KeptExtremes[], { step, W, dW, E }: KeptExtremes): readonly KeptExtremes[] {
  const others = kept.filter((k) => k.step !== step);
  const all = [...others, { step, W, dW, E }].sort((a, b) => a.step - b.step);
  return all.length > MOST ? all.filter((_, i) => i % 2 === 0 || i === all.length - 1) : all;
}

/** The newest at or before a step; null where none are known. */
export function extremesAt(kept: readonly KeptExtremes[], step: number): KeptExtremes | null {
  return kept.findLast((k) => k.step <= step) ?? null;
}
