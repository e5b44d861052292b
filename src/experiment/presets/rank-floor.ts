import { preset } from '../preset.ts';

export const rankFloor = preset({
  name: 'rank-floor',
  place: 3,
  label: 'The rank floor',
  claim:
    'With σᵢ = 1/√i a run ends on the Eckart–Young floor of its rank; even half of all directions leaves an error of 0.36.',
  watch: 'Train, raise the rank, train again: each run falls to the dashed curve and stops there.',
  limits: 'The floor bounds the matrix error, which is the loss for white inputs only.',
  link: '#v=1&target=decay&d=128&k=128&rank=8&alpha=16&law=power&rate=0.5&steps=600',
});
