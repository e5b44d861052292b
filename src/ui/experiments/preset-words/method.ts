import { TRAIN, type WordsByName } from './preset-words.ts';

export const words: WordsByName = {
  'which-adapter': {
    claim:
      'With at most about 1,024 trained parameters (IA³: 64), each of six kinds of update has an adapter that leaves nothing but its noise. On an update without structure the best of nine leaves 0.53.',
    watch:
      'A row of the map is the change that a task needs, a column all that an adapter can write. The numbers are floors: no rate and no number of steps goes below them.',
    limits:
      'One matrix of 64 × 64. The floors of HiRA and DoRA are the lowest found, and training may pass them. IA³ has 64 parameters here, whatever the budget.',
    source: 'docs/methods.md; measured here',
    acts: [
      TRAIN,
      { label: 'Use OFT', does: { method: 'oft', block: 32 } },
      { label: 'Use LoRA', does: { method: 'lora' } },
    ],
  },

  foretold: {
    claim:
      'From the aligned start each step of SGD is known before the first one: the run stays within a millionth of the dashes. From orthonormal rows of A the dashes are those of a gradient flow, and the run stays within 0.07 of them.',
    watch:
      'The dashes and their rings, at 90% of each direction, are there before the run, which then lands on them. The largest direction comes first.',
    limits:
      'A law holds for SGD here, and for the exact step of Muon from the aligned start. From Kaiming only the error is predicted below rank 8; for Adam nothing is.',
    source: 'docs/predicted.md; the flow: Saxe, McClelland and Ganguli, arXiv 1312.6120',
    acts: [
      TRAIN,
      { label: 'Start from orthonormal rows', does: { init: 'orthonormal' } },
      { label: 'Start from Kaiming', does: { init: 'kaiming-uniform' } },
    ],
  },

  'muon-order': {
    claim:
      'At rank 16, SGD learns the four directions of ΔW* from the largest to the smallest. The exact step of Muon learns them from the smallest to the largest.',
    headline: 'SGD learns the largest direction first, the exact step of Muon the smallest.',
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

  'out-of-reach': {
    claim:
      'W₀ is turned, each half of its rows by a rotation of its own. OFT writes exactly that and ends below an error of 0.05; LoRA with about as many trained parameters stays near 0.73, its floor.',
    watch:
      'All 64 singular values of ΔW* are of one size. OFT’s ΔW has as many; LoRA’s has eight, and no rate or number of steps changes that.',
    limits:
      'The blocks of OFT are those of the target here. One block of 64 rows would need 2,016 numbers, and on an update of low rank OFT leaves 0.87.',
    source: 'OFT, arXiv 2306.07280; measured here',
    acts: [TRAIN, { label: 'Use LoRA', does: { method: 'lora' } }],
  },

  'sparse-noise': {
    claim:
      'On an update without any structure, SHiRA trains the 1,024 entries with the largest first gradient and ends at 0.53. LoRA has as many trained parameters at rank 8 and ends at 0.79.',
    watch:
      'A quarter of the entries of Gaussian noise holds 72% of its energy, if it is the largest quarter. The eight largest directions hold 37%.',
    limits: 'SHiRA has to store its places, too. On an update of low rank it loses: 0.50 against 0.04.',
    source: 'SHiRA, arXiv 2406.13175; measured here',
    acts: [
      TRAIN,
      { label: 'Use LoRA', does: { method: 'lora' } },
      { label: 'Random places', does: { method: 'shira', places: 'random' } },
    ],
  },

  'detached-norm': {
    claim:
      'On a target that scales the rows of W₀, DoRA reaches an error of 0 in principle. With Adam and the norm detached, as PEFT trains it, the error after 600 steps is more than three times that with the exact gradient.',
    watch:
      'The gradient leaves out how the norm of a row depends on B and A, so B·A keeps growing along the row, and the magnitudes run after it.',
    limits: 'On low-rank targets and rotations both norms end equal, and SGD reaches 0 with either.',
    source: 'DoRA, arXiv 2402.09353; PEFT detaches the norm; measured here',
    acts: [
      TRAIN,
      { label: 'Use the exact norm', does: { norm: 'exact' } },
      { label: 'Use SGD', does: { norm: 'detached', opt: 'sgd' } },
    ],
  },

  'quantised-start': {
    claim:
      'In NF4 W₀ is 9% off, or 0.26 of ‖ΔW*‖, which is 0.35 of ‖W₀‖ here. LoftQ’s A and B bring the layer to within 7.3% before the first step, and yet it ends where NF4 from B = 0 ends: both have the floor of the same Q, an error of 0.22 to 0.24, where W₀ in full precision allows 0.044.',
    headline: 'LoftQ starts nearer to W₀ than NF4 with B = 0, and ends where that ends.',
    watch:
      'The target shows the grain of the quantisation: ΔW has to become ΔW* + W₀ − Q, and eight directions hold all of ΔW* but little of W₀ − Q. LoftQ only has the first part of that way behind it.',
    limits:
      'QPiSSA starts as near as LoftQ and ends at 0.85 to 0.87: its eight directions would have to hold the largest of W₀ and ΔW* at once. If ΔW* lies along those of W₀ (alignment 1, true rank 4), it ends below both: 0.26 against 0.31.',
    source: 'LoftQ, arXiv 2310.08659; QLoRA, arXiv 2305.14314; PiSSA, arXiv 2404.02948; measured here',
    acts: [
      TRAIN,
      { label: 'Use QPiSSA', does: { init: 'qpissa' } },
      { label: 'Use full precision', does: { quant: 'none', init: 'kaiming-uniform' } },
      { label: 'Merge it', does: 'merge' },
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
