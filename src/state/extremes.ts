import type { ExtremesMessage } from '../protocol/frame.ts';

/** The largest entries of blocks at a step, as they are drawn. */
export type KeptExtremes = Omit<ExtremesMessage, 'type' | 'run'>;

/** Of a module. Each is three planes of 256 kB. */
const MOST = 16;

/**
 * Adds those of a step in their place; where there are too many of their module, every second one of it goes, the first
 * and the last stay.
 */
export function keepExtremes(
  kept: readonly KeptExtremes[],
  { module, step, W, dW, E }: KeptExtremes,
): readonly KeptExtremes[] {
  const others = kept.filter((k) => k.module !== module);
  const before = kept.filter((k) => k.module === module && k.step !== step);
  const all = [...before, { module, step, W, dW, E }].sort((a, b) => a.step - b.step);
  return [...others, ...(all.length > MOST ? all.filter((_, i) => i % 2 === 0 || i === all.length - 1) : all)];
}

/** The newest of a module at or before a step; null where none are known. */
export function extremesAt(kept: readonly KeptExtremes[], module: string, step: number): KeptExtremes | null {
  return kept.findLast((k) => k.module === module && k.step <= step) ?? null;
}
