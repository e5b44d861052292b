import type { Figures } from '../../adapter/model.ts';

/** Figures of c·ΔW, from those of ΔW: ranks and shares stay. */
export function rescaled(figures: Figures, c: number): Figures {
  if (c === 1) return figures;
  const by = Math.abs(c);
  return { ...figures, sigma: figures.sigma.map((value) => value * by), frobenius: figures.frobenius * by };
}
