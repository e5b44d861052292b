import type { OptimiserName } from '../../../experiment/optimisers.ts';

/** Which of the module's updates (module/index.as numbers them) an optimiser uses, and with what weight decay. */
interface Rule {
  readonly rule: 0 | 1 | 2;
  readonly decay: number;
}

export const rules = {
  sgd: { rule: 0, decay: 0 },
  momentum: { rule: 1, decay: 0 },
  adam: { rule: 2, decay: 0 },
  adamw: { rule: 2, decay: 0.01 },
} satisfies Record<OptimiserName, Rule>;

/**
 * Adam's bias corrections for updates t + 1, t + 2, … in rows of two: 1 − β₁ᵗ and 1/√(1 − β₂ᵗ). The module has no power
 * function, and a repeated product would drift.
 */
export function writeCorrections(rows: Float64Array, updates: number, t: number): void {
  for (let i = 0; i < updates; i++) {
    rows[2 * i] = 1 - 0.9 ** (t + 1 + i);
    rows[2 * i + 1] = 1 / Math.sqrt(1 - 0.999 ** (t + 1 + i));
  }
}
