import { optimiser } from '../optimiser.ts';

export const momentum = optimiser({
  name: 'momentum',
  place: 2,
  label: 'mom.',
  explanation: 'Gradient descent with momentum 0.9: steps add up while the gradient keeps its direction.',
  formula: 'v ← 0.9·v + g,  θ ← θ − lr·v',
  moments: 1,
  rate: (q) => 0.3 / q,
  hasEdge: false,
});
