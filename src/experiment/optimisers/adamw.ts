import { optimiser } from '../optimiser.ts';
import { adamRate } from './adam.ts';

export const adamw = optimiser({
  name: 'adamw',
  place: 4,
  label: 'AdamW',
  explanation: 'Adam with decoupled weight decay: θ also shrinks by 0.01·lr·θ each step.',
  formula: 'θ ← θ − lr·(m̂/(√v̂ + 10⁻⁸) + 0.01·θ)',
  moments: 2,
  rate: (_q, root) => adamRate(root),
  hasEdge: false,
});
