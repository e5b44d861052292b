import { TRAIN, type WordsByName } from './preset-words.ts';

export const words: WordsByName = {
  'muon-order': {
    claim:
      'At rank 16, SGD learns the four directions of ΔW* from the largest to the smallest. The exact step of Muon learns them from the smallest to the largest.',
    watch:
      'A step of Muon has singular values of 1 whatever the gradient, so all four grow alike, and the one with the least to go arrives first. The singular values of ΔW rise together, and stop one by one.',
    limits:
      'The rank has to be well above the number of directions: at rank 4 the first three arrive together, and the smallest last. Near the target the steps do not shrink, so the error stays at about 0.02.',
    source: 'Muon, kellerjordan.github.io/posts/muon; measured here',
    acts: [
      TRAIN,
      { label: 'Use SGD', does: { opt: 'sgd' } },
      { label: 'Set rank 4', does: { rank: 4, opt: 'polar', steps: 200 } },
    ],
  },

  'any-start': {
    claim:
      'ScaledGD needs no rate of its own for a start: with η = 0.5 its loss never rises, and after 100 steps it is at the floor from each of four starts, zero or random, small or large. SGD from the same both-random start ends at 3.4 to 4.3 times it.',
    watch:
      'Its step divides by A·Aᵀ and Bᵀ·B, so that only the product counts: whether A is large and B small, or the other way round, the curve of the error is the same.',
    limits:
      'B and A move one after the other, each with a fresh error: twice the cost of a step. Both at once, as published, may rise if both start from random numbers.',
    source: 'ScaledGD, arXiv 2005.08898; Riemannian preconditioned LoRA, arXiv 2402.02347',
    acts: [
      TRAIN,
      { label: 'Use SGD', does: { opt: 'sgd' } },
      { label: 'Start from a Gaussian', does: { init: 'gaussian' } },
    ],
  },

  'signs-never-rest': {
    claim:
      'signSGD gets no closer to the target than its step is long: at the automatic rate the error ends at about 0.043, where SGD goes below a millionth. A quarter of the rate ends at about a quarter of the error.',
    watch:
      'After some 50 steps the error stops falling and starts to jitter. Each entry of A and B still moves by the learning rate in every step, forwards and backwards.',
    limits:
      'A rate that falls during the run lets it settle; here it is constant. Adam divides by a mean over many steps, and jitters less.',
    source: 'measured here',
    acts: [TRAIN, { label: 'Use SGD', does: { opt: 'sgd' } }, { label: 'Use Adam', does: { opt: 'adam' } }],
  },
};
