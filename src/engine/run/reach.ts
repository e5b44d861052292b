import type { Module } from '../../experiment/layer/module.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import type { Entries, Factors, ModuleEntries } from '../steppers/stepper.ts';

/** Largest singular values of A and B of a module, or bounds of them from above. */
export interface Reach {
  readonly a: number;
  readonly b: number;
}

/** σ₁ of A, r × k, and of B, d × r, for each module. */
export function exactReach(factors: readonly Factors[], modules: readonly Module[]): readonly Reach[] {
  return modules.map(({ d, k, rank }, i) => ({
    a: largestSingularValue({ rows: rank, cols: k, data: factors[i].A }),
    b: largestSingularValue({ rows: d, cols: rank, data: factors[i].B }),
  }));
}

/** Bounds after the first `count` steps, or before them: an update moves σ₁ by no more than its Frobenius norm. */
export function reachAround(reach: readonly Reach[], { modules }: Entries, count: number): readonly Reach[] {
  return reach.map(({ a, b }, i) => ({
    a: a + moved(modules[i], 'updateNormA', count),
    b: b + moved(modules[i], 'updateNormB', count),
  }));
}

function moved(entries: ModuleEntries, name: 'updateNormA' | 'updateNormB', count: number): number {
  const norms = entries[name];
  let sum = 0;
  for (let i = 0; i < count; i++) sum += norms[i];
  return sum;
}

/** The larger of both, for each module. */
export const largest = (reach: readonly Reach[]): readonly number[] => reach.map(({ a, b }) => Math.max(a, b));
