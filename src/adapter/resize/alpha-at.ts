import type { Module } from '../model.ts';

/** α with which a module of another rank has the same s: s·r′, with rsLoRA s·√r′. null where s needs none or is not known. */
export function alphaAt(module: Module, rank: number): number | null {
  const { alpha, rule } = module;
  if (alpha === null || rule === 'scale') return null;
  if (rank === module.rank) return alpha;
  // α·r′/r and not s·r′: α = 8 of rank 8 becomes exactly 5 at rank 5.
  return rule === 'α/r' ? (alpha * rank) / module.rank : alpha * Math.sqrt(rank / module.rank);
}

/** s of a module with this α at this rank. */
export function scalingAt(module: Module, alpha: number | null, rank: number): number {
  if (alpha === null || module.rule === 'scale') return module.scaling ?? 1;
  return module.rule === 'α/r' ? alpha / rank : alpha / Math.sqrt(rank);
}
