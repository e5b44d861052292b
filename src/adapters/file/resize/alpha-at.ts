import { named } from '../faults.ts';
import type { Module, WrittenType } from '../model.ts';
import { rounded, toBytes } from '../safetensors/numbers.ts';
import { NotWritten } from './not-written.ts';

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

/** Whether a type has a number for this α: one that is infinite or 0 in it would lose s. */
export function fits(alpha: number, type: WrittenType): boolean {
  const [kept] = rounded([alpha], type);
  return Number.isFinite(kept) && (kept !== 0 || alpha === 0);
}

/** The tensor of an α. Throws NotWritten where its type has no such number. */
export function alphaBytes({ name }: Pick<Module, 'name'>, alpha: number, type: WrittenType): Uint8Array<ArrayBuffer> {
  if (fits(alpha, type)) return toBytes([alpha], type);
  throw new NotWritten({
    fault: 'α does not fit its type.',
    details: `α of ${named(name)} is ${alpha}, beyond the range of ${type}.`,
  });
}
