import type { BlockName } from './blocks.ts';

/** Of one training step, in the order in which they are computed. */
export type Stage = 'z' | 'u' | 'h' | 'delta' | 'gradB' | 'gradA' | 'update';

/** As their tabs say them: in full, and where there is little room. */
export const STAGES: Readonly<Record<Stage, { readonly name: string; readonly short: string }>> = {
  z: { name: 'z = Ax', short: 'z' },
  u: { name: 'u = Bz', short: 'u' },
  h: { name: 'h = W₀x + s·u', short: 'h' },
  delta: { name: 'δ = ∂L/∂h', short: 'δ' },
  gradB: { name: '∂L/∂B', short: '∂L/∂B' },
  gradA: { name: '∂L/∂A', short: '∂L/∂A' },
  update: { name: 'update', short: 'update' },
};

const PARTS: Readonly<Record<Stage, readonly BlockName[]>> = {
  z: ['xA', 'A', 'zA'],
  u: ['zB', 'B', 'u'],
  h: ['xW', 'W0', 'base', 'u', 'baseH', 'scaledH', 'h'],
  delta: ['h', 'y', 'deltaH', 'delta'],
  gradB: ['delta', 'zG', 'gradB'],
  gradA: ['B', 'delta', 'back', 'xA', 'gradA'],
  update: ['A', 'B', 'gradA', 'gradB'],
};

/** Whether a block takes part in a stage: the others are pale. */
export const takesPart = (stage: Stage, block: BlockName) => PARTS[stage].includes(block);
