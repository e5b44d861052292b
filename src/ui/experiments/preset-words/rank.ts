import { TRAIN, type WordsByName } from './preset-words.ts';

export const words: WordsByName = {
  sunglasses: {
    claim:
      'W₀ is an owl. At rank 8, ΔW learns a good pair of sunglasses: training ends within 1% of 0.073, the smallest error that any rank-8 matrix can have.',
    watch:
      'W begins as the same owl as W₀, then wears what ΔW has learned. At rank 1, one column times one row is only a dark bar, and the eyes shine through.',
    limits:
      'Some seeds need up to 400 steps to come this close. Sunglasses have few directions: an edit of many small spots would need a far higher rank (see the confetti).',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1, alpha: 2 } }],
  },

  hat: {
    claim:
      'The first four directions of the hat hold 99.8% of its energy: at rank 4 training ends within 1% of the best possible error, 0.040.',
    watch:
      'At rank 4 the hat in W looks complete. Set the rank to 1: the crown is there, but the brim is a smear. Every direction adds an edge.',
    limits:
      'A hat is made of rectangles that lie along rows and columns, the easiest shapes for a low rank. The same hat worn at an angle would need many more directions.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1, alpha: 2 } }],
  },

  confetti: {
    claim:
      'Confetti spreads over 60 directions, none of them much stronger than the next: at rank 8 no matrix gets below an error of 0.63, and training ends there.',
    watch:
      'The singular values of ΔW* fall slowly. W shows faint spots with ghosts along their rows and columns. Set the rank to 32: with half of all directions, ghosts remain.',
    limits:
      'A high rank does learn it: the error at rank 32 is 0.087, and at rank 60 it could be 0. But above rank 32 LoRA trains more numbers than W₀ has.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32, alpha: 64 } }],
  },

  picture: {
    claim:
      'At rank 8, training ends within 2% of the best that any rank-8 matrix can do; at rank 32 the picture is sharper.',
    watch:
      'ΔW fills in from blank paper, large shapes first; the error falls to the dashed floor and stays there. At a fixed learning rate Adam keeps A and B moving, so from about step 120 the gradient of B rises again.',
    limits: 'The floor is about the error of the matrix. A picture with many fine rings needs more steps to reach it.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1 } }, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'true-rank': {
    claim:
      'With a target of true rank 8 and a little noise, the floor falls steeply up to r = 8, and a run at rank 8 leaves only the noise.',
    watch:
      'The spectrum of ΔW* drops sharply after i = 8; the error settles at the size of the noise, 5% of the signal.',
    limits: 'Real updates rarely drop so sharply: compare the decay target.',
    acts: [TRAIN],
  },

  'rank-floor': {
    claim:
      'With σᵢ = 1/√i, a run ends at the Eckart–Young floor of its rank; even half of all directions leave an error of 0.36.',
    watch: 'Train, raise the rank and train again: each run falls to the dashed curve and stays there.',
    limits: 'The floor bounds the error of the matrix, which equals the loss only when the inputs are white.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'flat-spectrum': {
    claim: 'A rotation has a flat spectrum: at rank r, no run can get below an error of √(1 − r/d).',
    watch:
      'All singular values of ΔW* are 1, so no direction is worth more than another, and the floor falls slowly to the very end.',
    limits: 'This is the worst case for low rank; updates in practice have falling spectra.',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'unused-rank': {
    claim: 'With 32 directions for a hat of rank 8, the effective rank of ΔW settles at that of the hat: 2.9.',
    watch: 'The cap is at 32; the effective rank of ΔW comes down to that of ΔW*.',
    limits: 'Noise in the target raises it, and so does a learning rate large enough to stir up unused directions.',
    acts: [TRAIN],
  },

  'rank-regularises': {
    claim:
      'With 48 noisy samples of an update of true rank 4, the held-out loss is lowest at r = 4: a smaller rank misses part of the update, a larger one learns the noise.',
    watch:
      'At r = 16 the training loss sinks below the held-out floor while the held-out loss turns and rises. At r = 4 the held-out loss ends lower.',
    limits:
      'With many samples (try 1,024) or little noise, a larger rank does no harm. This run trains to the end; stopping early would also regularise.',
    acts: [TRAIN, { label: 'Set rank 4', does: { rank: 4 } }],
  },

  'two-tasks': {
    claim:
      'A hat at rank 4 ends at an error of 0.040, sunglasses at rank 8 at 0.073. Both in one update need more: 0.136 at rank 8, and below 0.073 only from rank 11.',
    watch:
      'One update has to learn two edits that share next to no directions, so their ranks nearly add up. At rank 4 both are there, with ghosts along their rows and columns; every further direction goes to the edit that has more left to gain.',
    limits:
      'Two edits that share directions need less: a second pair of sunglasses in the same rows would cost nothing. The edits are painted on the owl: press b to add a third.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [
      TRAIN,
      { label: 'Set rank 4', does: { rank: 4, alpha: 8 } },
      { label: 'Set rank 12', does: { rank: 12, alpha: 24 } },
    ],
  },
};
