import { optimiser } from '../optimiser.ts';

export const sgd = optimiser({
  name: 'sgd',
  place: 1,
  label: 'SGD',
  explanation: 'Plain gradient descent: each step is the gradient times the learning rate.',
  formula: 'θ ← θ − lr·g',
  moments: 0,
  rate: (q) => 1 / q,
  hasEdge: true,
});
