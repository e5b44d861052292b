import { optimiser } from '../optimiser.ts';

/** The rate that Adam and AdamW share: at most 0.02, less where a step of that size would move s·B·A too far. */
export const adamRate = (root: number) => Math.min(0.02, 0.5 / root);

export const adam = optimiser({
  name: 'adam',
  place: 3,
  label: 'Adam',
  explanation: 'Every entry moves by about the learning rate, whatever the size of its gradient.',
  formula: 'm ← 0.9·m + 0.1·g,  v ← 0.999·v + 0.001·g²,  θ ← θ − lr·m̂/(√v̂ + 10⁻⁸)',
  moments: 2,
  rate: (_q, root) => adamRate(root),
  hasEdge: false,
});
