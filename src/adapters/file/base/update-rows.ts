import { allFinite, type Matrix64, rowsOf, scale, transpose } from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products.ts';
import { readFactors, readRows } from '../factors.ts';
import { safeName } from '../faults.ts';
import type { ByteSource, Fault, Module } from '../model.ts';
import type { BaseWeight } from './base-weights.ts';

/** s·ΔW of a module, as it is added to the base's tensor: row by row of that tensor, in float64. */
export interface UpdateRows {
  /** `count` rows from row `first` on, written over what is there. */
  readonly fill: (first: number, count: number, into: Float64Array) => void;
  /** L·R of a pair, s in L; null for another kind. */
  readonly pair: { readonly L: Matrix64; readonly R: Matrix64 } | null;
}

/** A Fault if α is not known, a number is not finite, or the module is no pair and its W₀ lies turned. */
export async function updateRows(
  source: ByteSource,
  module: Module,
  { cols, turned }: BaseWeight,
): Promise<UpdateRows | Fault> {
  const { kind, scaling: s, start } = module;
  if (s === null)
    return { fault: 'α is not known.', details: `Without it the size of ΔW of ${safeName(module.name)} is not known.` };
  if (start)
    return {
      fault: `An adapter that began from W₀ (${start}) does not say ΔW.`,
      details: `PEFT takes its start off W₀ as it loads the file: s·B·A of ${safeName(module.name)} is not what training changed.`,
    };
  if (kind !== 'lora') return otherRows(source, module, s, cols, turned);
  const factors = await readFactors(source, module);
  if ('fault' in factors) return factors;
  const { B, A } = factors;
  if (!allFinite(B) || !allFinite(A)) return notFinite(module);
  const [L, R] = turned ? [scale(transpose(A), s), transpose(B)] : [scale(B, s), A];
  return {
    fill(first, count, into) {
      into.fill(0);
      multiplyInto(rowsOf(L, first, count).data, R.data, into, count, L.cols, cols);
    },
    pair: { L, R },
  };
}

const notFinite = ({ name }: Module): Fault => ({
  fault: 'There is NaN or an infinity in the adapter.',
  details: `ΔW of ${safeName(name)} is not known.`,
});

async function otherRows(source: ByteSource, module: Module, s: number, cols: number, turned: boolean) {
  const write = turned ? null : await readRows(source, module);
  if (!write)
    return { fault: `${safeName(module.name)} cannot be formed.`, details: 'Its W₀ lies turned, and it is no pair.' };
  const fill: UpdateRows['fill'] = (first, count, into) => {
    for (let i = 0; i < count; i++) write(first + i, into.subarray(i * cols, (i + 1) * cols));
    for (let i = 0; i < into.length; i++) into[i] *= s;
  };
  return { fill, pair: null };
}
