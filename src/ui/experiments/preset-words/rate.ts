import { TRAIN, type WordsByName } from './preset-words.ts';

export const words: WordsByName = {
  'best-rate': {
    claim:
      'With Adam, one learning rate suits every rank: from rank 1 to 32, under α/r, α/√r and s = 1, the best lies between 0.01 and 0.05.',
    watch:
      'The green stays in the same columns from the top row to the bottom one, in all three panels: a rate that was tuned at a low rank can be kept when the rank is raised.',
    limits:
      'With SGD this is wrong under α/r (see the next experiment). At rank 32, 100 steps are too few to reach the floor: there 0.02 ends up to 1.7 times above the best, depending on the seed. Larger weights need smaller rates.',
    source: 'LoRA, arXiv 2106.09685; rsLoRA, arXiv 2312.03732',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'largest-rate': {
    claim:
      'With SGD, the largest rate that trains grows 100 times from rank 1 to 32 under α/r, 10 times under α/√r, and not at all under s = 1: under α/r one rate does not fit all ranks.',
    watch:
      'The edge where runs diverge is a staircase under α/r, a flatter one under α/√r, and upright under s = 1. Just left of it training is fastest.',
    limits:
      'On a 1-2-5 grid of rates; the edge is the same with 100 steps and with 300. With Adam nothing diverges up to a rate of 1, at any rank: it divides by the size of the gradient.',
    source: 'rsLoRA, arXiv 2312.03732; measured here',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'scaling-rule': {
    claim:
      'With SGD at one learning rate, a higher rank helps only under α/√r. Under α/r the error turns at rank 16 and rises again: at rank 64 it is 0.94, against 0.47.',
    watch:
      'Under α/r the gradient of B at step 0 falls as 1/√r, so a run at a high rank hardly moves in 100 steps. Under α/√r it stays level.',
    limits: 'Switch to Adam and the difference is gone. So it is with a rate tuned for each rank, or with more steps.',
    source: 'rsLoRA, arXiv 2312.03732',
    acts: [TRAIN, { label: 'Set rank 64', does: { rank: 64 } }, { label: 'Use α/√r', does: { scaling: 'rslora' } }],
  },

  'where-the-zero-goes': {
    claim:
      'With B = 0 and A of variance 1/k, SGD trains at four times the rate that A = 0 and B of variance 1/r allow, and reaches the floor; the other does not get there in 100 steps.',
    watch:
      'Try a rate of 0.2: B = 0 is at the floor after 100 steps, A = 0 diverges. At 0.05, where both train, A = 0 has hardly moved.',
    limits:
      'Here it is the variance that matters, not the side: B = 0 with A of variance 1/r diverges at the same rate as A = 0. With Adam both reach the floor, each at a rate of its own.',
    source: 'arXiv 2406.08447',
    acts: [
      TRAIN,
      { label: 'Make A zero', does: { init: 'init-b' } },
      { label: 'B zero, A with 1/r', does: { init: 'gaussian' } },
    ],
  },

  'two-rates': {
    claim:
      'A larger learning rate for B gains nothing here once the rate is tuned: each at its best rate, λ = 4 ends about a tenth above λ = 1, and λ = 16 about 1.6 times as high.',
    watch: 'With a larger λ the best rate of A moves to the left. The best cell of each row says what λ is worth.',
    limits:
      'The target is linear, and the inputs are white. On non-linear networks LoRA+ reports gains of about a tenth. At one low rate a larger λ looks better: it is only a larger rate.',
    source: 'LoRA+, arXiv 2402.12354',
    acts: [TRAIN, { label: 'Set λ = 4', does: { ratio: 4 } }, { label: 'Set λ = 16', does: { ratio: 16 } }],
  },
};
