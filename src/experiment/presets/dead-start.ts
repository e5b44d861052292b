import { preset } from '../preset.ts';

export const deadStart = preset({
  name: 'dead-start',
  place: 4,
  label: 'Dead start: A = B = 0',
  claim: 'With both factors zero both gradients are exactly zero, and nothing ever moves.',
  watch:
    'Both gradient norms lie on the row of exact zeros; the error stays exactly 1. Choose any other start and train again.',
  limits: 'Exact: it holds for every target, rank, optimiser and learning rate.',
  link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&init=both-zero',
});
